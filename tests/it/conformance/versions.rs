//! RFC 7644 §3.14: what a client says of the version that it knows.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PATCH, Reply, Scim, Site, SiteBuilder, user};

async fn site() -> Site {
    SiteBuilder::default().start().await
}

async fn ask(scim: &Scim, method: Method, path: &str, header: (&str, &str), body: Value) -> Reply {
    let body = match body {
        Value::Null => Vec::new(),
        body => body.to_string().into_bytes(),
    };
    let content_type = Some("application/scim+json");
    scim.send_with(method, path, content_type, &[header], body)
        .await
}

fn title(title: &str) -> Value {
    json!({"schemas": [PATCH], "Operations": [{"op": "replace", "path": "title", "value": title}]})
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let site = site().await;
    let path = format!("/Users/{}", site.scim.create_user("jane.doe@x").await);
    let first = site.scim.get(&path).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(first.body["meta"]["version"], tag.as_str());

    for known in [tag.as_str(), "*", &format!("W/\"0\", {tag}")] {
        let header = ("If-None-Match", known);
        let again = ask(&site.scim, Method::GET, &path, header, Value::Null).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{known}");
        assert_eq!(again.header("etag"), tag);
    }
    site.scim
        .patch(
            &path,
            json!([{"op": "replace", "path": "title", "value": "Chief"}]),
        )
        .await;
    let header = ("If-None-Match", tag.as_str());
    let changed = ask(&site.scim, Method::GET, &path, header, Value::Null).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), tag);
    let header = ("If-Match", tag.as_str());
    let gone = ask(&site.scim, Method::GET, &path, header, Value::Null).await;
    assert_eq!(gone.status, 412, "{}", gone.text);
}

#[tokio::test]
async fn a_user_in_other_groups_is_sent_again() {
    let site = site().await;
    let scim = &site.scim;
    let user = scim.create_user("jane.doe@x").await;
    let path = format!("/Users/{user}");
    let group = format!("/Groups/{}", scim.create_group("Ops", &[]).await);
    let member = json!([{"op": "add", "path": "members", "value": [{"value": user}]}]);
    let rename = json!([{"op": "replace", "path": "displayName", "value": "Operations"}]);
    let gone = json!([{"op": "remove", "path": format!("members[value eq \"{user}\"]")}]);
    let mut tags = vec![scim.get(&path).await.header("etag").to_owned()];
    for (change, groups) in [(member, "Ops"), (rename, "Operations"), (gone, "")] {
        scim.patch(&group, change).await;
        let known = tags.last().unwrap();
        let header = ("If-None-Match", known.as_str());
        let reply = ask(scim, Method::GET, &path, header, Value::Null).await;
        assert_eq!(reply.status, 200, "{groups}");
        let shown = reply.body["groups"][0]["display"].as_str();
        assert_eq!(shown.unwrap_or_default(), groups);
        let tag = reply.header("etag").to_owned();
        assert_eq!(reply.body["meta"]["version"], tag.as_str());
        let header = ("If-None-Match", tag.as_str());
        let again = ask(scim, Method::GET, &path, header, Value::Null).await;
        assert_eq!(again.status, 304, "{groups}");
        tags.push(tag);
    }
    assert_eq!(tags[3], tags[0], "it is shown as it was before");
    // Groups are not changed through the user, so that whoever read it may write it.
    for status in [200, 412] {
        let header = ("If-Match", tags[1].as_str());
        let reply = ask(scim, Method::PATCH, &path, header, title("Chief")).await;
        assert_eq!(reply.status, status, "{}", reply.text);
    }
}

#[tokio::test]
async fn a_change_of_another_version_than_the_one_meant_is_refused() {
    let site = site().await;
    let scim = &site.scim;
    let path = format!("/Users/{}", scim.create_user("jane.doe@x").await);
    let old = scim.get(&path).await.header("etag").to_owned();
    let reply = ask(
        scim,
        Method::PATCH,
        &path,
        ("If-Match", &old),
        title("Chief"),
    )
    .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let new = reply.header("etag").to_owned();

    let put = user("jane.doe@x");
    for (method, body) in [
        (Method::PATCH, title("Clerk")),
        (Method::PUT, put),
        (Method::DELETE, Value::Null),
    ] {
        for header in [("If-Match", old.as_str()), ("If-None-Match", new.as_str())] {
            let reply = ask(scim, method.clone(), &path, header, body.clone()).await;
            assert_eq!(reply.status, 412, "{method} {header:?}: {}", reply.text);
            assert_eq!(reply.body["status"], "412");
        }
    }
    assert_eq!(scim.get(&path).await.body["title"], "Chief", "untouched");

    let both = format!("{old}, {new}");
    let reply = ask(
        scim,
        Method::PATCH,
        &path,
        ("If-Match", &both),
        title("Head"),
    )
    .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let reply = ask(scim, Method::DELETE, &path, ("If-Match", "*"), Value::Null).await;
    assert_eq!(reply.status, 204, "{}", reply.text);
    let reply = ask(scim, Method::DELETE, &path, ("If-Match", "*"), Value::Null).await;
    assert_eq!(reply.status, 404, "what is not there has no version");
}

/// Without the version, member changes commute and all succeed.
#[tokio::test]
async fn of_many_who_mean_one_version_of_a_group_one_succeeds() {
    let site = site().await;
    let scim = &site.scim;
    let group = format!("/Groups/{}", scim.create_group("Ops", &[]).await);
    let mut members = Vec::new();
    for number in 0..8 {
        members.push(scim.create_user(&format!("m{number}@x")).await);
    }
    let tag = scim.get(&group).await.header("etag").to_owned();
    let changes = members.iter().map(|member| {
        let body = json!({"schemas": [PATCH], "Operations": [
            {"op": "add", "path": "members", "value": [{"value": member}]},
        ]});
        ask(scim, Method::PATCH, &group, ("If-Match", &tag), body)
    });
    let replies = futures_util::future::join_all(changes).await;
    let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    let done = statuses.iter().filter(|status| **status == 200).count();
    let refused = statuses.iter().filter(|status| **status == 412).count();
    assert_eq!((done, refused), (1, 7), "{statuses:?}");
    let after = scim.get(&group).await.body;
    assert_eq!(after["members"].as_array().unwrap().len(), 1);
}
