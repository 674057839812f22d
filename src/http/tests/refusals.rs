//! Every refusal is SCIM JSON with the right status, and changes nothing.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::json;

use crate::http::testing::{Endpoint, OTHER_TOKEN, Reply, TOKEN};

const JSON: (&str, &str) = ("Content-Type", "application/scim+json");

fn post(body: &str) -> TestRequest {
    TestRequest::post()
        .uri("/scim/v2/Users")
        .insert_header(JSON)
        .set_payload(body.to_owned())
}

fn assert_scim_error(reply: &Reply, status: u16, scim_type: Option<&str>, what: &str) {
    assert_eq!(reply.status, status, "{what}: {}", reply.body);
    assert_eq!(
        reply.header("content-type"),
        "application/scim+json",
        "{what}"
    );
    assert_eq!(reply.body["status"], status.to_string(), "{what}: a string");
    let schema = "urn:ietf:params:scim:api:messages:2.0:Error";
    assert_eq!(reply.body["schemas"], json!([schema]), "{what}");
    assert_eq!(
        reply.body.get("scimType").and_then(|text| text.as_str()),
        scim_type,
        "{what}"
    );
    assert!(!reply.body["detail"].as_str().unwrap().is_empty(), "{what}");
}

#[actix_web::test]
async fn what_is_not_there_is_refused_in_scim_json() {
    let endpoint = Endpoint::new();
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/scim/v2/Nonsense", 404),
        ("GET", "/scim/v2/Users/nobody", 404),
        ("DELETE", "/scim/v2/Groups/nothing", 404),
        ("GET", "/scim/v2/Schemas/urn:nothing", 404),
        ("GET", "/scim/v2/Me", 501),
        ("GET", "/scim/v2/Schemas?filter=id%20pr", 403),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = TestRequest::with_uri(path).method(method);
        assert_scim_error(&endpoint.ask(request).await, status, None, path);
    }
}

