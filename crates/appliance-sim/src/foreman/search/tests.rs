use super::{Cell, Field, Kind, holds, parse};
use crate::foreman::reply::Refusal;

const FIELDS: &[Field] = &[
    Field::text("login"),
    Field::text("mail"),
    Field::explicit("admin", Kind::Flag),
    Field::explicit("id", Kind::Number),
    Field::explicit("role", Kind::Text),
];

/// Whether the search finds the user Alice, who has id 7, no mail, and two roles.
fn finds(search: &str) -> bool {
    let node = parse(search, FIELDS).expect(search);
    holds(&node, FIELDS, &|field| match field {
        "login" => vec![Cell::Text("Alice".into())],
        "admin" => vec![Cell::Flag(false)],
        "id" => vec![Cell::Number(7)],
        "role" => vec![Cell::Text("Viewer".into()), Cell::Text("Manager".into())],
        _ => vec![],
    })
}

#[test]
fn equality_is_exact_and_likeness_is_not() {
    assert!(finds("login = \"Alice\""));
    assert!(finds("login=Alice"));
    assert!(!finds("login = alice"));
    assert!(finds("login ~ LIC"));
    assert!(finds("login ~ al*"));
    assert!(!finds("login ~ lic*"));
    assert!(finds("login ~ a_ice"));
    assert!(finds("login !~ bob"));
}

#[test]
fn lists_logic_and_parentheses_combine() {
    assert!(finds("login ^ (bob, Alice)"));
    assert!(!finds("login !^ (bob, Alice)"));
    assert!(finds("admin = false and (id > 6 or login = x)"));
    assert!(!finds("admin = true or id >= 8"));
    assert!(finds("not login = bob"));
    assert!(finds("role = Viewer role = Manager"));
    assert!(!finds("role != Viewer"));
}

#[test]
fn absence_can_be_asked_for() {
    assert!(finds("has login"));
    assert!(finds("null? mail"));
    assert!(!finds("has mail"));
}

#[test]
fn bare_words_look_into_the_texts() {
    assert!(finds("lic"));
    assert!(!finds("Viewer"));
}

#[test]
fn quotes_escape() {
    assert!(!finds(r#"login = "a\" or login = \"Alice""#));
}

#[test]
fn broken_syntax_finds_nothing_and_is_no_error() {
    for search in ["login =", "login = \"Ali", "(login = bob", ")"] {
        let found = finds(search);
        assert_eq!(found, search == ")", "{search}");
    }
    assert!(!finds(&format!("{}login = Alice", "(".repeat(10_000))));
}

#[test]
fn unknown_fields_and_unfit_values_are_errors() {
    for search in ["zzz = 1", "login!=\"x\"", "id = abc"] {
        assert!(
            matches!(parse(search, FIELDS), Err(Refusal::NotSupported(_))),
            "{search}"
        );
    }
}
