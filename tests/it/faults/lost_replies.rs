//! Writes whose answer never came.

use appliance_sim::{Fault, FaultKind, Vendor};
use serde_json::json;

use crate::support::{Site, SiteBuilder, read_account, read_accounts};

async fn site(vendor: Vendor) -> Site {
    SiteBuilder::default()
        .appliance("box", vendor, "")
        .start()
        .await
}

fn lost_reply(method: &str) -> Fault {
    Fault::new(FaultKind::DropAfterHandling)
        .on_method(method)
        .times(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_whose_answer_was_lost_is_found_again_and_not_repeated() {
    for (vendor, method) in [
        (Vendor::TrueNas, "POST"),
        (Vendor::FortiAuthenticator, "POST"),
        (Vendor::Foreman, "POST"),
    ] {
        let site = site(vendor).await;
        site.control("box").inject(lost_reply(method));
        let id = site.scim.create_user("ann.other@corp.example").await;
        site.settled(&[]).await;
        assert_eq!(
            read_accounts(site.simulator("box")).await.len(),
            1,
            "{vendor}"
        );
        assert_eq!(
            site.link("box", &id).await.link.state.as_str(),
            "in_sync",
            "{vendor}"
        );
        let creations = site
            .control("box")
            .journal()
            .iter()
            .filter(|call| call.method == method && !call.path.contains("token"))
            .count();
        assert_eq!(creations, 1, "{vendor}: looked up, not sent again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_whose_answer_was_lost_is_settled_by_looking() {
    let site = site(Vendor::TrueNas).await;
    let id = site.scim.create_user("ann.other@corp.example").await;
    site.settled(&[]).await;
    site.control("box").inject(lost_reply("DELETE"));
    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    assert!(site.links().await.is_empty());
    assert!(read_accounts(site.simulator("box")).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_whose_answer_was_lost_keeps_both_names_until_it_has_looked() {
    let site = site(Vendor::TrueNas).await;
    let id = site.scim.create_user("ann.other@corp.example").await;
    site.settled(&[]).await;
    site.control("box").inject(lost_reply("PUT"));
    site.scim
        .set(&id, "userName", json!("ann.new@corp.example"))
        .await;
    site.settled(&[]).await;
    assert!(
        read_account(site.simulator("box"), "ann.new")
            .await
            .is_some()
    );
    assert_eq!(read_accounts(site.simulator("box")).await.len(), 1);
    assert_eq!(
        site.link("box", &id)
            .await
            .link
            .progress
            .account_key
            .as_deref(),
        Some("ann.new")
    );
}