#[actix_web::test]
async fn a_method_that_a_resource_does_not_have_names_those_it_has() {
    let endpoint = Endpoint::new();
    for (method, path, allowed) in [
        ("DELETE", "/scim/v2/Users", "GET, HEAD, POST"),
        ("POST", "/scim/v2/Groups/x", "GET, HEAD, PUT, PATCH, DELETE"),
        ("POST", "/scim/v2/Schemas", "GET, HEAD"),
        ("PUT", "/scim/v2/ServiceProviderConfig", "GET, HEAD"),
        ("DELETE", "/scim/v2/ResourceTypes/User", "GET, HEAD"),
        ("PROPFIND", "/scim/v2/Users", "GET, HEAD, POST"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let reply = endpoint
            .ask(TestRequest::with_uri(path).method(method))
            .await;
        assert_scim_error(&reply, 405, None, path);
        assert_eq!(reply.header("allow"), allowed, "{path}");
    }
}

#[actix_web::test]
async fn without_a_known_token_only_discovery_answers() {
    let endpoint = Endpoint::new();
    for authorization in [
        "",
        "Bearer",
        "Bearer wrong",
        "wrong",
        "Basic bm9ib2R5Ondyb25n",
    ] {
        for path in ["/scim/v2/Users", "/scim/v2/Groups/x", "/scim/v2/.search"] {
            let request = match path {
                "/scim/v2/.search" => TestRequest::post(),
                _ => TestRequest::get(),
            };
            let header = ("Authorization", authorization);
            let reply = endpoint.send(request.uri(path).insert_header(header)).await;
            assert_scim_error(&reply, 401, None, authorization);
            assert_eq!(
                reply.header("www-authenticate"),
                "Bearer realm=\"scim-bridge\""
            );
        }
    }
    for path in [
        "ServiceProviderConfig",
        "ResourceTypes",
        "Schemas",
        "ResourceTypes/Group",
    ] {
        let request = TestRequest::get().uri(&format!("/scim/v2/{path}"));
        assert_eq!(endpoint.send(request).await.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn a_token_opens_its_own_directory_only() {
    let endpoint = Endpoint::new();
    let made = endpoint.ask(post(r#"{"userName": "jane"}"#)).await;
    let id = made.body["id"].as_str().unwrap();
    for (authorization, directory, status) in [
        (format!("Bearer {TOKEN}"), "", 200),
        (TOKEN.to_owned(), "", 200),
        (format!("bearer {OTHER_TOKEN}"), "", 401),
        (TOKEN.to_owned(), "/other", 401),
        (OTHER_TOKEN.to_owned(), "/other", 404),
    ] {
        let request = TestRequest::get()
            .uri(&format!("/scim{directory}/v2/Users/{id}"))
            .insert_header(("Authorization", authorization));
        assert_eq!(endpoint.send(request).await.status, status, "{directory}");
    }
    let same_name = post(r#"{"userName": "jane"}"#)
        .uri("/scim/other/v2/Users")
        .insert_header(("Authorization", OTHER_TOKEN));
    let same_name = endpoint.send(same_name).await;
    assert_eq!(same_name.status, 201, "each directory has its own names");
}

#[actix_web::test]
async fn nothing_tells_whether_a_directory_exists() {
    let endpoint = Endpoint::new();
    for rest in [
        "",
        "/Users",
        "/Nonsense",
        "/Me",
        "/Schemas",
        "/ServiceProviderConfig",
        "/.search",
    ] {
        for method in ["GET", "DELETE", "PROPFIND"] {
            for authorization in ["", "wrong", "Basic bm9ib2R5Ondyb25n", TOKEN] {
                let mut answers = Vec::new();
                for directory in ["other", "nobody"] {
                    let request = TestRequest::with_uri(&format!("/scim/{directory}/v2{rest}"))
                        .method(Method::from_bytes(method.as_bytes()).unwrap())
                        .insert_header(("Authorization", authorization))
                        .insert_header(("X-Request-Id", "same"));
                    let reply = endpoint.send(request).await;
                    let what = format!("{method} {directory} {rest} {authorization}");
                    assert_scim_error(&reply, 401, None, &what);
                    answers.push((format!("{:?}", reply.headers), reply.body));
                }
                assert_eq!(answers[0], answers[1], "{method} {rest} {authorization}");
            }
        }
    }
    // With its token, a further directory answers like any other.
    for (path, status) in [
        ("/scim/other/v2/Schemas", 200),
        ("/scim/other/v2/Nonsense", 404),
        ("/scim/other/v2/Me", 501),
    ] {
        let request = TestRequest::get()
            .uri(path)
            .insert_header(("Authorization", OTHER_TOKEN));
        assert_eq!(endpoint.send(request).await.status, status, "{path}");
    }
}

#[actix_web::test]
async fn hostile_bodies_change_nothing() {
    let endpoint = Endpoint::new();
    let nested = format!(
        "{{\"userName\":{}1{}}}",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    let large = format!("{{\"userName\":\"{}\"}}", "x".repeat(70_000));
    for (body, status, scim_type) in [
        ("", 400, Some("invalidSyntax")),
        ("{\"userName\":", 400, Some("invalidSyntax")),
        ("[{\"userName\":\"x\"}]", 400, Some("invalidSyntax")),
        (nested.as_str(), 400, Some("invalidSyntax")),
        (large.as_str(), 413, None),
        ("{}", 400, Some("invalidValue")),
        ("{\"userName\":{\"a\":1}}", 400, Some("invalidValue")),
    ] {
        let shown: String = body.chars().take(30).collect();
        assert_scim_error(&endpoint.ask(post(body)).await, status, scim_type, &shown);
    }
    let not_utf8 = post("").set_payload(b"{\"userName\":\"\xff\xfe\"}".to_vec());
    assert_scim_error(
        &endpoint.ask(not_utf8).await,
        400,
        Some("invalidSyntax"),
        "bytes",
    );
    let form = post("userName=x").insert_header(("Content-Type", "text/plain"));
    assert_scim_error(&endpoint.ask(form).await, 415, None, "a form");
    let packed = post("{}").insert_header(("Content-Encoding", "gzip"));
    assert_scim_error(&endpoint.ask(packed).await, 415, None, "gzip");

    let all = endpoint.ask(TestRequest::get().uri("/scim/v2/Users")).await;
    assert_eq!(all.body["totalResults"], 0);
}

#[actix_web::test]
async fn a_patch_is_judged_before_its_resource_is_looked_up() {
    let endpoint = Endpoint::new();
    let patch = |operation: serde_json::Value| {
        TestRequest::patch()
            .uri("/scim/v2/Users/nobody")
            .set_json(json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [operation],
            }))
    };
    for (operation, status, scim_type) in [
        (json!({"op": "remove"}), 400, Some("noTarget")),
        (
            json!({"op": "add", "path": "emails[type eq", "value": "x"}),
            400,
            Some("invalidPath"),
        ),
        (
            json!({"op": "replace", "path": "id", "value": "x"}),
            400,
            Some("mutability"),
        ),
        (
            json!({"op": "replace", "path": "title", "value": "x"}),
            404,
            None,
        ),
    ] {
        let what = operation.to_string();
        assert_scim_error(
            &endpoint.ask(patch(operation)).await,
            status,
            scim_type,
            &what,
        );
    }
}

#[actix_web::test]
async fn a_filter_that_does_not_parse_says_where() {
    let endpoint = Endpoint::new();
    for filter in [
        "userName%20eq",
        "userName+zz+%22x%22",
        "((((",
        "active+gt+true",
    ] {
        let request = TestRequest::get().uri(&format!("/scim/v2/Users?filter={filter}"));
        let reply = endpoint.ask(request).await;
        assert_scim_error(&reply, 400, Some("invalidFilter"), filter);
    }
}

#[actix_web::test]
async fn a_scan_without_a_place_is_to_come_back_and_look_ups_are_answered() {
    let endpoint = Endpoint::new();
    let body = r#"{"userName": "jane", "title": "Engineer"}"#;
    assert_eq!(endpoint.ask(post(body)).await.status, 201);
    let list = |query: &str| {
        let uri = format!("/scim/v2/Users?{query}");
        endpoint.ask(TestRequest::get().uri(&uri))
    };
    let taken = endpoint.world.scans.begin(|| 0).await.unwrap();
    for query in [
        "filter=title+pr",
        "sortBy=title",
        "filter=title+pr&cursor=",
        "filter=userName+eq+%22a%22+or+userName+eq+%22b%22",
    ] {
        let busy = list(query).await;
        assert_scim_error(&busy, 503, None, query);
        assert_eq!(busy.header("retry-after"), "5", "{query}");
    }
    for query in [
        "",
        "cursor=",
        "filter=userName+eq+%22JANE%22",
        "filter=userName+eq+%22jane%22+and+title+pr",
    ] {
        let reply = list(query).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.body["itemsPerPage"]),
            (200, &json!(1))
        );
    }
    drop(taken);
    assert_eq!(list("filter=title+pr").await.body["totalResults"], 1);
}
