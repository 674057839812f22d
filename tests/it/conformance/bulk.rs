//! RFC 7644 §3.7: many operations in one request.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PATCH, Reply, Scim, Site, SiteBuilder, user};

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async fn site() -> Site {
    SiteBuilder::default().start().await
}

async fn send(scim: &Scim, body: Value) -> Reply {
    scim.send(Method::POST, "/Bulk", Some(&body)).await
}

async fn bulk(scim: &Scim, operations: Value) -> Vec<Value> {
    let body = json!({"schemas": [BULK], "Operations": operations});
    results(&send(scim, body).await)
}

fn results(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let schema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
    assert_eq!(reply.body["schemas"], json!([schema]));
    reply.body["Operations"].as_array().unwrap().clone()
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results
        .iter()
        .map(|result| result["status"].as_str().unwrap())
        .collect()
}

fn post_user(name: &str) -> Value {
    json!({"method": "POST", "path": "/Users", "bulkId": name, "data": user(name)})
}

fn post_group(name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|name| json!({"value": format!("bulkId:{name}")}))
        .collect();
    json!({
        "method": "POST", "path": "/Groups", "bulkId": name,
        "data": {"displayName": name, "members": members},
    })
}

fn id_of(result: &Value) -> &str {
    result["location"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
}

async fn read(scim: &Scim, result: &Value, endpoint: &str) -> Value {
    let reply = scim.get(&format!("/{endpoint}/{}", id_of(result))).await;
    assert_eq!(reply.status, 200, "{result}");
    reply.body
}

fn members(group: &Value) -> Vec<&str> {
    let members = group["members"].as_array().unwrap().iter();
    members
        .map(|member| member["value"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn every_kind_of_operation_tells_its_result() {
    let site = site().await;
    let scim = &site.scim;
    let kept = scim.create_user("kept@x").await;
    let gone = scim.create_user("gone@x").await;
    let group = scim.create_group("Ops", &[]).await;
    let patch = json!({"schemas": [PATCH], "Operations": [
        {"op": "add", "path": "members", "value": [{"value": "bulkId:new@x"}, {"value": kept}]},
    ]});
    let results = bulk(
        scim,
        json!([
            {"method": "PATCH", "path": format!("/Groups/{group}"), "data": patch},
            post_user("new@x"),
            {"method": "PUT", "path": format!("/Users/{kept}"), "bulkId": "mine",
             "data": {"userName": "renamed@x"}},
            {"method": "DELETE", "path": format!("/Users/{gone}")},
        ]),
    )
    .await;
    assert_eq!(statuses(&results), ["200", "201", "200", "204"]);
    assert_eq!(results[2]["bulkId"], "mine");
    assert_eq!(results[2]["method"], "PUT");
    assert_eq!(
        read(scim, &results[2], "Users").await["userName"],
        "renamed@x"
    );
    let changed = read(scim, &results[0], "Groups").await;
    assert_eq!(members(&changed), [id_of(&results[1]), &kept]);
    assert_eq!(changed["meta"]["version"], results[0]["version"]);
    assert_eq!(scim.get(&format!("/Users/{gone}")).await.status, 404);
}

#[tokio::test]
async fn references_go_backwards_forwards_and_in_circles() {
    let site = site().await;
    let scim = &site.scim;
    let managed = |name: &str, manager: &str| {
        let mut operation = post_user(name);
        operation["data"]["schemas"] =
            json!(["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE]);
        operation["data"][ENTERPRISE] = json!({
            "department": "Tour", "manager": {"value": format!("bulkId:{manager}")},
        });
        operation
    };
    let results = bulk(
        scim,
        json!([
            post_group("outer", &["inner", "a@x", "b@x"]),
            managed("a@x", "b@x"),
            managed("b@x", "a@x"),
            post_group("inner", &["outer", "a@x"]),
            managed("self@x", "self@x"),
        ]),
    )
    .await;
    assert_eq!(statuses(&results), ["201"; 5], "{results:?}");
    let outer = read(scim, &results[0], "Groups").await;
    let inner = read(scim, &results[3], "Groups").await;
    let mut listed = members(&outer);
    listed.sort_unstable();
    let mut wanted = [id_of(&results[3]), id_of(&results[1]), id_of(&results[2])];
    wanted.sort_unstable();
    assert_eq!(listed, wanted);
    assert!(members(&inner).contains(&id_of(&results[0])), "{inner}");
    assert!(members(&inner).contains(&id_of(&results[1])), "{inner}");
    for (person, manager) in [(1, 2), (2, 1), (4, 4)] {
        let user = read(scim, &results[person], "Users").await;
        assert_eq!(
            user[ENTERPRISE]["manager"]["value"],
            id_of(&results[manager])
        );
        assert_eq!(user[ENTERPRISE]["department"], "Tour");
        // The version is the newest, although the groups came after it was told.
        let condition = [("If-Match", results[person]["version"].as_str().unwrap())];
        let path = format!("/Users/{}", id_of(&results[person]));
        let held = scim.send_with(Method::GET, &path, None, &condition, Vec::new());
        assert_eq!(held.await.status, 200, "{user}");
    }
}

#[tokio::test]
async fn an_operation_that_fails_says_why_and_leaves_the_others_alone() {
    let site = site().await;
    let scim = &site.scim;
    let taken = scim.create_user("taken@x").await;
    let results = bulk(
        scim,
        json!([
            post_user("taken@x"),
            post_group("crew", &["taken@x"]),
            post_group("lost", &["nobody"]),
            {"method": "PATCH", "path": "/Users/no-such-user", "data": {
                "schemas": [PATCH], "Operations": [{"op": "remove", "path": "title"}]}},
            {"method": "DELETE", "path": format!("/Users/{taken}"), "version": "W/\"99\""},
            {"method": "POST", "path": "/Users", "bulkId": "bad", "data": {"active": true}},
            {"method": "MOVE", "path": "/Users/1"},
            post_user("fine@x"),
        ]),
    )
    .await;
    assert_eq!(
        statuses(&results),
        ["409", "409", "409", "404", "412", "400", "400", "201"]
    );
    for result in &results[..7] {
        let response = &result["response"];
        assert_eq!(response["status"], result["status"], "{result}");
        assert!(!response["detail"].as_str().unwrap().is_empty(), "{result}");
    }
    assert_eq!(results[0]["response"]["scimType"], "uniqueness");
    assert_eq!(results[0].get("location"), None);
    assert_eq!(id_of(&results[4]), taken);
    assert_eq!(scim.get(&format!("/Users/{taken}")).await.status, 200);
}

#[tokio::test]
async fn of_two_with_one_name_the_first_gets_it_and_order_is_kept() {
    let site = site().await;
    let scim = &site.scim;
    let mut operations: Vec<Value> = (0..150).map(|n| post_user(&format!("u{n}@x"))).collect();
    operations[100] = json!({
        "method": "POST", "path": "/Users", "bulkId": "again", "data": {"userName": "U99@x"},
    });
    operations.push(post_group("all", &["u0@x", "u99@x", "u149@x"]));
    let results = bulk(scim, json!(operations)).await;
    for (position, result) in results.iter().enumerate() {
        let wanted = if position == 100 { "409" } else { "201" };
        assert_eq!(result["status"], wanted, "{position}: {result}");
        assert_eq!(result["bulkId"], operations[position]["bulkId"]);
    }
    let group = read(scim, &results[150], "Groups").await;
    let wanted = [
        id_of(&results[0]),
        id_of(&results[99]),
        id_of(&results[149]),
    ];
    assert_eq!(members(&group), wanted);
}

#[tokio::test]
async fn after_enough_errors_the_rest_is_left_undone() {
    let site = site().await;
    let scim = &site.scim;
    let body = json!({"schemas": [BULK], "failOnErrors": 2, "Operations": [
        {"method": "DELETE", "path": "/Users/a"},
        post_user("first@x"),
        {"method": "DELETE", "path": "/Users/b"},
        post_user("second@x"),
    ]});
    let results = results(&send(scim, body).await);
    assert_eq!(statuses(&results), ["404", "201", "404"]);
    let listed = scim.get("/Users").await.body;
    assert_eq!(listed["totalResults"], 1, "{listed}");
}

/// A circle of which one half fails: the other exists, and says what it lacks.
#[tokio::test]
async fn half_a_circle_is_told() {
    let site = site().await;
    let scim = &site.scim;
    scim.create_group("taken", &[]).await;
    let mut twin = post_group("taken", &["whole"]);
    twin["bulkId"] = json!("twin");
    let results = bulk(scim, json!([twin, post_group("whole", &["twin"])])).await;
    assert_eq!(statuses(&results), ["409", "409"]);
    let whole = read(scim, &results[1], "Groups").await;
    assert_eq!(whole["displayName"], "whole");
    let detail = results[1]["response"]["detail"].as_str().unwrap();
    assert!(detail.contains("bulkId:twin"), "{detail}");
}

#[tokio::test]
async fn the_limits_are_told_and_kept() {
    let site = SiteBuilder::default()
        .scim("bulk_max_operations = 2\nbulk_max_payload_bytes = 2000\n")
        .start()
        .await;
    let scim = &site.scim;
    let config = scim.get("/ServiceProviderConfig").await.body;
    let told = json!({"supported": true, "maxOperations": 2, "maxPayloadSize": 2000});
    assert_eq!(config["bulk"], told);
    let delete = json!({"method": "DELETE", "path": "/Users/a"});
    let three = json!({"schemas": [BULK], "Operations": [delete, delete, delete]});
    let long = json!({"schemas": [BULK], "Operations": [{"data": "x".repeat(2_000)}]});
    for (body, limit) in [(three, "2"), (long, "2000")] {
        let reply = send(scim, body).await;
        assert_eq!(reply.status, 413, "{}", reply.text);
        let detail = reply.body["detail"].as_str().unwrap();
        assert!(detail.contains(limit), "{detail}");
    }
    for body in [
        json!({"schemas": [BULK]}),
        json!({"schemas": ["urn:x"], "Operations": []}),
    ] {
        let reply = send(scim, body).await;
        assert_eq!(
            (reply.status, &reply.body["scimType"]),
            (400, &json!("invalidSyntax"))
        );
    }
    assert_eq!(scim.get("/Bulk").await.status, 405);
}

#[tokio::test]
async fn a_patch_takes_out_whom_the_same_request_created() {
    let site = site().await;
    let results = bulk(
        &site.scim,
        json!([
            {
                "method": "PATCH", "path": "/Groups/bulkId:crew",
                "data": {"schemas": [PATCH], "Operations": [
                    {"op": "remove", "path": "members[value eq \"bulkId:ann@x\"]"},
                ]},
            },
            post_group("crew", &["ann@x", "bob@x"]),
            post_user("ann@x"),
            post_user("bob@x"),
            {
                "method": "PATCH", "path": "/Groups/bulkId:crew",
                "data": {"schemas": [PATCH], "Operations": [
                    {"op": "remove", "path": "members[value eq \"bulkId:nobody\"]"},
                ]},
            },
        ]),
    )
    .await;
    assert_eq!(statuses(&results), ["200", "201", "201", "201", "409"]);
    let group = read(&site.scim, &results[1], "Groups").await;
    assert_eq!(members(&group), [id_of(&results[3])]);
}
