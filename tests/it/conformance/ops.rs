//! Health and metrics.

use appliance_sim::Vendor;

use crate::support::SiteBuilder;

#[tokio::test(flavor = "multi_thread")]
async fn health_readiness_and_metrics_tell_how_it_is() {
    let site = SiteBuilder::default()
        .appliance("array", Vendor::Nimble, "")
        .start()
        .await;
    site.scim.create_user("ann@corp.example").await;
    site.settled(&[]).await;
    let get = async |path: &str| {
        let reply = reqwest::get(format!("{}{path}", site.ops_url()))
            .await
            .unwrap();
        (reply.status().as_u16(), reply.text().await.unwrap())
    };
    assert_eq!(get("/healthz").await.0, 200);
    let (status, body) = get("/readyz").await;
    assert_eq!(status, 200, "{body}");
    assert!(
        body.contains("delivery") && body.contains("store"),
        "{body}"
    );
    let (status, page) = get("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "appliance=\"array\",state=\"in_sync\"} 1",
        "outcome=\"done\"",
        "operation=\"create\"",
    ] {
        assert!(page.contains(line), "{line} is missing in\n{page}");
    }
    assert!(!page.contains("ann"), "names are nobody's business");
}
