//! Lists of local users: filters, order, pages, and who is in none.

use serde_json::{Value, json};

use super::{Appliance, USERS};

#[test]
fn administrators_hold_their_names_although_no_list_shows_them() {
    let mut appliance = Appliance::of("classic");
    for username in ["admin", "maintenance"] {
        let body = json!({"username": username, "password": "secret-1"});
        let errors = appliance.errors("POST", USERS, body);
        let text = "Local user with this Username already exists.";
        assert_eq!(errors, json!({"username": [text]}));
        assert!(appliance.names(&format!("?username={username}")).is_empty());
    }
    appliance.user("ann");
    appliance.user("Ann");
    assert_eq!(appliance.names("?username=ann"), ["ann"]);
    assert_eq!(appliance.names("?username__iexact=ANN"), ["ann", "Ann"]);
    assert_eq!(
        appliance
            .call("GET", "/api/v1/localusers/1/", Value::Null)
            .0,
        404
    );
}

#[test]
fn filters_select_exactly_what_the_guide_allows() {
    let mut appliance = Appliance::of("classic");
    for (username, country) in [("ann", "GB"), ("anna", "GB"), ("bob", "CH")] {
        let body = json!({"username": username, "password": "p", "country": country,
            "email": format!("{username}@Example.com"), "active": username != "bob"});
        appliance.create("localusers", body);
    }
    for (query, names) in [
        ("?username=ann", vec!["ann"]),
        ("?username__contains=nn", vec!["ann", "anna"]),
        ("?username__icontains=NNA", vec!["anna"]),
        ("?username__in=ann,bob", vec!["ann", "bob"]),
        ("?username__in=ann&username__in=bob", vec!["ann", "bob"]),
        ("?email__iexact=BOB@example.com", vec!["bob"]),
        ("?email=bob@example.com", vec![]),
        ("?country=GB&active=true", vec!["ann", "anna"]),
        ("?active=false", vec!["bob"]),
        ("?id__in=3,5", vec!["ann", "bob"]),
        ("?nickname=ann", vec!["ann", "anna", "bob"]),
        ("?order_by=-username", vec!["bob", "anna", "ann"]),
    ] {
        assert_eq!(appliance.names(query), names, "{query}");
    }
    for (query, text) in [
        (
            "?custom1=x",
            "The 'custom1' field does not allow filtering.",
        ),
        (
            "?country__in=GB",
            "'in' is not an allowed filter on the 'country' field.",
        ),
        (
            "?username__gt=a",
            "'gt' is not an allowed filter on the 'username' field.",
        ),
        (
            "?order_by=custom1",
            "The 'custom1' field does not allow ordering.",
        ),
        (
            "?order_by=nickname",
            "No matching 'nickname' field for ordering on.",
        ),
        (
            "?username__city=x",
            "The 'username' field does not support relations.",
        ),
        (
            "?active=x",
            "['\u{201c}x\u{201d} value must be either True or False.']",
        ),
        (
            "?limit=x",
            "Invalid limit 'x' provided. Please provide a positive integer.",
        ),
        (
            "?limit=-1",
            "Invalid limit '-1' provided. Please provide a positive integer &gt;= 0.",
        ),
    ] {
        let (status, reply) = appliance.call("GET", &format!("{USERS}{query}"), Value::Null);
        assert_eq!((status, reply), (400, json!({"error": text})), "{query}");
    }
    let abridged = appliance.get("/api/v1/localusers/?username=ann&abridged=1");
    let user = abridged["objects"][0].as_object().unwrap();
    assert_eq!(user.len(), 20);
    assert!(!user.contains_key("token_serial") && user.contains_key("active"));
}

#[test]
fn pages_are_twenty_long_unless_asked_and_a_thousand_at_most() {
    let mut appliance = Appliance::of("classic");
    for number in 0..45 {
        appliance.user(&format!("user{number:02}"));
    }
    let first = appliance.get(USERS);
    assert_eq!(
        first["meta"],
        json!({"limit": 20, "next": "/api/v1/localusers/?offset=20&limit=20", "offset": 0,
            "previous": null, "total_count": 45})
    );
    let next = first["meta"]["next"].as_str().unwrap().to_owned();
    let second = appliance.get(&next);
    assert_eq!(second["objects"][0]["username"], "user20");
    assert_eq!(
        second["meta"]["previous"],
        "/api/v1/localusers/?offset=0&limit=20"
    );
    for limit in ["0", "1000", "5000"] {
        let reply = appliance.get(&format!("{USERS}?limit={limit}"));
        assert_eq!(reply["meta"]["limit"], 1000, "{limit}");
        assert_eq!(reply["objects"].as_array().unwrap().len(), 45);
    }
    let filtered = appliance.get("/api/v1/localusers/?username__in=user01,user02&limit=1");
    assert_eq!(
        filtered["meta"]["next"],
        "/api/v1/localusers/?offset=1&username__in=user01%2Cuser02&limit=1"
    );
    let beyond = appliance.get("/api/v1/localusers/?offset=100");
    assert_eq!(beyond["objects"], json!([]));
    assert!(beyond["meta"]["previous"].is_string());
    appliance.set(json!({"page_cap": 5}));
    assert_eq!(
        appliance.get("/api/v1/localusers/?limit=1000")["meta"]["limit"],
        5
    );
}

#[test]
fn a_changed_user_moves_to_the_end_of_the_list() {
    let mut appliance = Appliance::of("classic");
    let target = appliance.user("ann");
    appliance.user("bob");
    assert_eq!(appliance.names(""), ["ann", "bob"]);
    appliance.call("PATCH", &target, json!({"city": "Bern"}));
    assert_eq!(appliance.names(""), ["bob", "ann"]);
}
