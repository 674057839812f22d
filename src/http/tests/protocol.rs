//! What a client gets besides the resource: headers, addresses, ids, counts.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::directory::testing::settings as directory_settings;
use crate::http::testing::{Endpoint, Reply, TOKEN, settings};

async fn create(endpoint: &Endpoint, path: &str, body: Value) -> Reply {
    let request = TestRequest::post().uri(path).set_json(body);
    let reply = endpoint.ask(request).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply
}

fn id(reply: &Reply) -> &str {
    reply.body["id"].as_str().unwrap()
}

fn rename(path: &str) -> TestRequest {
    TestRequest::patch().uri(path).set_json(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "Replace", "value": {"name.givenName": "Jane"}}],
    }))
}

#[actix_web::test]
async fn every_answer_with_a_resource_says_where_it_is() {
    let endpoint = Endpoint::new();
    let made = create(&endpoint, "/scim/v2/Users", json!({"userName": "jane"})).await;
    let path = format!("/scim/v2/Users/{}", id(&made));
    let put = TestRequest::put()
        .uri(&path)
        .set_json(json!({"userName": "jane", "title": "x"}));
    let replies = [
        endpoint.ask(TestRequest::get().uri(&path)).await,
        endpoint.ask(put).await,
        endpoint.ask(rename(&path)).await,
        made,
    ];
    for reply in replies {
        let location = reply.header("location");
        assert!(
            location.starts_with("http://") && location.ends_with(&path),
            "{location}"
        );
        assert_eq!(reply.body["meta"]["location"], location);
        assert_eq!(reply.body["meta"]["version"], reply.header("etag"));
        assert_eq!(reply.header("content-type"), "application/scim+json");
    }
    let gone = endpoint.ask(TestRequest::delete().uri(&path)).await;
    assert_eq!((gone.status.as_u16(), gone.body), (204, Value::Null));
}

#[actix_web::test]
async fn a_patch_is_answered_with_nothing_where_the_directory_says_so() {
    let directory = crate::directory::DirectorySettings {
        patch_no_content: true,
        ..directory_settings("default", TOKEN)
    };
    let endpoint = Endpoint::with(settings(), directory);
    let made = create(&endpoint, "/scim/v2/Users", json!({"userName": "jane"})).await;
    let path = format!("/scim/v2/Users/{}", id(&made));
    let reply = endpoint.ask(rename(&path)).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (204, &Value::Null));
    let reply = endpoint.ask(TestRequest::get().uri(&path)).await;
    assert_eq!(reply.body["name"]["givenName"], "Jane");
}

#[actix_web::test]
async fn the_id_of_a_request_is_taken_over_or_made_and_always_told() {
    let endpoint = Endpoint::new();
    let request = |id: &str| {
        TestRequest::get()
            .uri("/scim/v2/Users")
            .insert_header(("X-Request-Id", id))
    };
    let known = endpoint.ask(request("gateway-42")).await;
    assert_eq!(known.header("x-request-id"), "gateway-42");
    let forged = endpoint.ask(request("x\" level=error")).await;
    let made = forged.header("x-request-id");
    assert!(made.parse::<uuid::Uuid>().is_ok(), "{made}");
}

#[actix_web::test]
async fn urls_are_read_as_clients_write_them() {
    let endpoint = Endpoint::new();
    let body = json!({"userName": "jane", "emails": [{"value": "j@x.example", "type": "work"}]});
    create(&endpoint, "/scim/v2/Users?aadOptscim062020", body).await;
    for url in [
        "/scim/v2/Users?filter=userName+eq+%22JANE%22&",
        "/scim/v2/Users?aadOptscim062020&filter=userName%20eq%20%22jane%22",
        "/scim/v2/Users/?filter=userName%20eq%20%22jane%22&?",
        "/scim/v2//Users?FILTER=userName%20eq%20%22jane%22",
        "/scim/v2/Users?filter=emails[type+eq+%22work%22].value+eq+%22j@x.example%22",
        "/scim/v2/Users?",
        "/scim/v2?filter=userName%20eq%20%22jane%22",
    ] {
        let reply = endpoint.ask(TestRequest::get().uri(url)).await;
        assert_eq!(reply.body["totalResults"], 1, "{url}: {}", reply.body);
    }
}

#[actix_web::test]
async fn a_search_at_the_root_pages_through_users_and_then_groups() {
    let endpoint = Endpoint::new();
    for name in ["a", "b", "c"] {
        create(
            &endpoint,
            "/scim/v2/Users",
            json!({"userName": name, "displayName": name}),
        )
        .await;
    }
    for name in ["d", "e"] {
        create(&endpoint, "/scim/v2/Groups", json!({"displayName": name})).await;
    }
    let search = TestRequest::post().uri("/scim/v2/.search").set_json(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "displayName pr", "startIndex": 3, "count": 2, "attributes": ["displayName"],
    }));
    let reply = endpoint.ask(search).await;
    assert_eq!(reply.body["totalResults"], 5, "{}", reply.body);
    let resources = reply.body["Resources"].as_array().unwrap().iter();
    let names: Vec<_> = resources.map(|resource| &resource["displayName"]).collect();
    assert_eq!(names, ["c", "d"]);
}

#[actix_web::test]
async fn a_page_never_holds_more_than_the_configured_number() {
    let settings = crate::http::ScimSettings {
        max_results: 2,
        ..settings()
    };
    let endpoint = Endpoint::with(settings, directory_settings("default", TOKEN));
    for name in ["a", "b", "c"] {
        create(&endpoint, "/scim/v2/Users", json!({"userName": name})).await;
    }
    for url in ["/scim/v2/Users", "/scim/v2/Users?count=1000"] {
        let page = endpoint.ask(TestRequest::get().uri(url)).await.body;
        assert_eq!(
            (&page["totalResults"], &page["itemsPerPage"]),
            (&json!(3), &json!(2))
        );
    }
    let config = TestRequest::get().uri("/scim/v2/ServiceProviderConfig");
    assert_eq!(endpoint.send(config).await.body["filter"]["maxResults"], 2);
}

#[actix_web::test]
async fn requests_and_tolerances_are_counted_by_route() {
    let endpoint = Endpoint::new();
    let made = create(
        &endpoint,
        "/scim/v2/Users",
        json!({"userName": "j", "active": "True"}),
    )
    .await;
    let path = format!("/scim/v2/Users/{}", id(&made));
    endpoint.ask(TestRequest::get().uri(&path)).await;
    endpoint
        .ask(TestRequest::get().uri("/scim/v2/Users/nobody"))
        .await;
    let page = endpoint.metrics.page().unwrap();
    for line in [
        r#"scim_requests_total{route="/scim/v2/Users",method="POST",status="201"} 1"#,
        r#"scim_requests_total{route="/scim/v2/Users/{id}",method="GET",status="200"} 1"#,
        r#"scim_requests_total{route="/scim/v2/Users/{id}",method="GET",status="404"} 1"#,
        r#"scim_tolerances_total{directory="default",tolerance="string_boolean"} 1"#,
    ] {
        assert!(page.contains(line), "no line {line} in\n{page}");
    }
}
