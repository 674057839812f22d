//! `/Roles` and `/Entitlements`, from the list that Okta imports to the privilege on an appliance.

use appliance_sim::Vendor;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Site, SiteBuilder, USER, read_account};

const ROLE: &str = "urn:okta:scim:schemas:core:1.0:Role";
const ENTITLEMENT: &str = "urn:okta:scim:schemas:core:1.0:Entitlement";

const OFFERED: &str = r#"
[[directory.default.role]]
value = "administrator"
display = "Storage administrator"
description = "Everything on the arrays."
[[directory.default.role]]
value = "storage operator"
display = "Storage operator"
[[directory.default.role]]
value = "auditor"
display = "Auditor"
type = "Audit"
[[directory.default.entitlement]]
value = "idle-15m"
display = "Long sessions"
type = "Session"
"#;

const CHOICES: &str = r#"
[appliance.user.fields.role]
choose = [
  { role = "administrator", value = "administrator" },
  { role = "Storage Operator", value = "operator" },
]
[appliance.user.fields.inactivity_timeout]
choose = [{ entitlement = "idle-15m", value = 900 }]
default = 600
"#;

async fn site() -> Site {
    SiteBuilder::default()
        .directory(OFFERED)
        .appliance("array", Vendor::Nimble, CHOICES)
        .start()
        .await
}

fn ids(list: &Value) -> Vec<&str> {
    let resources = list["Resources"].as_array().unwrap().iter();
    resources.map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_finds_what_it_can_hand_out() {
    let site = site().await;
    let scim = &site.scim;
    let types = scim.get("/ResourceTypes").await.body;
    assert_eq!(ids(&types), ["User", "Group", "Role", "Entitlement"]);
    let role = &types["Resources"][2];
    assert_eq!(role["schema"], ROLE);
    assert_eq!(role["endpoint"], "/Roles");
    assert_eq!(scim.get("/ResourceTypes/Role").await.body, *role);
    for urn in [ROLE, ENTITLEMENT] {
        let schema = scim.get(&format!("/Schemas/{urn}")).await;
        assert_eq!(schema.body["id"], urn);
    }
    // What its import asks for.
    let list = scim.get("/Roles?startIndex=1&count=100").await;
    assert_eq!(list.header("content-type"), "application/scim+json");
    assert_eq!(list.body["totalResults"], 3);
    assert_eq!(
        ids(&list.body),
        ["administrator", "storage operator", "auditor"]
    );
    let first = &list.body["Resources"][0];
    assert_eq!(first["schemas"], json!([ROLE]));
    assert_eq!(first["displayName"], "Storage administrator");
    let entitlement = &scim.get("/Entitlements").await.body["Resources"][0];
    assert_eq!(entitlement["schemas"], json!([ENTITLEMENT]));
    assert_eq!(entitlement["type"], "Session");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_sorted_paged_and_projected() {
    let site = site().await;
    let scim = &site.scim;
    let page = scim.get("/Roles?startIndex=2&count=1").await.body;
    assert_eq!(
        (&page["totalResults"], ids(&page)),
        (&json!(3), vec!["storage operator"])
    );
    let none = scim.get("/Roles?startIndex=9").await.body;
    assert_eq!((&none["totalResults"], ids(&none)), (&json!(3), vec![]));
    let sorted = scim.get("/Roles?sortBy=displayName").await.body;
    assert_eq!(
        ids(&sorted),
        ["auditor", "administrator", "storage operator"]
    );
    let found = scim
        .get("/Roles?filter=displayName%20sw%20%22STORAGE%22")
        .await;
    assert_eq!(ids(&found.body).len(), 2);
    let invalid = scim.get("/Roles?filter=displayName%20gt%20null").await;
    assert_eq!(invalid.body["scimType"], "invalidFilter");
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "id eq \"auditor\"", "attributes": ["type"],
    });
    let found = scim
        .send(Method::POST, "/Roles/.search", Some(&search))
        .await;
    assert_eq!(
        found.body["Resources"],
        json!([{"schemas": [ROLE], "id": "auditor", "type": "Audit"}])
    );

    let mut seen = Vec::new();
    let mut path = "/Roles?cursor&count=2".to_owned();
    loop {
        let page = scim.get(&path).await.body;
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        path = format!("/Roles?count=2&cursor={next}");
        let elsewhere = scim.get(&path.replace("Roles", "Entitlements")).await;
        assert_eq!(elsewhere.body["scimType"], "invalidCursor");
    }
    assert_eq!(seen, ["administrator", "storage operator", "auditor"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_read_by_its_id_and_none_is_written() {
    let site = site().await;
    let scim = &site.scim;
    let path = "/Roles/storage%20operator";
    let role = scim.get(path).await;
    assert_eq!(role.body["id"], "storage operator");
    let location = role.header("location");
    assert!(
        location.ends_with("/scim/v2/Roles/storage%20operator"),
        "{location}"
    );
    assert_eq!(role.body["meta"]["location"], location);
    let tag = role.header("etag");
    assert_eq!(role.body["meta"]["version"], tag);
    let same = scim
        .send_with(
            Method::GET,
            path,
            None,
            &[("if-none-match", tag)],
            Vec::new(),
        )
        .await;
    assert_eq!(same.status, 304);
    assert_eq!(scim.get("/Roles/nobody").await.status, 404);
    let body = json!({"schemas": [ROLE], "displayName": "Root"});
    for (method, path) in [
        (Method::POST, "/Roles"),
        (Method::PUT, path),
        (Method::PATCH, path),
        (Method::DELETE, path),
        (Method::DELETE, "/Entitlements"),
    ] {
        let reply = scim.send(method.clone(), path, Some(&body)).await;
        assert_eq!(reply.status, 405, "{method} {path}: {}", reply.text);
        assert_eq!(reply.header("allow"), "GET, HEAD");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_offers_nothing_does_not_speak_of_it() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    assert_eq!(
        ids(&scim.get("/ResourceTypes").await.body),
        ["User", "Group"]
    );
    for path in [
        "/Roles",
        "/Entitlements",
        "/ResourceTypes/Role",
        &format!("/Schemas/{ROLE}"),
    ] {
        assert_eq!(scim.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assignment_becomes_a_privilege_and_ends_with_it() {
    let site = site().await;
    let scim = &site.scim;
    let jane = json!({
        "schemas": [USER], "userName": "jane@corp.example", "active": true,
        "roles": [{"value": "administrator", "display": "Storage administrator"}],
        "entitlements": [{"value": "idle-15m", "display": "Long sessions", "type": "Session"}],
    });
    let id = scim.create("/Users", jane.clone()).await;
    site.settled(&[]).await;
    let account = read_account(site.simulator("array"), "jane").await.unwrap();
    assert_eq!(account.raw["role"], "administrator");
    assert_eq!(account.raw["inactivity_timeout"], 900);

    // As Okta takes a role away: the user as a whole.
    let mut less = jane;
    less["roles"] = json!([{"value": "storage operator"}]);
    less["entitlements"] = json!([]);
    let path = format!("/Users/{id}");
    assert_eq!(scim.send(Method::PUT, &path, Some(&less)).await.status, 200);
    site.settled(&[]).await;
    let account = read_account(site.simulator("array"), "jane").await.unwrap();
    assert_eq!(account.raw["role"], "operator");
    assert_eq!(account.raw["inactivity_timeout"], 600);

    let nothing = json!([{"op": "remove", "path": "roles"}]);
    scim.patch(&path, nothing).await;
    site.settled(&[]).await;
    let account = read_account(site.simulator("array"), "jane").await.unwrap();
    assert_eq!(account.raw["role"], "guest", "least privilege");
}
