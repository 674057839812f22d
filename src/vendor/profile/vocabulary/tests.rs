//! The vocabulary and the code that reads profiles agree.

use std::collections::{BTreeMap, BTreeSet};

use super::super::compile::{overlay_of, variant_table};
use super::super::variant::Conditions;
use super::super::{Problems, Profile, Section};
use super::{Key, Kind, PROFILE, Vocabulary, table_at};
use crate::scim::schema::SchemaSet;

/// Together with the built-in profiles it has every table there is, in each of its forms.
const EVERY_TABLE: &str = include_str!("every_table.toml");

/// What the code asks for, by the table's name: keys, and the words that they take.
type AskedFor = BTreeMap<&'static str, BTreeMap<&'static str, BTreeSet<&'static str>>>;

fn asked_for() -> AskedFor {
    let mut all = AskedFor::new();
    let builtin = Profile::builtin_names()
        .iter()
        .map(|name| Profile::builtin(name).unwrap());
    for text in builtin.chain([EVERY_TABLE]) {
        for problems in read(text) {
            for asked in problems.asked.borrow().iter() {
                let way: Vec<&str> = asked.section.names().collect();
                let table = table_at(&way).unwrap_or_else(|| {
                    panic!(
                        "the vocabulary has no table {}, whose key {} is asked for: add it",
                        asked.section, asked.key
                    )
                });
                all.entry(table.name)
                    .or_default()
                    .entry(asked.key)
                    .or_default()
                    .extend(&asked.words);
            }
            let errors = problems.into_errors("test", text);
            assert_eq!(errors, [], "the profiles of this test are right");
        }
    }
    all
}

/// Reads a profile as it is compiled: the list of its variants, and each of them.
fn read(text: &str) -> Vec<Problems> {
    let mut common: toml::Table = text.parse().unwrap();
    let Some(list) = common.remove("variant") else {
        return vec![read_table(&common)];
    };
    let listed: toml::Table = [("variant".to_owned(), list)].into_iter().collect();
    let problems = Problems::default();
    let names: Vec<String> = Section::root(&listed, &problems)
        .sections("variant")
        .iter()
        .map(|section| Conditions::compile(section).unwrap().name)
        .collect();
    let tables = names.iter().enumerate().map(|(index, name)| {
        let with = overlay_of(&listed, index);
        read_table(&variant_table(
            &common,
            &with,
            name,
            index + 1 == names.len(),
        ))
    });
    tables.chain([problems]).collect()
}

fn read_table(table: &toml::Table) -> Problems {
    let problems = Problems::default();
    Profile::read(
        &Section::root(table, &problems),
        String::new(),
        &SchemaSet::core(),
    );
    problems
}

/// Every table that can be reached, once.
fn tables() -> Vec<&'static Vocabulary> {
    let mut found: Vec<&'static Vocabulary> = vec![&PROFILE];
    let mut next = 0;
    while let Some(table) = found.get(next).copied() {
        next += 1;
        for key in table.keys() {
            if let Kind::Table(inner) | Kind::Tables(inner) | Kind::Named(inner) | Kind::Part(inner) =
                key.kind
                && !found.iter().any(|known| known.name == inner.name)
            {
                found.push(inner);
            }
        }
    }
    found
}

#[test]
fn every_key_that_is_asked_for_is_in_the_vocabulary_and_the_other_way_round() {
    let asked = asked_for();
    let mut wrong = Vec::new();
    for table in tables() {
        let name = table.name;
        let Some(asked) = asked.get(name) else {
            wrong.push(format!(
                "no profile of this test has the table {name}: add it to every_table.toml"
            ));
            continue;
        };
        for key in asked.keys().filter(|key| table.key(key).is_none()) {
            wrong.push(format!(
                "the vocabulary lacks the key \"{key}\" of the table {name}: add a line"
            ));
        }
        for key in table.keys().filter(|key| !asked.contains_key(key.name)) {
            wrong.push(format!(
                "nothing asks for the key \"{}\" of the table {name}: remove its line, or extend every_table.toml",
                key.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn closed_sets_are_the_same() {
    let asked = asked_for();
    let mut wrong = Vec::new();
    for table in tables() {
        for key in table.keys() {
            let words = asked.get(table.name).and_then(|keys| keys.get(key.name));
            let words = words.cloned().unwrap_or_default();
            if words != written(key) && !words.is_empty() {
                wrong.push(format!(
                    "{} of the table {}: the code takes {words:?}",
                    key.name, table.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn written(key: &Key) -> BTreeSet<&'static str> {
    match key.kind {
        Kind::Word(words) | Kind::Words(words) => words.iter().copied().collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn every_meaning_is_a_sentence() {
    for table in tables() {
        for meaning in table.keys().map(|key| key.meaning).chain([table.meaning]) {
            assert!(meaning.ends_with('.'), "{}: {meaning}", table.name);
        }
    }
}

/// The page for authors of profiles.
const README: &str = include_str!("../../../../config/vendors/README.md");

#[test]
fn authors_can_read_of_every_key() {
    let code: BTreeSet<&str> = README
        .split('`')
        .skip(1)
        .step_by(2)
        .flat_map(|span| span.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .collect();
    let silent: Vec<String> = tables()
        .iter()
        .flat_map(|table| table.keys().map(move |key| (table.name, key.name)))
        .filter(|(_, key)| !code.contains(key))
        .map(|(table, key)| format!("{key} of the table {table}"))
        .collect();
    assert!(
        silent.is_empty(),
        "config/vendors/README.md says nothing of {silent:?}"
    );
}
