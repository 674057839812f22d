//! Names that an appliance wants as ids of its own.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::lifecycle::{account, site};
use crate::support::Site;

const ROLES: &str = "[appliance.user.fields.role_ids]\n\
     choose = [\n\
       { group = \"Linux admins\", value = [\"Manager\", \"Viewer\"] },\n\
       { group = \"Auditors\", value = \"Viewer\" },\n\
     ]\n\
     default = []\n\
     [appliance.user.fields.organization_ids]\n\
     value = [\"Default Organization\"]";

async fn shown(site: &Site, key: &str) -> Value {
    let id = account(site, key).await.id;
    site.operator("box").get(&format!("/api/users/{id}")).await
}

fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap();
    list.iter()
        .map(|entry| entry["name"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_follow_groups_by_name_and_are_looked_up_once() {
    let site = site(Vendor::Foreman, ROLES).await;
    let key = "jane.doe@corp.example";
    let jane = site.scim.create_user(key).await;
    let joe = site.scim.create_user("joe.roe@corp.example").await;
    site.scim.create_group("Auditors", &[&jane, &joe]).await;
    let admins = site.scim.create_group("Linux admins", &[&jane]).await;
    site.settled(&[]).await;
    let user = shown(&site, key).await;
    assert_eq!(
        names(&user["roles"]),
        ["Manager", "Viewer"],
        "of both groups"
    );
    assert_eq!(names(&user["organizations"]), ["Default Organization"]);
    let lookups = site
        .control("box")
        .journal()
        .iter()
        .filter(|call| call.path == "/api/roles" || call.path == "/api/organizations")
        .count();
    assert!(
        lookups <= 6,
        "each name once, give or take attempts at a time: {lookups}"
    );

    site.scim.delete(&format!("/Groups/{admins}")).await;
    site.settled(&[]).await;
    assert_eq!(names(&shown(&site, key).await["roles"]), ["Viewer"]);
    assert_eq!(site.link("box", &jane).await.link.state.as_str(), "in_sync");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_the_appliance_does_not_have_is_quoted() {
    let more = "[appliance.user.fields.role_ids]\nvalue = [\"Wizard\"]";
    let site = site(Vendor::Foreman, more).await;
    let id = site.scim.create_user("jane.doe@corp.example").await;
    site.until(|| async { site.link("box", &id).await.link.error.is_some() })
        .await;
    let error = site.link("box", &id).await.link.error.unwrap();
    assert_eq!(error.class, "invalid");
    for part in ["user.role_ids", "\"Wizard\"", "box"] {
        assert!(error.message.contains(part), "{}", error.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_is_locked_out_whatever_the_names() {
    let site = site(Vendor::Foreman, ROLES).await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    // From now on no role can be looked up.
    site.control("box").inject(
        appliance_sim::Fault::new(appliance_sim::FaultKind::HtmlPage)
            .on_path(regex::Regex::new("^/api/roles").unwrap()),
    );
    site.scim.create_group("Auditors", &[&id]).await;
    site.scim.set(&id, "active", json!(false)).await;
    site.until(|| async { !account(&site, key).await.active })
        .await;
}
