//! Groups, memberships, RADIUS attributes and tokens.

use serde_json::{Value, json};

use super::{Appliance, USERS, header};

#[test]
fn memberships_join_users_and_groups_one_by_one() {
    let mut appliance = Appliance::of("classic");
    let (ann, bob) = (appliance.user("ann"), appliance.user("bob"));
    let group = appliance.create("usergroups", json!({"name": "vpn"}));
    let memberships = "/api/v1/localgroup-memberships/";
    let body = json!({"user": ann, "group": group});
    let membership = appliance.create("localgroup-memberships", body.clone());
    assert_eq!(
        appliance.get(&membership),
        json!({"group": group, "group_name": "vpn", "id": 1, "resource_uri": membership,
            "user": ann, "username": "ann"})
    );
    assert_eq!(appliance.get(&ann)["user_groups"], json!([group]));
    assert_eq!(appliance.get(&group)["users"], json!([ann]));
    assert_eq!(appliance.call("POST", memberships, body).0, 500);
    appliance.create(
        "localgroup-memberships",
        json!({"user": bob, "group": group}),
    );
    appliance.create(
        "localgroup-memberships",
        json!({"user": USERS.to_owned() + "1/",
        "group": group}),
    );
    for (query, count) in [
        ("?user=3&group=1", 1),
        ("?user=3&group=2", 0),
        ("?group=1", 3),
        ("?username=bob", 1),
        ("?group_name__iexact=VPN", 3),
        ("?user__in=3,4", 2),
    ] {
        let reply = appliance.get(&format!("{memberships}{query}"));
        assert_eq!(reply["meta"]["total_count"], count, "{query}");
    }
    let by_uri = format!("{memberships}?user={ann}");
    let (status, reply) = appliance.call("GET", &by_uri, Value::Null);
    assert_eq!(status, 400);
    assert!(
        reply["error"].as_str().unwrap().contains("mismatched type"),
        "{reply}"
    );
    for (body, text) in [
        (
            json!({"user": "/api/v1/localusers/999/", "group": group}),
            "Could not find the provided \
            localusers object via resource URI '/api/v1/localusers/999/'.",
        ),
        (
            json!({"user": ann}),
            "The 'group' field has no data and doesn't allow a default or null \
            value.",
        ),
    ] {
        let (status, reply) = appliance.call("POST", memberships, body);
        assert_eq!((status, reply), (400, json!({"error": text})));
    }
    assert_eq!(appliance.call("DELETE", &membership, Value::Null).0, 204);
    assert_eq!(appliance.call("DELETE", &membership, Value::Null).0, 404);
    appliance.call("DELETE", &bob, Value::Null);
    let left = appliance.get(memberships);
    assert_eq!(
        left["objects"][0]["username"], "admin",
        "a member whom no list shows: {left}"
    );
    assert_eq!(left["meta"]["total_count"], 1);
    let put = appliance.send("PUT", &membership, &json!({}));
    assert_eq!(
        (put.status, header(&put, "allow")),
        (405, Some("GET,DELETE"))
    );
}

#[test]
fn a_groups_put_replaces_and_its_patch_adds() {
    let mut appliance = Appliance::of("classic");
    let (ann, bob) = (appliance.user("ann"), appliance.user("bob"));
    let group = appliance.create("usergroups", json!({"name": "vpn", "users": [ann]}));
    let patch = json!({"users": [bob]});
    assert_eq!(appliance.call("PATCH", &group, patch.clone()).0, 202);
    assert_eq!(appliance.get(&group)["users"], json!([ann, bob]));
    appliance.set(json!({"group_patch_replaces": true}));
    appliance.call("PATCH", &group, patch);
    assert_eq!(appliance.get(&group)["users"], json!([bob]));
    let put = json!({"name": "vpn-users", "users": [ann]});
    assert_eq!(appliance.call("PUT", &group, put).0, 204);
    let shown = appliance.get(&group);
    assert_eq!(
        (&shown["name"], &shown["users"]),
        (&json!("vpn-users"), &json!([ann]))
    );
    let hidden = appliance.get(&format!("{group}?return_members=false"));
    assert!(hidden.get("users").is_none(), "{hidden}");
    for (name, text) in [
        (
            "vpn-users".to_owned(),
            "User group with this Name already exists.",
        ),
        (String::new(), "This field is required."),
        (
            "g".repeat(51),
            "Ensure this value has at most 50 characters (it has 51).",
        ),
    ] {
        let (status, reply) = appliance.call("POST", "/api/v1/usergroups/", json!({"name": name}));
        assert_eq!(
            (status, reply),
            (400, json!({"usergroups": {"name": [text]}}))
        );
    }
    assert_eq!(
        appliance.get("/api/v1/usergroups/?name=vpn-users")["meta"]["total_count"],
        1
    );
    assert_eq!(appliance.call("DELETE", &group, Value::Null).0, 204);
    assert_eq!(appliance.get(&ann)["user_groups"], json!([]));
}

