//! Lists: pages by index and by cursor (RFC 7644 §3.4.2.4, RFC 9865), order (§3.4.2.3), and searches
//! across types (§3.4.2.1, §3.4.3).

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Reply, Scim, SiteBuilder};

const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

async fn users(scim: &Scim, names: &[&str]) {
    for name in names {
        scim.create_user(name).await;
    }
}

fn names(list: &Value) -> Vec<String> {
    let resources = list["Resources"].as_array().unwrap().iter();
    resources
        .map(|resource| {
            let name = resource.get("userName").unwrap_or(&resource["displayName"]);
            name.as_str().unwrap().to_owned()
        })
        .collect()
}

/// Follows `nextCursor` from an empty cursor to the end.
async fn all_pages(scim: &Scim, path_and_query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let reply = scim.get(&format!("{path_and_query}&cursor={cursor}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.body.get("startIndex"), None);
        let page = names(&reply.body);
        assert_eq!(reply.body["itemsPerPage"], page.len());
        pages.push(page);
        match reply.body["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return pages,
        }
    }
}

fn assert_refused(reply: &Reply, scim_type: &str) {
    assert_eq!(reply.status, 400, "{}", reply.text);
    assert_eq!(reply.body["scimType"], scim_type, "{}", reply.text);
}

#[tokio::test]
async fn cursors_lead_through_the_whole_list() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    users(scim, &["e@x", "d@x", "c@y", "b@x", "a@x"]).await;
    for name in ["G1", "G2"] {
        scim.create_group(name, &[]).await;
    }
    for (query, pages) in [
        ("/Users?count=2", "e@x d@x|c@y b@x|a@x"),
        ("/Users?count=5", "e@x d@x c@y b@x a@x"),
        (
            "/Users?count=3&filter=userName%20ew%20%22@x%22",
            "e@x d@x b@x|a@x",
        ),
        ("/Users?count=2&sortBy=userName", "a@x b@x|c@y d@x|e@x"),
        (
            "/Users?count=4&sortBy=userName&sortOrder=descending",
            "e@x d@x c@y b@x|a@x",
        ),
        ("/Users?count=2&filter=userName%20eq%20%22c@y%22", "c@y"),
        ("/Users?count=2&filter=userName%20eq%20%22none%22", ""),
        ("?count=3", "e@x d@x c@y|b@x a@x G1|G2"),
        (
            "?count=4&filter=id%20pr&sortBy=displayName",
            "a@x b@x c@y d@x|e@x G1 G2",
        ),
    ] {
        let shown: Vec<String> = all_pages(scim, query)
            .await
            .iter()
            .map(|page| page.join(" "))
            .collect();
        assert_eq!(shown.join("|"), pages, "{query}");
    }
}

#[tokio::test]
async fn a_list_by_cursor_is_stable_while_resources_are_written() {
    for query in ["/Users?count=3", "/Users?count=3&sortBy=userName"] {
        let site = SiteBuilder::default().start().await;
        let scim = &site.scim;
        let mut ids = Vec::new();
        for number in 0..9 {
            ids.push(scim.create_user(&format!("user{number}@x")).await);
        }
        let first = scim.get(&format!("{query}&cursor=")).await.body;
        let mut seen = names(&first);
        assert_eq!(seen, ["user0@x", "user1@x", "user2@x"]);
        // Of those seen two go, the last among them, and one that is to come; others come.
        for number in [1, 2, 4] {
            scim.delete(&format!("/Users/{}", ids[number])).await;
        }
        users(scim, &["user0a@x", "user9@x"]).await;
        let mut cursor = first["nextCursor"].as_str().map(str::to_owned);
        while let Some(next) = cursor {
            let page = scim.get(&format!("{query}&cursor={next}")).await.body;
            seen.extend(names(&page));
            cursor = page["nextCursor"].as_str().map(str::to_owned);
        }
        let distinct: BTreeSet<&str> = seen.iter().map(String::as_str).collect();
        assert_eq!(distinct.len(), seen.len(), "nobody twice: {seen:?}");
        for name in ["user3@x", "user5@x", "user6@x", "user7@x", "user8@x"] {
            assert!(distinct.contains(name), "{name} is missed: {seen:?}");
        }
        assert!(
            !distinct.contains("user4@x"),
            "gone before its page: {seen:?}"
        );
    }
}

