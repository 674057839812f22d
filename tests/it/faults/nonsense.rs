//! Answers that make no sense are a failure of the appliance, never a lost change.

use appliance_sim::{Fault, FaultKind, Vendor};

use crate::support::{SiteBuilder, read_accounts};

fn status(status: u16, body: &str) -> FaultKind {
    FaultKind::Status {
        status,
        body: body.to_owned(),
        content_type: "text/plain".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_appliance_answers_the_change_arrives_in_the_end() {
    let nonsense = [
        ("html", FaultKind::HtmlPage),
        ("half a JSON", FaultKind::HalfBody),
        ("a truncated body", FaultKind::TruncateBody),
        (
            "a redirect",
            FaultKind::Redirect {
                location: "http://127.0.0.1:9/elsewhere".into(),
            },
        ),
        ("a dropped connection", FaultKind::DropBeforeHandling),
        ("500", status(500, "oh no")),
        ("503", status(503, "")),
        (
            "throttling",
            FaultKind::Throttle {
                retry_after_seconds: Some(0),
            },
        ),
    ];
    for (name, kind) in nonsense {
        let site = SiteBuilder::default()
            .appliance("box", Vendor::Foreman, "")
            .start()
            .await;
        site.control("box").inject(Fault::new(kind).times(2));
        let id = site.scim.create_user("ann.other@corp.example").await;
        site.settled(&[]).await;
        assert_eq!(
            site.link("box", &id).await.link.state.as_str(),
            "in_sync",
            "{name}"
        );
        assert_eq!(
            read_accounts(site.simulator("box")).await.len(),
            1,
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_appliance_said_is_recorded_without_its_body() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Foreman, "")
        .start()
        .await;
    site.control("box")
        .inject(Fault::new(status(500, "hash $6$secret-in-a-body")));
    let id = site.scim.create_user("ann.other@corp.example").await;
    site.until(|| async { site.link("box", &id).await.link.error.is_some() })
        .await;
    let error = site.link("box", &id).await.link.error.unwrap();
    assert_eq!(error.class, "unavailable");
    assert!(
        error.message.contains("500") && error.message.contains("box"),
        "{}",
        error.message
    );
    assert!(
        !error.message.contains("secret-in-a-body"),
        "{}",
        error.message
    );
}
