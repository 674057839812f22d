//! Input that means something, and what it means.

use super::trees::{
    CORE_USER, ENTERPRISE_USER, assert_filter, assert_path, attribute, compare, dotted, element,
    elements, equal, in_schema, not, present, text,
};
use crate::{Comparison, ElementCondition, Filter, Literal, Path, ValuePath};
use crate::{Options, parse_filter_with};

#[test]
fn paths_may_name_a_schema() {
    let manager = in_schema(ENTERPRISE_USER, dotted("manager", "value"));
    assert_path(
        &format!("{ENTERPRISE_USER}:manager.value"),
        &Path::Attribute(manager),
    );
    let emails = elements("emails", equal("type", "work"), Some("value"));
    let emails = ValuePath {
        attribute: in_schema(CORE_USER, attribute("emails")),
        ..emails
    };
    assert_path(
        &format!(r#"{CORE_USER}:emails[type eq "work"].value"#),
        &Path::Value(emails),
    );
    let schema = in_schema("urn:ietf:params:scim:schemas:core:2.0", attribute("User"));
    assert_path(CORE_USER, &Path::Attribute(schema));
    let hyphens = in_schema(
        "urn:acme-corp:scim-ext:1.0:Robot-Arm",
        attribute("serial-no"),
    );
    assert_path(
        "urn:acme-corp:scim-ext:1.0:Robot-Arm:serial-no",
        &Path::Attribute(hyphens),
    );
}

#[test]
fn or_binds_less_than_and_and_and_less_than_not() {
    let [a, b, c, d] = ["a", "b", "c", "d"].map(present);
    for (input, expected) in [
        (
            "a pr or b pr and c pr or d pr",
            Filter::Or(vec![
                a.clone(),
                Filter::And(vec![b.clone(), c.clone()]),
                d.clone(),
            ]),
        ),
        (
            "a pr and b pr or c pr and d pr",
            Filter::Or(vec![
                Filter::And(vec![a.clone(), b.clone()]),
                Filter::And(vec![c.clone(), d.clone()]),
            ]),
        ),
        (
            "(a pr or b pr) and c pr",
            Filter::And(vec![Filter::Or(vec![a.clone(), b.clone()]), c.clone()]),
        ),
        (
            "not (a pr) and b pr",
            Filter::And(vec![not(a.clone()), b.clone()]),
        ),
        (
            "not (a pr and b pr) or c pr",
            Filter::Or(vec![not(Filter::And(vec![a, b])), c]),
        ),
    ] {
        assert_filter(input, &expected);
    }
}

#[test]
fn chains_of_one_operator_are_one_node() {
    let all = ["a", "b", "c", "d"].map(present).to_vec();
    for input in [
        "a pr and b pr and c pr and d pr",
        "((a pr and b pr) and c pr) and d pr",
        "a pr and (b pr and (c pr and d pr))",
        "(a pr and b pr) and (c pr and d pr)",
        "(((a pr and b pr and c pr and d pr)))",
    ] {
        assert_filter(input, &Filter::And(all.clone()));
        assert_filter(&input.replace("and", "or"), &Filter::Or(all.clone()));
    }
}

#[test]
fn blanks_may_be_missing_or_many_where_tokens_are_told_apart() {
    let expected = Filter::And(vec![not(present("a")), equal("b", "x")]);
    for input in [
        r#"not (a pr) and b eq "x""#,
        r#"not(a pr)and b eq"x""#,
        "  not  (  a  pr  )  and  b  eq  \"x\"  ",
        "\tnot (\r\n a pr ) and b eq \"x\"\n",
    ] {
        assert_filter(input, &expected);
    }
    assert_filter(r#"( a eq "1" )"#, &equal("a", "1"));
    let work = elements("emails", equal("type", "work"), Some("value"));
    assert_path("  emails[ type eq \"work\" ].value  ", &Path::Value(work));
}

#[test]
fn keywords_are_read_in_any_case_and_names_keep_theirs() {
    assert_filter(r#"USERNAME EQ "x""#, &equal("USERNAME", "x"));
    let expected = Filter::Or(vec![
        Filter::And(vec![present("Title"), not(equal("active", "no"))]),
        compare(
            attribute("active"),
            Comparison::NotEqual,
            Literal::Boolean(true),
        ),
    ]);
    assert_filter(
        r#"Title Pr AND NOT (active eQ "no") Or active NE True"#,
        &expected,
    );
}

#[test]
fn keywords_may_begin_or_be_names() {
    let expected = Filter::And(vec![
        present("android"),
        equal("order", "x"),
        present("notes"),
    ]);
    assert_filter(r#"android pr and order eq "x" and notes pr"#, &expected);
    assert_filter("not pr", &present("not"));
    assert_filter(
        "pr pr and and pr",
        &Filter::And(vec![present("pr"), present("and")]),
    );
}

#[test]
fn the_reference_attribute_has_a_dollar_sign() {
    assert_filter(
        "members.$ref pr",
        &Filter::Present(dotted("members", "$ref")),
    );
    assert_filter(
        r#"members[$ref eq "x"]"#,
        &element("members", equal("$ref", "x")),
    );
    let manager = elements("members", present("value"), Some("$ref"));
    assert_path("members[value pr].$ref", &Path::Value(manager));
}

#[test]
fn an_element_may_be_compared_by_its_sub_attribute() {
    let work = || elements("emails", equal("type", "work"), Some("value"));
    let equals = ElementCondition::Compare(Comparison::Equal, text("a@b.example"));
    let compared = Filter::Element {
        elements: work(),
        condition: Some(equals),
    };
    assert_filter(
        r#"emails[type eq "work"].value eq "a@b.example""#,
        &compared,
    );
    let present = Filter::Element {
        elements: work(),
        condition: Some(ElementCondition::Present),
    };
    assert_filter(r#"emails[type eq "work"].value pr"#, &present);
}

#[test]
fn brackets_hold_whole_filters() {
    let inner = Filter::Or(vec![not(equal("type", "work")), present("primary")]);
    assert_filter(
        r#"emails[not (type eq "work") or (primary pr)]"#,
        &element("emails", inner),
    );
}

#[test]
fn what_identity_providers_send() {
    assert_filter(
        r#"id eq "g" and members eq "u""#,
        &Filter::And(vec![equal("id", "g"), equal("members", "u")]),
    );
    assert_filter(
        r#"emails[value eq "a@b.example"]"#,
        &element("emails", equal("value", "a@b.example")),
    );
    let primary = |literal| compare(attribute("primary"), Comparison::Equal, literal);
    for (input, literal) in [
        ("roles[primary eq true].value", Literal::Boolean(true)),
        ("roles[primary eq True].value", Literal::Boolean(true)),
        (r#"roles[primary eq "True"].value"#, text("True")),
    ] {
        assert_path(
            input,
            &Path::Value(elements("roles", primary(literal), Some("value"))),
        );
    }
}

#[test]
fn bare_words_are_strings() {
    assert_filter("userName eq bob", &equal("userName", "bob"));
    assert_filter(
        "(userName eq bob@corp.example)",
        &equal("userName", "bob@corp.example"),
    );
    assert_filter("employeeNumber eq 00417", &equal("employeeNumber", "00417"));
    assert_filter("name eq O'Brien", &equal("name", "O'Brien"));
    assert_filter("name eq zürich", &equal("name", "zürich"));
    assert_filter(
        "id eq 7f-a and title pr",
        &Filter::And(vec![equal("id", "7f-a"), present("title")]),
    );
    assert_path(
        "members[value eq 7f-a]",
        &Path::Value(elements("members", equal("value", "7f-a"), None)),
    );
}

#[test]
fn without_bare_words_other_literals_stay() {
    let strict = Options {
        bare_words: false,
        ..Options::default()
    };
    assert!(parse_filter_with("a eq True and b eq null and c eq -1.5e3", &strict).is_ok());
    assert!(parse_filter_with("a eq bob", &strict).is_err());
}
