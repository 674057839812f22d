//! The guard: a mass removal stops at its limit.

use appliance_sim::Vendor;

use crate::support::{SiteBuilder, read_accounts};

#[tokio::test(flavor = "multi_thread")]
async fn deletions_beyond_the_limit_are_held_and_listed() {
    let site = SiteBuilder::default()
        .appliance(
            "array",
            Vendor::Nimble,
            "guard = { max_deletes = 3, max_deletes_percent = 0 }",
        )
        .start()
        .await;
    let mut people = Vec::new();
    for number in 0..8 {
        people.push(
            site.scim
                .create_user(&format!("p{number}@corp.example"))
                .await,
        );
    }
    site.settled(&[]).await;
    for id in &people {
        site.scim.delete(&format!("/Users/{id}")).await;
    }
    site.settled(&[]).await;

    assert_eq!(read_accounts(site.simulator("array")).await.len(), 5);
    let links = site.links().await;
    assert_eq!(
        links.len(),
        5,
        "what is held stays linked, though the directory forgot it"
    );
    for link in links {
        assert_eq!(link.link.state.as_str(), "held");
        let error = link.link.error.unwrap();
        assert_eq!(error.class, "guard");
        assert!(error.message.contains("3 of 3"), "{}", error.message);
    }
}
