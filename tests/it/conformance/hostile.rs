//! Whatever comes in, the answer is a SCIM error with the right status, and nothing changes.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Scim, Site, SiteBuilder, USER};

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

struct Case {
    name: &'static str,
    method: Method,
    path: String,
    content_type: Option<&'static str>,
    body: Vec<u8>,
    status: u16,
    scim_type: Option<&'static str>,
}

fn case(
    name: &'static str,
    method: Method,
    path: impl Into<String>,
    body: impl Into<Vec<u8>>,
    status: u16,
    scim_type: Option<&'static str>,
) -> Case {
    Case {
        name,
        method,
        path: path.into(),
        content_type: Some("application/scim+json"),
        body: body.into(),
        status,
        scim_type,
    }
}

fn patch(operation: Value) -> String {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    })
    .to_string()
}

fn cases(id: &str) -> Vec<Case> {
    let user = format!("/Users/{id}");
    let deep = format!(
        "{{\"userName\":{}1{}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let nested = format!(
        "/Users?filter={}active%20pr{}",
        "(".repeat(3_000),
        ")".repeat(3_000)
    );
    let terms = format!(
        "/Users?filter={}title%20pr",
        "title%20pr%20or%20".repeat(2_000)
    );
    let large = json!({"schemas": [USER], "userName": "big", "title": "x".repeat(5_000_000)});
    let named = |value: Value| json!({"schemas": [USER], "userName": value}).to_string();
    let post = Method::POST;
    let get = Method::GET;
    vec![
        case(
            "half a JSON",
            post.clone(),
            "/Users",
            "{\"userName\":",
            400,
            Some("invalidSyntax"),
        ),
        case(
            "no JSON at all",
            post.clone(),
            "/Users",
            "hello",
            400,
            Some("invalidSyntax"),
        ),
        case(
            "not UTF-8",
            post.clone(),
            "/Users",
            vec![b'"', 0xff, 0xfe, b'"'],
            400,
            Some("invalidSyntax"),
        ),
        case(
            "an empty body",
            post.clone(),
            "/Users",
            "",
            400,
            Some("invalidSyntax"),
        ),
        case(
            "a list",
            post.clone(),
            "/Users",
            "[]",
            400,
            Some("invalidSyntax"),
        ),
        case(
            "too deep",
            post.clone(),
            "/Users",
            deep,
            400,
            Some("invalidSyntax"),
        ),
        case(
            "too large",
            post.clone(),
            "/Users",
            large.to_string(),
            413,
            None,
        ),
        case(
            "a number for a name",
            post.clone(),
            "/Users",
            named(json!(7)),
            400,
            Some("invalidValue"),
        ),
        case(
            "an object for a name",
            post.clone(),
            "/Users",
            named(json!({"a": 1})),
            400,
            Some("invalidValue"),
        ),
        case(
            "no name",
            post.clone(),
            "/Users",
            json!({"schemas": [USER]}).to_string(),
            400,
            Some("invalidValue"),
        ),
        case(
            "a taken name",
            post.clone(),
            "/Users",
            named(json!("ANN@corp.example")),
            409,
            Some("uniqueness"),
        ),
        case(
            "a broken filter",
            get.clone(),
            "/Users?filter=userName%20eq",
            "",
            400,
            Some("invalidFilter"),
        ),
        case(
            "a deep filter",
            get.clone(),
            nested,
            "",
            400,
            Some("invalidFilter"),
        ),
        case(
            "a long filter",
            get.clone(),
            terms,
            "",
            400,
            Some("invalidFilter"),
        ),
        case("an unknown id", get.clone(), "/Users/none", "", 404, None),
        case("an unknown path", get.clone(), "/Nonsense/1", "", 404, None),
        case(
            "a path that climbs",
            get.clone(),
            "/Users/..%2f..%2fetc",
            "",
            404,
            None,
        ),
        case(
            "a verb that is not offered",
            Method::DELETE,
            "/Users",
            "",
            405,
            None,
        ),
        case(
            "PATCH without operations",
            Method::PATCH,
            &user,
            "{}",
            400,
            None,
        ),
        case(
            "PATCH with an unknown op",
            Method::PATCH,
            &user,
            patch(json!({"op": "move", "path": "title"})),
            400,
            None,
        ),
        case(
            "PATCH of the id",
            Method::PATCH,
            &user,
            patch(json!({"op": "replace", "path": "id", "value": "x"})),
            400,
            Some("mutability"),
        ),
        case(
            "PATCH with a broken path",
            Method::PATCH,
            &user,
            patch(json!({"op": "replace", "path": "emails[type eq", "value": "x"})),
            400,
            Some("invalidPath"),
        ),
        case(
            "PATCH of nothing",
            Method::PATCH,
            &user,
            patch(json!({"op": "remove"})),
            400,
            Some("noTarget"),
        ),
        case(
            "PATCH with a wrong type",
            Method::PATCH,
            &user,
            patch(json!({"op": "replace", "path": "active", "value": {"a": 1}})),
            400,
            Some("invalidValue"),
        ),
        Case {
            content_type: Some("text/xml"),
            ..case(
                "a type that is not JSON",
                post,
                "/Users",
                "<user/>",
                415,
                None,
            )
        },
    ]
}

async fn snapshot(scim: &Scim) -> String {
    scim.get("/Users").await.text + &scim.get("/Groups").await.text
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_request_gets_a_scim_error_and_changes_nothing() {
    let site = SiteBuilder::default().start().await;
    let id = site.scim.create_user("ann@corp.example").await;
    let before = snapshot(&site.scim).await;
    for case in cases(&id) {
        let reply = site
            .scim
            .send_raw(case.method, &case.path, case.content_type, case.body)
            .await;
        let name = case.name;
        assert_eq!(reply.status, case.status, "{name}: {}", reply.text);
        assert_eq!(
            reply.body["schemas"],
            json!([ERROR]),
            "{name}: {}",
            reply.text
        );
        assert_eq!(
            reply.body["status"],
            json!(case.status.to_string()),
            "{name}"
        );
        if let Some(scim_type) = case.scim_type {
            assert_eq!(
                reply.body["scimType"],
                json!(scim_type),
                "{name}: {}",
                reply.text
            );
        }
        let content_type = reply.headers["content-type"].to_str().unwrap();
        assert!(
            content_type.starts_with("application/scim+json"),
            "{name}: {content_type}"
        );
        assert_eq!(
            snapshot(&site.scim).await,
            before,
            "{name} changed something"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_token_nothing_is_read_or_written() {
    let site: Site = SiteBuilder::default().start().await;
    site.scim.create_user("ann@corp.example").await;
    for token in [None, Some(""), Some("wrong"), Some("scimb_it-only")] {
        let stranger = Scim::new(site.running().scim_url(), token.map(str::to_owned));
        for (method, path) in [
            (Method::GET, "/Users"),
            (Method::POST, "/Users"),
            (Method::GET, "/Groups"),
            (Method::DELETE, "/Users/1"),
        ] {
            let reply = stranger.send(method.clone(), path, None).await;
            assert_eq!(reply.status, 401, "{method} {path} with {token:?}");
            assert_eq!(reply.body["status"], json!("401"));
            let challenge = reply.headers["www-authenticate"].to_str().unwrap();
            assert!(challenge.starts_with("Bearer"), "{challenge}");
        }
    }
}
