//! Lists that no index answers have a share of the server, whoever asks for them.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::support::{Scim, SiteBuilder, user};

const HOSTILE: usize = 50;

async fn fill(scim: &Scim, users: usize) {
    let operations: Vec<Value> = (0..users)
        .map(|number| {
            let data = user(&format!("user-{number}@corp.example"));
            json!({"method": "POST", "path": "/Users", "bulkId": number.to_string(), "data": data})
        })
        .collect();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    });
    let reply = scim.send(reqwest::Method::POST, "/Bulk", Some(&body)).await;
    assert_eq!(reply.text.matches("\"status\":\"201\"").count(), users);
}

/// How often a scan was started, and refused, as the metrics have it.
async fn counted(ops_url: &str) -> (usize, usize) {
    let page = reqwest::get(format!("{ops_url}/metrics")).await.unwrap();
    let page = page.text().await.unwrap();
    let of = |event: &str| {
        let name = format!("scim_bridge_scim_scans_total{{event=\"{event}\"}} ");
        let value = page.lines().find_map(|line| line.strip_prefix(&name));
        value.map_or(0, |value| value.parse().unwrap())
    };
    (of("started"), of("refused"))
}

#[tokio::test]
async fn hostile_filters_get_their_share_and_look_ups_the_rest() {
    let site = SiteBuilder::default()
        .settings("[scan]\nmax_concurrent = 1\nmax_wait_seconds = 0")
        .start()
        .await;
    let scim = &site.scim;
    fill(scim, 600).await;
    let terms = vec!["emails[type eq \"home\" or value co \"nobody\"]"; 40].join(" or ");
    let filter: String = url::form_urlencoded::byte_serialize(terms.as_bytes()).collect();
    let path = format!("/Users?filter={filter}");
    let hostile = join_all((0..HOSTILE).map(|_| scim.get(&path)));
    let look_ups = join_all((0..HOSTILE).map(|number| async move {
        let path = format!("/Users?filter=userName%20eq%20%22USER-{number}@corp.example%22");
        scim.get(&path).await
    }));
    let (hostile, look_ups) = join(hostile, look_ups).await;
    for reply in &look_ups {
        assert_eq!(
            (reply.status, &reply.body["totalResults"]),
            (200, &json!(1))
        );
    }
    let mut answered = 0;
    for reply in &hostile {
        if reply.status == 200 {
            assert_eq!(reply.body["totalResults"], 0);
            answered += 1;
        } else {
            assert_eq!(reply.status, 503, "{}", reply.text);
            assert_eq!(reply.headers["retry-after"], "5");
        }
    }
    assert!(answered > 0, "the share is not nothing");
    assert_eq!(
        counted(&site.ops_url()).await,
        (answered, HOSTILE - answered)
    );
}
