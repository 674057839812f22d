//! Input that means something, and what it means.

use crate::{AttributePath, Comparison, ElementCondition, Filter, Literal, Path, ValuePath};
use crate::{Options, parse_filter, parse_filter_with, parse_path};

fn attribute(name: &str) -> AttributePath {
    AttributePath {
        urn: None,
        name: name.to_owned(),
        sub_attribute: None,
    }
}

fn dotted(name: &str, sub_attribute: &str) -> AttributePath {
    AttributePath {
        sub_attribute: Some(sub_attribute.to_owned()),
        ..attribute(name)
    }
}

fn in_schema(urn: &str, path: AttributePath) -> AttributePath {
    AttributePath {
        urn: Some(urn.to_owned()),
        ..path
    }
}

fn text(value: &str) -> Literal {
    Literal::String(value.to_owned())
}

fn compare(path: AttributePath, comparison: Comparison, value: Literal) -> Filter {
    Filter::Compare {
        path,
        comparison,
        value,
    }
}

fn equal(name: &str, value: &str) -> Filter {
    compare(attribute(name), Comparison::Equal, text(value))
}

fn present(name: &str) -> Filter {
    Filter::Present(attribute(name))
}

fn not(filter: Filter) -> Filter {
    Filter::Not(Box::new(filter))
}

fn elements(name: &str, filter: Filter, sub_attribute: Option<&str>) -> ValuePath {
    ValuePath {
        attribute: attribute(name),
        filter: Box::new(filter),
        sub_attribute: sub_attribute.map(str::to_owned),
    }
}

fn element(name: &str, filter: Filter) -> Filter {
    Filter::Element {
        elements: elements(name, filter, None),
        condition: None,
    }
}

#[track_caller]
fn assert_filter(input: &str, expected: &Filter) {
    match parse_filter(input) {
        Ok(filter) => assert_eq!(&filter, expected, "{input}"),
        Err(error) => panic!("{input}: {error}"),
    }
}

#[track_caller]
fn assert_path(input: &str, expected: &Path) {
    match parse_path(input) {
        Ok(path) => assert_eq!(&path, expected, "{input}"),
        Err(error) => panic!("{input}: {error}"),
    }
}

const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Figure 2 of RFC 7644 §3.4.2.2, in its order.
#[test]
fn the_filters_of_the_rfc() {
    use Comparison::{Contains, Equal, GreaterOrEqual, GreaterThan, LessOrEqual, LessThan};
    use Comparison::{NotEqual, StartsWith};
    let modified = |comparison| {
        compare(
            dotted("meta", "lastModified"),
            comparison,
            text("2011-05-13T04:42:34Z"),
        )
    };
    let employee = || equal("userType", "Employee");
    let mail = || {
        Filter::Or(vec![
            compare(attribute("emails"), Contains, text("example.com")),
            compare(dotted("emails", "value"), Contains, text("example.org")),
        ])
    };
    let work = || {
        let value = compare(attribute("value"), Contains, text("@example.com"));
        element("emails", Filter::And(vec![equal("type", "work"), value]))
    };
    let xmpp = || {
        let value = compare(attribute("value"), Contains, text("@foo.com"));
        element("ims", Filter::And(vec![equal("type", "xmpp"), value]))
    };
    for (input, expected) in [
        (r#"userName eq "bjensen""#, equal("userName", "bjensen")),
        (
            r#"name.familyName co "O'Malley""#,
            compare(dotted("name", "familyName"), Contains, text("O'Malley")),
        ),
        (
            r#"userName sw "J""#,
            compare(attribute("userName"), StartsWith, text("J")),
        ),
        (
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
            compare(
                in_schema(CORE_USER, attribute("userName")),
                StartsWith,
                text("J"),
            ),
        ),
        ("title pr", present("title")),
        (
            r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
            modified(GreaterThan),
        ),
        (
            r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
            modified(GreaterOrEqual),
        ),
        (
            r#"meta.lastModified lt "2011-05-13T04:42:34Z""#,
            modified(LessThan),
        ),
        (
            r#"meta.lastModified le "2011-05-13T04:42:34Z""#,
            modified(LessOrEqual),
        ),
        (
            r#"title pr and userType eq "Employee""#,
            Filter::And(vec![present("title"), employee()]),
        ),
        (
            r#"title pr or userType eq "Intern""#,
            Filter::Or(vec![present("title"), equal("userType", "Intern")]),
        ),
        (
            r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
            equal("schemas", ENTERPRISE_USER),
        ),
        (
            r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
            Filter::And(vec![employee(), mail()]),
        ),
        (
            r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
            Filter::And(vec![
                compare(attribute("userType"), NotEqual, text("Employee")),
                not(mail()),
            ]),
        ),
        (
            r#"userType eq "Employee" and (emails.type eq "work")"#,
            Filter::And(vec![
                employee(),
                compare(dotted("emails", "type"), Equal, text("work")),
            ]),
        ),
        (
            r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
            Filter::And(vec![employee(), work()]),
        ),
        (
            r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
            Filter::Or(vec![work(), xmpp()]),
        ),
    ] {
        assert_filter(input, &expected);
    }
}

/// The paths of RFC 7644 §3.5.2 and of its examples.
#[test]
fn the_paths_of_the_rfc() {
    let member = || equal("value", "2819c223-7f76-453a-919d-413861904646");
    for (input, expected) in [
        ("members", Path::Attribute(attribute("members"))),
        (
            "name.familyName",
            Path::Attribute(dotted("name", "familyName")),
        ),
        (
            r#"addresses[type eq "work"]"#,
            Path::Value(elements("addresses", equal("type", "work"), None)),
        ),
        (
            r#"members[value eq "2819c223-7f76-453a-919d-413861904646"]"#,
            Path::Value(elements("members", member(), None)),
        ),
        (
            r#"members[value eq "2819c223-7f76-453a-919d-413861904646"].displayName"#,
            Path::Value(elements("members", member(), Some("displayName"))),
        ),
        (
            r#"emails[type eq "work" and value ew "example.com"]"#,
            Path::Value(elements(
                "emails",
                Filter::And(vec![
                    equal("type", "work"),
                    compare(
                        attribute("value"),
                        Comparison::EndsWith,
                        text("example.com"),
                    ),
                ]),
                None,
            )),
        ),
        (
            r#"addresses[type eq "work"].streetAddress"#,
            Path::Value(elements(
                "addresses",
                equal("type", "work"),
                Some("streetAddress"),
            )),
        ),
    ] {
        assert_path(input, &expected);
    }
}

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
