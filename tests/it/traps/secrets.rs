//! Vendors that answer with passwords and hashes: none of it reaches a log, however much is logged.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use crate::support::{Process, Site, SiteBuilder, read_accounts, user};
use crate::vendors::lifecycle::written;

const PASSWORD: &str = "Sesame-42-open";

/// The life of a person under a bridge that logs everything; what it logged, and the password that
/// was generated for whoever got one.
async fn logged_life(vendor: Vendor, release: &str) -> (String, Site) {
    let mut site = SiteBuilder::default()
        .appliance("box", vendor, "account_password = \"sync\"")
        .release("box", release)
        .start()
        .await;
    site.stop_bridge().await;
    let process = Process::start_logging(&site.config_file(), "trace");
    let scim = site.client_of(&process.scim_url);
    let mut jane = user("jane.doe");
    jane["password"] = json!(PASSWORD);
    let id = scim.create("/Users", jane).await;
    scim.create_user("bob").await;
    let accounts = || read_accounts(site.simulator("box"));
    site.until(|| async { accounts().await.len() == 2 }).await;
    scim.set(&id, "password", json!("Barley-43-shut")).await;
    let changed = || async {
        let operator = site.operator("box");
        operator.password_opens("jane.doe", "Barley-43-shut").await
    };
    site.until(changed).await;
    scim.delete(&format!("/Users/{id}")).await;
    site.until(|| async { accounts().await.len() == 1 }).await;
    let log = process.log();
    process.kill();
    assert!(log.contains("called the appliance"), "everything is logged");
    assert!(!log.contains(PASSWORD) && !log.contains("Barley-43-shut"));
    (log, site)
}

/// Every password that was sent.
fn sent(site: &Site, pointer: &str) -> Vec<String> {
    let writes = site.writes("box");
    let passwords = writes
        .iter()
        .filter_map(|call| written(call).pointer(pointer));
    passwords
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_01_passwords_that_truenas_repeats_are_never_logged() {
    for release in ["24.10.2.4", "25.04.2.6", "25.10.6", "26"] {
        let (log, site) = logged_life(Vendor::TrueNas, release).await;
        let sent = sent(&site, "/password");
        assert_eq!(sent.len(), 3, "two of Jane's, one made for Bob");
        assert!(sent.iter().all(|password| !log.contains(password.as_str())));
        assert!(!log.contains("$6$"), "no hash either");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_01_hashes_in_foremans_answer_to_a_deletion_are_never_logged() {
    let (log, site) = logged_life(Vendor::Foreman, "3.12.0").await;
    let sent = sent(&site, "/user/password");
    assert_eq!(sent.len(), 3, "two of Jane's, one made for Bob");
    assert!(sent.iter().all(|password| !log.contains(password.as_str())));
    assert!(!log.contains("$2a$"), "no hash either");
}
