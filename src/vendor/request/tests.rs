use serde_json::json;

use super::super::exchange::Operation;
use super::super::profile::{Problems, Section};
use super::{RenderError, RequestTemplate, Variables, compile_request};

fn compile(text: &str, declared: &[&str]) -> Result<RequestTemplate, String> {
    let table: toml::Table = text.parse().unwrap();
    let problems = Problems::default();
    let template = {
        let section = Section::root(&table, &problems);
        compile_request(&section, declared)
    };
    let problems = problems.into_errors("test", text);
    match template {
        Some(template) if problems.is_empty() => Ok(template),
        _ => Err(problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")),
    }
}

fn by_id() -> RequestTemplate {
    compile("method = \"DELETE\"\npath = \"/users/{{ id }}/\"", &["id"]).unwrap()
}

#[test]
fn values_are_encoded_for_their_place() {
    let template = compile(
        r#"
            method = "POST"
            path = "/users/{{ key }}"
            query = { search = "login = {{ key | quoted }}", name = "{{ key }}" }
            body = { name = "{{ key }}", uri = "/users/{{ key | segment }}/", filter = [["a", "=", "{{ key }}"]] }
        "#,
        &["key"],
    )
    .unwrap();
    let rendered = template
        .render(
            Operation::Find,
            "/api",
            &Variables::new().with("key", r#"a"/../b"#),
        )
        .unwrap();
    assert_eq!(rendered.path, "/api/users/a%22%2F..%2Fb");
    assert_eq!(
        rendered.query,
        [
            ("name".to_owned(), r#"a"/../b"#.to_owned()),
            ("search".to_owned(), r#"login = "a\"/../b""#.to_owned()),
        ]
    );
    assert_eq!(
        rendered.body,
        Some(json!({
            "filter": [["a", "=", "a\"/../b"]],
            "name": "a\"/../b",
            "uri": "/users/a%22%2F..%2Fb/",
        }))
    );
}

#[test]
fn a_search_string_with_an_unquoted_placeholder_does_not_load() {
    for place in ["query = { search", "headers = { Filter", "body = { search"] {
        let text =
            format!("method = \"GET\"\npath = \"/users\"\n{place} = \"login = {{{{ key }}}}\" }}");
        let refused = compile(&text, &["key"]).unwrap_err();
        assert!(refused.contains("{{ key | quoted }}"), "{refused}");
        assert!(refused.starts_with("test:3:"), "{refused}");
    }
}

#[test]
fn a_path_with_an_empty_or_dotted_value_is_never_sent() {
    for value in [json!(""), json!("  "), json!("."), json!("..")] {
        let rendered = by_id().render(
            Operation::Delete,
            "/api",
            &Variables::new().with("id", value),
        );
        assert!(
            matches!(rendered, Err(RenderError::UnsafeSegment { .. })),
            "{rendered:?}"
        );
    }
    assert!(matches!(
        by_id().render(Operation::Delete, "/api", &Variables::new()),
        Err(RenderError::Missing { .. })
    ));
    assert!(matches!(
        by_id().render(
            Operation::Delete,
            "/api",
            &Variables::new().with("id", json!(null))
        ),
        Err(RenderError::Missing { .. })
    ));
}

#[test]
fn a_path_with_a_value_that_is_no_scalar_is_never_sent() {
    for value in [json!([1, 2]), json!({"id": 1})] {
        let rendered = by_id().render(
            Operation::Delete,
            "/api",
            &Variables::new().with("id", value),
        );
        assert!(matches!(rendered, Err(RenderError::NotScalar { .. })));
    }
}

#[test]
fn numbers_are_numbers() {
    let template = compile(
        r#"
            method = "PUT"
            path = "/groups/{{ group_id }}"
            body = { users = "{{ member_ids | numbers }}", first = "{{ group_id | number }}" }
        "#,
        &["group_id", "member_ids"],
    )
    .unwrap();
    let variables = |members: serde_json::Value| {
        Variables::new()
            .with("group_id", "7")
            .with("member_ids", members)
    };
    let rendered = template
        .render(Operation::AddMember, "", &variables(json!(["1", "22"])))
        .unwrap();
    assert_eq!(rendered.body, Some(json!({"users": [1, 22], "first": 7})));
    let rendered = template
        .render(Operation::AddMember, "", &variables(json!([])))
        .unwrap();
    assert_eq!(rendered.body, Some(json!({"users": [], "first": 7})));
    assert!(matches!(
        template.render(Operation::AddMember, "", &variables(json!(["1 or 2"]))),
        Err(RenderError::NotNumber { .. })
    ));
}

#[test]
fn mistakes_in_templates_are_named() {
    for (text, expected) in [
        (
            "method = \"GET\"\npath = \"/u/{{ ket }}\"",
            "did you mean \"key\"",
        ),
        ("method = \"GET\"\npath = \"/u/{{ key }\"", "without }}"),
        ("method = \"GET\"\npath = \"/u?x=1\"", "query"),
        ("method = \"GET\"\npath = \"u\"", "slash"),
        ("method = \"get\"\npath = \"/u\"", "did you mean \"GET\""),
        (
            "method = \"GET\"\npath = \"/u\"\nquery = { a = \"{{ key | quotd }}\" }",
            "did you mean \"quoted\"",
        ),
        (
            "method = \"GET\"\npath = \"/u/{{ key | quoted }}\"",
            "always one segment",
        ),
        (
            "method = \"GET\"\npath = \"/u\"\nquery = { a = \"{{ key | number }}\" }",
            "in a body",
        ),
    ] {
        let refused = compile(text, &["key"]).unwrap_err();
        assert!(refused.contains(expected), "{text}: {refused}");
    }
}

#[test]
fn a_header_value_carries_no_line_break() {
    let template = compile(
        "method = \"GET\"\npath = \"/u\"\nheaders = { \"X-Key\" = \"{{ key }}\" }",
        &["key"],
    )
    .unwrap();
    let rendered = template.render(
        Operation::Find,
        "",
        &Variables::new().with("key", "a\r\nHost: evil"),
    );
    assert!(matches!(
        rendered,
        Err(RenderError::ControlCharacter { .. })
    ));
}

#[test]
fn the_field_that_carries_a_password_is_secret() {
    let template = compile(
        "method = \"POST\"\npath = \"/t\"\nbody = { data = { name = \"{{ username }}\", secret = \"{{ password }}\" } }",
        &["username", "password"],
    )
    .unwrap();
    let rendered = template
        .render(
            Operation::Login,
            "",
            &Variables::new().with("username", "u").with("password", "p"),
        )
        .unwrap();
    assert_eq!(rendered.secret_fields, ["secret"]);
}

#[test]
fn a_call_is_a_method_and_params() {
    let template = compile(
        "call = \"user.update\"\nparams = [\"{{ id | number }}\", { name = \"{{ key }}\", force = true }]",
        &["id", "key"],
    )
    .unwrap();
    let variables = Variables::new().with("id", "7").with("key", "a\", \"b");
    let rendered = template
        .render(Operation::Update, "/api", &variables)
        .unwrap();
    assert_eq!(rendered.call.as_deref(), Some("user.update"));
    assert_eq!((rendered.method.as_str(), rendered.path.as_str()), ("", ""));
    assert_eq!(
        rendered.body,
        Some(json!([7, {"name": "a\", \"b", "force": true}]))
    );
    assert!(matches!(
        template.render(
            Operation::Update,
            "",
            &Variables::new().with("id", "7 or 8").with("key", "k")
        ),
        Err(RenderError::NotNumber { .. })
    ));
}

#[test]
fn a_call_has_no_parts_of_http_and_the_other_way_round() {
    for (text, expected) in [
        ("call = \"x\"\npath = \"/y\"", "call and params"),
        ("call = \"x\"\nparams = \"{{ key }}\"", "brackets"),
        (
            "call = \"x\"\nparams = [\"{{ keyy }}\"]",
            "did you mean \"key\"",
        ),
        (
            "method = \"GET\"\npath = \"/u\"\nparams = []",
            "only a JSON-RPC call",
        ),
    ] {
        let refused = compile(text, &["key"]).unwrap_err();
        assert!(refused.contains(expected), "{text}: {refused}");
    }
}
