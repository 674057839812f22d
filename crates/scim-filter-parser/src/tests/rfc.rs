//! The examples of RFC 7644.

use super::trees::{
    CORE_USER, ENTERPRISE_USER, assert_filter, assert_path, attribute, compare, dotted, element,
    elements, equal, in_schema, not, present, text,
};
use crate::{Comparison, Filter, Path};

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

/// The text of RFC 7644 §3.4.2.2 has an example that its own ABNF does not allow, and two that show
/// the case of names and operators.
#[test]
fn the_filters_of_the_rfc_that_need_lenience() {
    let of_type = |name| {
        compare(
            dotted("meta", "resourceType"),
            Comparison::Equal,
            text(name),
        )
    };
    assert_filter(
        "(meta.resourceType eq User) or (meta.resourceType eq Group)",
        &Filter::Or(vec![of_type("User"), of_type("Group")]),
    );
    assert_filter(r#"userName Eq "john""#, &equal("userName", "john"));
    assert_filter(r#"Username eq "john""#, &equal("Username", "john"));
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