#[test]
fn radius_attributes_belong_to_a_user_and_are_replaced_as_a_set() {
    let mut appliance = Appliance::of("classic");
    let ann = appliance.user("ann");
    let collection = format!("{ann}radiusattributes/");
    let path = collection
        .strip_prefix("/api/v1/")
        .unwrap()
        .trim_end_matches('/')
        .to_owned();
    let body = json!({"attribute": "Framed-Route", "attr_val": "10.0.0.0/8"});
    let attribute = appliance.create(&path, body);
    let shown = appliance.get(&attribute);
    assert_eq!(
        (&shown["vendor"], &shown["owner"]),
        (&json!("Default"), &json!("ann"))
    );
    let (status, _) = appliance.call("PATCH", &attribute, json!({"attr_val": "10.1.0.0/16"}));
    assert_eq!(status, 202);
    let found = appliance.get(&format!("{collection}?attr_value=10.1.0.0/16"));
    assert_eq!(found["meta"]["total_count"], 1);
    let (status, _) = appliance.call("GET", &format!("{collection}?attr_val=x"), Value::Null);
    assert_eq!(status, 400);
    let set = json!([{"vendor": "Fortinet", "attribute": "Group", "attr_val": "a"},
        {"vendor": "Fortinet", "attribute": "Group", "attr_val": "b"}]);
    assert_eq!(appliance.call("PUT", &collection, set).0, 204);
    assert_eq!(appliance.get(&collection)["meta"]["total_count"], 2);
    assert_eq!(appliance.call("GET", &attribute, Value::Null).0, 404);
    let missing = appliance.call("POST", &collection, json!({"attribute": "Group"}));
    let text = "This field is required.";
    assert_eq!(
        missing,
        (400, json!({"radiusattributes": {"attr_val": [text]}}))
    );
    assert_eq!(appliance.call("DELETE", &collection, Value::Null).0, 204);
    assert_eq!(appliance.get(&collection)["objects"], json!([]));
}

#[test]
fn tokens_are_taken_from_the_stock_and_given_back() {
    let mut appliance = Appliance::of("classic");
    let mut ask = |username: &str, serial: &str| {
        let body = json!({"username": username, "password": "p", "token_auth": true,
            "token_type": "ftk", "token_serial": serial});
        appliance.call("POST", USERS, body)
    };
    let unavailable = (
        400,
        json!({"error": "This serial number is not available for use."}),
    );
    assert_eq!(ask("locked", "FTK2000000000003"), unavailable);
    assert_eq!(ask("ann", "").0, 201);
    assert_eq!(ask("bob", "").0, 201);
    assert_eq!(ask("eve", ""), unavailable);
    let user = appliance.get("/api/v1/localusers/3/");
    assert_eq!(user["token_serial"], "FTK2000000000001");
    let release = json!({"token_auth": false, "token_serial": ""});
    appliance.call("PATCH", "/api/v1/localusers/3/", release);
    let user = appliance.get("/api/v1/localusers/3/");
    assert_eq!(
        (&user["token_type"], &user["token_serial"]),
        (&Value::Null, &json!(""))
    );
    let free = appliance.get("/api/v1/fortitokens/?status=available&type=ftk");
    assert_eq!(free["meta"]["total_count"], 2);
    assert_eq!(appliance.names("?username=eve"), Vec::<String>::new());
}