#[tokio::test]
async fn a_cursor_that_cannot_be_used_says_why() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    users(scim, &["a@x", "b@x"]).await;
    let first = scim.get("/Users?count=1&cursor=").await.body;
    assert_eq!(first["totalResults"], 2);
    let cursor = first["nextCursor"].as_str().unwrap();
    for path in [
        "/Users?cursor=nonsense".to_owned(),
        format!("/Groups?cursor={cursor}"),
        format!("/Users?cursor={cursor}&filter=userName%20pr"),
        format!("/Users?cursor={cursor}&sortBy=userName"),
    ] {
        assert_refused(&scim.get(&path).await, "invalidCursor");
    }
    for count in ["0", "-1"] {
        let reply = scim.get(&format!("/Users?cursor=&count={count}")).await;
        assert_refused(&reply, "invalidCount");
    }
    let config = scim.get("/ServiceProviderConfig").await.body;
    assert_eq!(config["pagination"]["cursor"], true);
    assert_eq!(config["pagination"]["defaultPaginationMethod"], "index");
}

#[tokio::test]
async fn a_search_request_does_what_a_query_does() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    users(scim, &["a@x", "b@x", "c@x"]).await;
    scim.create_group("b@x", &[]).await;
    let search = |path: &'static str, mut body: Value| async move {
        body["schemas"] = json!([SEARCH]);
        let reply = scim.send(Method::POST, path, Some(&body)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.body
    };
    let body = json!({"filter": "displayName sw \"b\"", "attributes": ["displayName"]});
    let found = search("/.search", body).await;
    assert_eq!(found["totalResults"], 2, "{found}");
    let body =
        json!({"filter": "userName ge \"b\"", "sortBy": "userName", "sortOrder": "descending"});
    assert_eq!(names(&search("/Users/.search", body).await), ["c@x", "b@x"]);
    let body = json!({"filter": "displayName pr", "count": 1});
    assert_eq!(names(&search("/Groups/.search", body).await), ["b@x"]);

    let page = search("/Users/.search", json!({"cursor": "", "count": 2})).await;
    assert_eq!(names(&page), ["a@x", "b@x"]);
    let rest = json!({"cursor": page["nextCursor"], "count": 2});
    assert_eq!(names(&search("/Users/.search", rest).await), ["c@x"]);
}

#[tokio::test]
async fn a_query_at_the_root_finds_every_type() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    users(scim, &["m@x", "a@x"]).await;
    scim.create_group("H", &[]).await;
    let found = scim.get("?filter=id%20pr").await.body;
    let types: Vec<&Value> = found["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| &resource["meta"]["resourceType"])
        .collect();
    assert_eq!(types, ["User", "User", "Group"]);
    let groups = scim
        .get("?filter=meta.resourceType%20eq%20%22Group%22")
        .await;
    assert_eq!(names(&groups.body), ["H"]);
    let sorted = scim
        .get("/?sortBy=displayName&count=2&startIndex=2")
        .await
        .body;
    assert_eq!(names(&sorted), ["H", "m@x"], "{sorted}");
    assert_eq!(sorted["totalResults"], 3);
}

#[tokio::test]
async fn every_attribute_can_be_sorted_by() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let mut ids = Vec::new();
    for (name, mail, primary, active, department) in [
        ("one", "z@x", "B@x", true, Some("beta")),
        ("two", "y@x", "c@x", false, None),
        ("three", "x@x", "A@x", true, Some("Alpha")),
    ] {
        let mut body = json!({
            "userName": name, "active": active, "name": {"familyName": mail},
            "emails": [{"value": mail, "type": "home"}, {"value": primary, "primary": true}],
        });
        if let Some(department) = department {
            body[urn] = json!({"department": department});
        }
        ids.push(scim.create("/Users", body).await);
    }
    scim.create_group("zulu", &[&ids[0]]).await;
    scim.create_group("Alfa", &[&ids[1]]).await;
    for (sort_by, order) in [
        ("userName", "one three two"),
        ("name.familyName", "three two one"),
        ("emails", "three one two"),
        ("emails.value", "three one two"),
        ("active", "two one three"),
        ("meta.created", "one two three"),
        (&format!("{urn}:department"), "three one two"),
        ("groups.display", "two one three"),
        ("nonsense", "one two three"),
    ] {
        let path = format!("/Users?sortBy={sort_by}");
        let listed = scim.get(&path).await.body;
        assert_eq!(names(&listed).join(" "), order, "{sort_by}");
    }
    let path = format!("/Users?sortOrder=descending&sortBy={urn}:department");
    let listed = scim.get(&path).await.body;
    assert_eq!(names(&listed).join(" "), "two one three", "absent first");
}
