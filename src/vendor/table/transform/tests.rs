use serde_json::{Value, json};

use super::super::super::profile::{Problems, Section};
use super::{Transform, compile};

fn steps(text: &str) -> Result<Vec<Transform>, String> {
    let text = format!("apply = {text}");
    let table: toml::Table = text.parse().unwrap();
    let problems = Problems::default();
    let steps = compile(&Section::root(&table, &problems));
    match problems.into_errors("test", &text).first() {
        None => Ok(steps),
        Some(error) => Err(error.to_string()),
    }
}

fn apply(steps: &[Transform], value: Value) -> Result<Value, String> {
    steps
        .iter()
        .try_fold(value, |value, step| step.apply(value))
}

#[test]
fn every_transform_does_what_its_name_says() {
    for (transform, given, expected) in [
        (
            r#"["local_part"]"#,
            json!("jane.doe@corp.example"),
            json!("jane.doe"),
        ),
        (r#"["local_part"]"#, json!("jane"), json!("jane")),
        (r#"["lower"]"#, json!("JÄne"), json!("jäne")),
        (r#"["upper"]"#, json!("jane"), json!("JANE")),
        (r#"["trim"]"#, json!("  a b "), json!("a b")),
        (r#"["not"]"#, json!(true), json!(false)),
        (r#"["ascii"]"#, json!("Jörg Łukasz"), json!("Jorg Lukasz")),
        (r#"["ascii", "trim"]"#, json!("小龙 👩🏽‍🔧"), json!("Xiao Long")),
        (r#"["alphanumeric"]"#, json!("j.d-1"), json!("jd1")),
        (r#"["letter_first"]"#, json!("1_jane1"), json!("jane1")),
        (r#"["digits"]"#, json!("+46 70"), json!("4670")),
        (
            r#"["single_line"]"#,
            json!("Road 1,\r\n12345  City\n"),
            json!("Road 1, 12345  City"),
        ),
        (
            r#"["phone_hyphen"]"#,
            json!("+46 701234567"),
            json!("+46-701234567"),
        ),
        (r#"["country_alpha2"]"#, json!("Sweden"), json!("SE")),
        (r#"["locale_short"]"#, json!("en-gb"), json!("en-GB")),
        (r#"{ strip = "-. " }"#, json!("a-b.c d"), json!("abcd")),
        (r#"{ keep = "a-z" }"#, json!("a1B-z"), json!("az")),
        (
            r#"{ replace = "^a-z0-9", with = "_" }"#,
            json!("a$1 b"),
            json!("a_1_b"),
        ),
        (r#"{ prefix = "u" }"#, json!("1"), json!("u1")),
        (r#"{ join = ", " }"#, json!(["a", "b"]), json!("a, b")),
        (r#"["lower"]"#, json!(12), json!("12")),
    ] {
        assert_eq!(
            apply(&steps(transform).unwrap(), given.clone()),
            Ok(expected),
            "{transform} of {given}"
        );
    }
}

#[test]
fn steps_are_applied_in_order() {
    let chain = steps(r#"["local_part", "lower", { replace = "^a-z.", with = "_" }]"#).unwrap();
    assert_eq!(
        apply(&chain, json!("Jane.O'Hara@x")),
        Ok(json!("jane.o_hara"))
    );
}

#[test]
fn what_has_no_value_says_why() {
    for (transform, given) in [
        (r#"["phone_hyphen"]"#, json!("070-123")),
        (r#"["country_alpha2"]"#, json!("Atlantis")),
        (r#"["locale_short"]"#, json!("english")),
        (r#"["not"]"#, json!("yes")),
        (r#"["lower"]"#, json!({"a": 1})),
    ] {
        let refused = apply(&steps(transform).unwrap(), given).unwrap_err();
        assert!(refused.starts_with("is n"), "{refused}");
    }
}

#[test]
fn a_replacement_is_taken_literally() {
    let chain = steps(r#"{ replace = "a", with = "$0" }"#).unwrap();
    assert_eq!(apply(&chain, json!("a")), Ok(json!("$0")));
}

#[test]
fn mistakes_are_named() {
    for (transform, expected) in [
        (r#"["lowr"]"#, "did you mean \"lower\""),
        (r#"{ keep = "z-a" }"#, "no characters"),
        (r#"{ replace = "a" }"#, "no transform with an argument"),
        (r#"["lower", { join = "," }]"#, "put it first"),
        (r#"["not", "lower"]"#, "boolean"),
        (r#"[1]"#, "no transform"),
    ] {
        let refused = steps(transform).unwrap_err();
        assert!(refused.contains(expected), "{transform}: {refused}");
    }
}
