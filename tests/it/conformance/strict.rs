//! A directory that keeps its clients to the letter, and one that is strict about single things.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Scim, Site, SiteBuilder, USER};

const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

async fn site(directory: &str) -> Site {
    SiteBuilder::default().directory(directory).start().await
}

async fn answer(scim: &Scim, method: Method, path: &str, body: Value) -> (u16, Value) {
    let reply = scim.send(method, path, Some(&body)).await;
    (reply.status, reply.body["scimType"].clone())
}

/// What Okta sends to deactivate somebody.
fn pathless() -> Value {
    json!({"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"active": false}}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_directory_refuses_what_the_profile_forbids_and_says_so() {
    let site = site("strict = true").await;
    let scim = &site.scim;
    let config = scim.get("/ServiceProviderConfig").await.body;
    assert_eq!(config["interopProfileConformant"], true);

    let id = scim.create_user("jane.doe@corp.example").await;
    let path = format!("/Users/{id}");
    let syntax = (400, json!("invalidSyntax"));
    assert_eq!(answer(scim, Method::PATCH, &path, pathless()).await, syntax);
    assert_eq!(
        scim.get(&path).await.body["active"],
        true,
        "nothing was applied"
    );
    for body in [
        json!({"schemas": [USER], "userName": "x", "shoeSize": 42}),
        json!({"schemas": [USER], "userName": "x", "password": "correct horse"}),
        json!({"schemas": [USER, "urn:example:x"], "userName": "x"}),
        json!({"userName": "x"}),
    ] {
        assert_eq!(
            answer(scim, Method::POST, "/Users", body.clone()).await,
            syntax,
            "{body}"
        );
    }
    let reply = scim.get("/Users?filter=shoeSize%20eq%2042").await;
    assert_eq!(
        (reply.status, &reply.body["scimType"]),
        (400, &json!("invalidFilter"))
    );

    // The profile's own PATCH forms are understood.
    let renamed = scim
        .patch(
            &path,
            json!([{"op": "replace", "path": "name", "value": {"givenName": "Joan"}}]),
        )
        .await;
    assert_eq!(renamed["name"], json!({"givenName": "Joan"}));
    let user = format!("/Schemas/{USER}");
    let attributes = scim.get(&user).await.body["attributes"].clone();
    let attributes = attributes.as_array().unwrap();
    assert!(
        attributes
            .iter()
            .all(|attribute| attribute["name"] != "password")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tolerant_directory_makes_no_claim_and_counts() {
    let site = site("").await;
    let scim = &site.scim;
    let config = scim.get("/ServiceProviderConfig").await.body;
    assert_eq!(config.get("interopProfileConformant"), None);
    let id = scim.create_user("jane.doe@corp.example").await;
    let path = format!("/Users/{id}");
    assert_eq!(answer(scim, Method::PATCH, &path, pathless()).await.0, 200);
    assert_eq!(
        scim.get("/Users?filter=shoeSize%20eq%2042").await.status,
        200
    );
    let page = reqwest::get(format!("{}/metrics", site.ops_url()))
        .await
        .unwrap();
    let page = page.text().await.unwrap();
    for name in ["pathless_patch", "unknown_filter_attribute"] {
        let line = format!(
            "scim_bridge_scim_tolerances_total{{directory=\"default\",tolerance=\"{name}\"}} 1"
        );
        assert!(page.contains(&line), "{line} is missing in\n{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_directory_with_an_exception_makes_no_claim() {
    let site = site("strict = true\ntolerate.pathless_patch = true").await;
    let scim = &site.scim;
    let config = scim.get("/ServiceProviderConfig").await.body;
    assert_eq!(config.get("interopProfileConformant"), None);
    let id = scim.create_user("jane.doe@corp.example").await;
    let path = format!("/Users/{id}");
    assert_eq!(answer(scim, Method::PATCH, &path, pathless()).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_members_of_a_new_group_are_parked_or_refused() {
    let group = |member: &str| json!({"schemas": [GROUP], "displayName": "Night shift", "members": [{"value": member}]});
    let accepting = site("").await;
    let made = answer(&accepting.scim, Method::POST, "/Groups", group("nobody")).await;
    assert_eq!(made.0, 201);

    let refusing = site("unknown_member_on_create = \"refuse\"").await;
    let scim = &refusing.scim;
    assert_eq!(
        answer(scim, Method::POST, "/Groups", group("nobody"))
            .await
            .0,
        404
    );
    let id = scim.create_user("jane.doe@corp.example").await;
    assert_eq!(
        answer(scim, Method::POST, "/Groups", group(&id)).await.0,
        201
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_routes_and_the_query_tolerate_a_strict_directory_refuses() {
    let filtered = "/Users?attributes=emails%5Btype%20eq%20%22work%22%5D";
    for (directory, lower_case, projection) in [("", 200, 200), ("strict = true", 404, 400)] {
        let site = site(directory).await;
        site.scim.create_user("jane.doe@corp.example").await;
        assert_eq!(
            site.scim.get("/users").await.status,
            lower_case,
            "{directory}"
        );
        assert_eq!(
            site.scim.get(filtered).await.status,
            projection,
            "{directory}"
        );
    }
}
