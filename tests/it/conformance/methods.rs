//! Methods, paths and media types: what every endpoint answers, and that each refusal is SCIM JSON.

use reqwest::Method;
use serde_json::Value;

use crate::support::{Reply, Scim, SiteBuilder};

async fn ask(scim: &Scim, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    scim.send_with(method, path, None, headers, Vec::new())
        .await
}

fn assert_scim_error(reply: &Reply, status: u16, what: &str) {
    assert_eq!(reply.status, status, "{what}: {}", reply.text);
    assert_eq!(
        reply.header("content-type"),
        "application/scim+json",
        "{what}"
    );
    assert_eq!(
        reply.body["status"],
        Value::from(status.to_string()),
        "{what}"
    );
}

#[tokio::test]
async fn head_says_what_get_says_without_the_body() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    let user = format!("/Users/{}", scim.create_user("jane.doe@x").await);
    for path in [
        user.as_str(),
        "/Users",
        "/Groups?count=1",
        "",
        "/Schemas",
        "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
        "/ResourceTypes",
        "/ResourceTypes/User",
        "/ServiceProviderConfig",
    ] {
        let get = scim.get(path).await;
        let head = ask(scim, Method::HEAD, path, &[]).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
        for name in ["content-type", "content-length", "etag", "location"] {
            assert_eq!(head.header(name), get.header(name), "{path}: {name}");
        }
    }
    let reply = ask(scim, Method::HEAD, "/Users/nobody", &[]).await;
    assert_eq!((reply.status, reply.text.as_str()), (404, ""));
}

#[tokio::test]
async fn a_slash_at_the_end_or_a_lower_case_endpoint_is_understood() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    let id = scim.create_user("jane.doe@x").await;
    for path in [
        "/Users/",
        "/users",
        "/Groups/",
        "/groups/?count=1",
        &format!("/Users/{id}/"),
        &format!("/users/{id}"),
        "/Schemas/",
        "/ResourceTypes/",
        "/ServiceProviderConfig/",
        "/",
    ] {
        let reply = scim.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    }
}

#[tokio::test]
async fn what_an_endpoint_does_not_do_is_refused_in_scim_json() {
    let site = SiteBuilder::default().start().await;
    let scim = &site.scim;
    for (method, path, status) in [
        (Method::PUT, "/Users", 405),
        (Method::POST, "/Users/1", 405),
        (Method::GET, "/.search", 405),
        (Method::GET, "/Users/.search", 405),
        (Method::DELETE, "/Schemas", 405),
        (Method::OPTIONS, "/Groups", 405),
        (Method::GET, "/Me", 501),
        (Method::PATCH, "/Me", 501),
        (Method::GET, "/Robots", 404),
    ] {
        let reply = ask(scim, method.clone(), path, &[]).await;
        assert_scim_error(&reply, status, &format!("{method} {path}"));
        assert_eq!(status == 405, !reply.header("allow").is_empty(), "{path}");
    }
    let reply = ask(scim, Method::GET, "/Users", &[("Accept", "text/html")]).await;
    assert_scim_error(&reply, 406, "Accept: text/html");
    let schemas = ask(scim, Method::GET, "/Schemas", &[("Accept", "image/png")]).await;
    assert_scim_error(&schemas, 406, "Accept: image/png");
    let form = Some("application/x-www-form-urlencoded");
    let reply = scim
        .send_raw(Method::POST, "/Users", form, b"userName=x".to_vec())
        .await;
    assert_scim_error(&reply, 415, "a form");
    let large = format!("{{\"userName\":\"{}\"}}", "x".repeat(2 << 20)).into_bytes();
    let json = Some("application/scim+json");
    let reply = scim.send_raw(Method::POST, "/Users", json, large).await;
    assert_scim_error(&reply, 413, "two MiB");
}
