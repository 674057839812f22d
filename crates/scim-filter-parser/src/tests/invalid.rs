//! Input that means nothing, and what the writer is told.

use crate::{ErrorKind, Expected, Options, parse_filter, parse_filter_with, parse_path};

#[track_caller]
fn assert_refused(input: &str, offset: usize, expected: Expected) {
    match parse_filter(input) {
        Ok(filter) => panic!("{input} was taken for {filter:?}"),
        Err(error) => {
            let told = (error.offset, error.kind.clone());
            assert_eq!(
                told,
                (offset, ErrorKind::Expected(expected)),
                "{input}: {error}"
            );
        }
    }
}

#[track_caller]
fn assert_path_refused(input: &str, offset: usize, kind: &ErrorKind) {
    match parse_path(input) {
        Ok(path) => panic!("{input} was taken for {path:?}"),
        Err(error) => assert_eq!(
            (error.offset, &error.kind),
            (offset, kind),
            "{input}: {error}"
        ),
    }
}

#[test]
fn filters_that_end_too_early() {
    use Expected::{ClosingBracket, ClosingParenthesis, Operator, SubAttribute, Term, Value};
    for (input, expected) in [
        ("", Term),
        ("  ", Term),
        ("userName", Operator),
        ("userName eq", Value),
        ("userName eq ", Value),
        ("a pr and", Term),
        ("a pr or ", Term),
        ("(", Term),
        ("(a pr", ClosingParenthesis),
        ("not (a pr", ClosingParenthesis),
        ("not", Operator),
        ("emails[", Term),
        (r#"emails[type eq "work""#, ClosingBracket),
        (r#"emails[type eq "work"]."#, SubAttribute),
        (r#"emails[type eq "work"].value"#, Operator),
        ("name.", SubAttribute),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:",
            Expected::Attribute,
        ),
    ] {
        assert_refused(input, input.len(), expected);
    }
}

#[test]
fn filters_that_go_wrong_in_the_middle() {
    use Expected::{EndOfFilter, Operator, SubAttribute, Term, Value};
    for (input, offset, expected) in [
        (r#"userName eq "x" junk"#, 16, EndOfFilter),
        (r#"userName eq "x"" "#, 15, EndOfFilter),
        (r#"a eq "x" b eq "y""#, 9, EndOfFilter),
        ("a pr)", 4, EndOfFilter),
        ("a pr]", 4, EndOfFilter),
        (r#"a pr "x""#, 5, EndOfFilter),
        ("displayName eq Tour Guides", 20, EndOfFilter),
        (r#"userName == "x""#, 9, Operator),
        (r#"userName="x""#, 8, Operator),
        (r#"userName equals "x""#, 9, Operator),
        (r#"userName prx"#, 9, Operator),
        (r#"name.givenName.x eq "y""#, 14, Operator),
        (r#"not userName eq "x""#, 4, Operator),
        (r#"emails [type eq "work"]"#, 7, Operator),
        ("name.2nd pr", 5, SubAttribute),
        (r#""userName" eq "x""#, 0, Term),
        ("1a pr", 0, Term),
        (":a pr", 0, Term),
        ("ä pr", 0, Term),
        ("()", 1, Term),
        ("a pr and or b pr", 12, Operator),
        ("emails[] ", 7, Term),
        ("a pr and (b pr and )", 19, Term),
        ("a eq (b)", 5, Value),
        ("a eq and b pr", 5, Value),
        ("a eq ) ", 5, Value),
        ("a eq 'x'", 5, Value),
    ] {
        assert_refused(input, offset, expected);
    }
}

#[test]
fn paths_that_are_none() {
    use Expected::{Attribute, ClosingBracket, EndOfPath, Operator, SubAttribute};
    for (input, offset, expected) in [
        ("", 0, Attribute),
        ("/emails", 0, Attribute),
        ("emails[type eq", 14, Expected::Value),
        (r#"emails[type eq "work""#, 21, ClosingBracket),
        (r#"emails[type eq "work"].value.x"#, 28, EndOfPath),
        (r#"emails[type eq "work"]value"#, 22, EndOfPath),
        (r#"emails[type eq "work"]."#, 23, SubAttribute),
        ("emails[type]", 11, Operator),
        ("name.givenName.x", 14, EndOfPath),
        (r#"userName eq "x""#, 9, EndOfPath),
        ("emails,phoneNumbers", 6, EndOfPath),
    ] {
        assert_path_refused(input, offset, &ErrorKind::Expected(expected));
    }
}

#[test]
fn brackets_have_their_place() {
    let nested = r#"a[b[c pr] pr]"#;
    assert_path_refused(nested, 3, &ErrorKind::NestedBrackets);
    assert_eq!(
        parse_filter(nested).unwrap_err().kind,
        ErrorKind::NestedBrackets
    );
    assert_path_refused("a[(b[c pr])]", 4, &ErrorKind::NestedBrackets);
    assert_path_refused(
        "emails.value[type pr]",
        12,
        &ErrorKind::BracketsAfterSubAttribute,
    );
}

#[test]
fn strings_have_their_end() {
    let error = parse_filter(r#"a eq "x and b pr"#).unwrap_err();
    assert_eq!(
        (error.offset, error.kind),
        (5, ErrorKind::UnterminatedString)
    );
}

#[test]
fn messages_say_where_what_and_how_to_mend_it() {
    for (input, message) in [
        (
            "userName eq",
            "at offset 11: expected a value (a quoted string, a number, true, false or null), found \
             the end",
        ),
        (
            "userName eq 'bob'",
            "at offset 12: expected a value (a quoted string, a number, true, false or null), found \
             `'bob'` (strings stand in straight double quotes: \"...\")",
        ),
        (
            "userName = \"bob\"",
            "at offset 9: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr), found \
             `= \"bob\"` (equality is written `eq`)",
        ),
        (
            "not active eq true",
            "at offset 4: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr), found \
             `active eq true` (`not` takes its filter in parentheses: not (...))",
        ),
        (
            "displayName eq Tour Guides",
            "at offset 20: expected `and`, `or` or the end, found `Guides` (a value that holds a \
             blank stands in double quotes)",
        ),
    ] {
        assert_eq!(
            parse_filter(input).unwrap_err().to_string(),
            message,
            "{input}"
        );
    }
}

#[test]
fn habits_of_other_languages_get_a_hint() {
    for (input, hint) in [
        ("a pr && b pr", "`and`"),
        ("a pr || b pr", "`or`"),
        ("a == 1", "`eq`"),
        ("a != 1", "`ne`"),
        ("a <= 1", "`le`"),
        ("a > 1", "`gt`"),
        ("!a", "`not (...)`"),
        ("'a' eq 1", "without quotes"),
        ("a eq and b pr", "in double quotes"),
        ("(a pr))", "no `(` is open"),
        ("a pr]", "no `[` is open"),
        ("a [b pr]", "without a blank"),
        ("a[b[c pr]]", "the sub-attribute itself"),
        ("a.b[c pr]", "follows the brackets"),
        (r#"a eq "C:\x""#, r"\\ for a backslash"),
    ] {
        let error = parse_filter(input).unwrap_err();
        assert!(
            error.hint.is_some_and(|told| told.contains(hint)),
            "{input}: {error}"
        );
    }
}

#[test]
fn messages_repeat_little_of_the_input_and_no_control_characters() {
    let error = parse_filter(&format!("a pr \u{1b}[31m{}", "ä".repeat(500))).unwrap_err();
    assert_eq!(error.found.chars().last(), Some('…'));
    assert!(error.found.chars().count() < 50, "{}", error.found);
    assert!(
        !error.to_string().chars().any(char::is_control),
        "{error:?}"
    );
}

#[test]
fn without_bare_words_a_word_is_refused_with_a_hint() {
    let strict = Options {
        bare_words: false,
        ..Options::default()
    };
    let error = parse_filter_with("userName eq bob", &strict).unwrap_err();
    assert_eq!(
        (error.offset, error.kind),
        (12, ErrorKind::Expected(Expected::Value))
    );
    assert_eq!(error.hint, Some("a string stands in double quotes"));
}
