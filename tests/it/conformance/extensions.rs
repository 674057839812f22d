//! An extension schema that the configuration declares, everywhere in the protocol and on an
//! appliance.

use appliance_sim::Vendor;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Scim, Site, SiteBuilder, USER, read_account};

const WORKWEAR: &str = "urn:example:params:scim:schemas:workwear:2.0:User";

const DECLARATION: &str = r#"
[[directory.default.schema]]
id = "urn:example:params:scim:schemas:workwear:2.0:User"
name = "Workwear"
description = "What people wear at work."
resource = "User"
[[directory.default.schema.attribute]]
name = "shoeSize"
type = "integer"
required = true
[[directory.default.schema.attribute]]
name = "badge"
mutability = "immutable"
case_exact = true
[[directory.default.schema.attribute]]
name = "locker"
returned = "request"
[[directory.default.schema.attribute]]
name = "pin"
returned = "never"
[[directory.default.schema.attribute]]
name = "jackets"
type = "complex"
multi_valued = true
sub_attributes = [
  { name = "value", required = true },
  { name = "type", canonical_values = ["summer", "winter"] },
  { name = "primary", type = "boolean" },
]
"#;

async fn site() -> Site {
    let own = format!("[appliance.user.fields.full_name]\nfrom = [\"{WORKWEAR}:badge\"]");
    SiteBuilder::default()
        .directory(DECLARATION)
        .appliance("nas", Vendor::TrueNas, &own)
        .start()
        .await
}

fn jane(workwear: Value) -> Value {
    json!({"schemas": [USER, WORKWEAR], "userName": "jane@corp.example", WORKWEAR: workwear})
}

async fn found(scim: &Scim, filter: &str) -> u64 {
    let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    let reply = scim.get(&format!("/Users?filter={filter}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body["totalResults"].as_u64().unwrap()
}

async fn refused(scim: &Scim, method: Method, path: &str, body: Value) -> (u16, Value) {
    let reply = scim.send(method, path, Some(&body)).await;
    (reply.status, reply.body["scimType"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_schema_is_discovered() {
    let site = site().await;
    let types = site.scim.get("/ResourceTypes/User").await.body;
    let extensions = types["schemaExtensions"].as_array().unwrap();
    assert!(extensions.contains(&json!({"schema": WORKWEAR, "required": false})));
    let schema = site.scim.get(&format!("/Schemas/{WORKWEAR}")).await.body;
    assert_eq!(schema["name"], "Workwear");
    let attributes = schema["attributes"].as_array().unwrap();
    let size = attributes.iter().find(|known| known["name"] == "shoeSize");
    assert_eq!(size.unwrap()["type"], "integer");
    assert_eq!(size.unwrap()["required"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_attributes_are_checked_filtered_patched_and_delivered() {
    let site = site().await;
    let scim = &site.scim;
    let id = scim
        .create(
            "/Users",
            jane(json!({
                "shoeSize": 42, "badge": "B-7", "locker": "12", "pin": "1234",
                "jackets": [{"value": "Parka", "type": "winter", "primary": true}],
            })),
        )
        .await;
    let path = format!("/Users/{id}");
    site.settled(&[]).await;
    let account = read_account(site.simulator("nas"), "jane").await.unwrap();
    assert_eq!(account.raw["full_name"], "B-7");

    for (filter, count) in [
        (format!("{WORKWEAR}:shoeSize gt 40"), 1),
        (format!("{WORKWEAR}:shoeSize gt 42"), 0),
        (format!("{WORKWEAR}:badge eq \"b-7\""), 0),
        (
            format!("{WORKWEAR}:jackets[type eq \"winter\"].value sw \"par\""),
            1,
        ),
    ] {
        assert_eq!(found(scim, &filter).await, count, "{filter}");
    }

    let shown = scim.get(&path).await.body;
    assert_eq!(shown[WORKWEAR]["shoeSize"], 42);
    assert_eq!(shown[WORKWEAR]["locker"], Value::Null, "only on request");
    assert_eq!(shown[WORKWEAR]["pin"], Value::Null, "never");
    let asked = format!("{path}?attributes={WORKWEAR}:locker,{WORKWEAR}:pin");
    let shown = scim.get(&asked).await.body;
    assert_eq!(shown[WORKWEAR], json!({"locker": "12"}));

    let changed = scim
        .patch(
            &path,
            json!([
                {"op": "replace", "path": format!("{WORKWEAR}:shoeSize"), "value": 43},
                {"op": "add", "path": format!("{WORKWEAR}:jackets"),
                 "value": [{"value": "Vest", "type": "summer", "primary": true}]},
            ]),
        )
        .await;
    assert_eq!(changed[WORKWEAR]["shoeSize"], 43);
    assert_eq!(
        changed[WORKWEAR]["jackets"],
        json!([
            {"value": "Parka", "type": "winter", "primary": false},
            {"value": "Vest", "type": "summer", "primary": true},
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn its_rules_hold() {
    let site = site().await;
    let scim = &site.scim;
    for (workwear, why) in [
        (json!({"shoeSize": "large"}), "the type"),
        (json!({"badge": "B-7"}), "shoeSize is required"),
        (
            json!({"shoeSize": 42, "jackets": [{"type": "winter"}, {"value": "x"}]}),
            "value is",
        ),
    ] {
        let answer = refused(scim, Method::POST, "/Users", jane(workwear)).await;
        // A jacket without a value says nothing, and is left out.
        if why == "value is" {
            assert_eq!(answer.0, 201, "{why}");
        } else {
            assert_eq!(answer, (400, json!("invalidValue")), "{why}");
        }
    }
    let body = json!({"schemas": [USER, WORKWEAR], "userName": "joe@corp.example",
        WORKWEAR: {"shoeSize": 42, "badge": "B-8"}});
    let id = scim.create("/Users", body.clone()).await;
    let path = format!("/Users/{id}");
    let mutability = (400, json!("mutability"));
    let patch = |operation: Value| json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]});
    let badge = format!("{WORKWEAR}:badge");
    for operation in [
        json!({"op": "replace", "path": badge, "value": "B-9"}),
        json!({"op": "remove", "path": badge}),
        json!({"op": "remove", "path": format!("{WORKWEAR}:shoeSize")}),
    ] {
        let answer = refused(scim, Method::PATCH, &path, patch(operation.clone())).await;
        assert_eq!(answer, mutability, "{operation}");
    }
    let mut other = body.clone();
    other[WORKWEAR]["badge"] = json!("B-9");
    assert_eq!(refused(scim, Method::PUT, &path, other).await, mutability);
    // A PUT that does not speak of the badge leaves it.
    let silent = json!({"schemas": [USER, WORKWEAR], "userName": "joe@corp.example",
        WORKWEAR: {"shoeSize": 44}});
    let reply = scim.send(Method::PUT, &path, Some(&silent)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(
        reply.body[WORKWEAR],
        json!({"shoeSize": 44, "badge": "B-8"})
    );
}
