//! Foreman: error bodies of many shapes.

use appliance_sim::Vendor;
use scim_bridge::store::LinkState;
use serde_json::json;

use super::{JANE, made_by_hand};
use crate::support::{read_account, read_accounts};
use crate::traps::{answer, count, failure, path, person, state};
use crate::vendors::lifecycle::{site, site_of};

#[tokio::test(flavor = "multi_thread")]
async fn trap_02_a_fault_of_the_password_hangs_on_the_key_of_its_hash() {
    let site = site(Vendor::Foreman, "").await;
    let refusal = json!({"error": {
        "id": null, "errors": {"password_hash": ["can't be blank"]},
        "full_messages": ["Password hash can't be blank"],
    }});
    site.control("box")
        .inject(answer(422, &refusal).on_method("POST").times(1));
    let id = person(&site, JANE).await;
    assert_eq!(state(&site, &id).await, LinkState::Refused);
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "invalid");
    assert!(error.message.contains("password_hash"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_02_a_role_that_does_not_exist_is_named() {
    for release in ["1.24", "2.5", "3.12.0"] {
        let row = "[appliance.user.fields.role_ids]\nvalue = [\"Wizard\"]";
        let site = site_of(Vendor::Foreman, release, row).await;
        let id = site.scim.create_user(JANE).await;
        let error = failure(&site, &id).await;
        assert_eq!(error.class, "invalid");
        assert!(error.message.contains("Wizard"), "{}", error.message);
        assert!(site.writes("box").is_empty(), "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_02_an_unknown_authentication_source_shows_no_statement_of_the_database() {
    let rows = "[appliance.user.fields.auth_source_name]\nfrom = []\n\
                [appliance.user.fields.auth_source_id]\nvalue = \"External\"\n";
    let site = site(Vendor::Foreman, rows).await;
    // As if it had been deleted between the look-up of its id and the creation.
    let violation = json!({"error": {"message": "PG::ForeignKeyViolation: ERROR: insert"}});
    site.control("box")
        .inject(answer(500, &violation).on_method("POST"));
    let id = site.scim.create_user(JANE).await;
    let error = failure(&site, &id).await;
    assert!(error.message.contains("500"), "{}", error.message);
    assert!(!error.message.contains("PG::"), "{}", error.message);
    assert!(read_accounts(site.simulator("box")).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_13_a_route_that_is_gone_is_no_account_that_is_gone() {
    for body in [
        json!({"status": 404, "error": "Not Found"}),
        json!({"message": "Organization with id 99 not found"}),
    ] {
        let site = site(Vendor::Foreman, "").await;
        let id = person(&site, JANE).await;
        site.control("box")
            .inject(answer(404, &body).on_method("DELETE").times(1));
        site.scim.delete(&format!("/Users/{id}")).await;
        site.settled(&[]).await;
        assert!(site.links().await.is_empty());
        assert!(read_account(site.simulator("box"), JANE).await.is_none());
        let deletions = count(&site.writes("box"), |call| call.method == "DELETE");
        assert_eq!(deletions, 2, "the first one was not believed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_24_a_race_that_ends_in_500_takes_nobodys_account() {
    let site = site(Vendor::Foreman, "").await;
    made_by_hand(&site, JANE, &json!({"firstname": "Somebody"})).await;
    site.control("box").clear_journal();
    // As if the other one had been made between our look-up and our creation.
    let nobody = json!({"total": 0, "subtotal": 0, "page": 1, "per_page": 0, "results": []});
    let nobody = answer(200, &nobody).on_method("GET").times(1);
    site.control("box")
        .inject(nobody.on_path(path("^/api/users$")));
    let duplicate = json!({"error": {"message": "PG::UniqueViolation: duplicate key"}});
    site.control("box")
        .inject(answer(500, &duplicate).on_method("POST").times(1));
    let id = person(&site, JANE).await;
    assert_eq!(state(&site, &id).await, LinkState::Held);
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "existing");
    assert!(!error.message.contains("PG::"), "{}", error.message);
    let writes = site.writes("box");
    assert_eq!(writes.len(), 1, "{writes:#?}");
    let untouched = read_account(site.simulator("box"), JANE).await.unwrap();
    assert_eq!(untouched.raw["firstname"], "Somebody");
}
