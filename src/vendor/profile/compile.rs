//! From a profile's text to a compiled profile, variants and all.

use std::sync::Arc;

use super::super::suggest::closest;
use super::errors::{Problem, Problems, ProfileError, ProfileErrors, syntax_errors};
use super::place::{KeyPath, Spot};
use super::variant::{Conditions, Variant};
use super::{Profile, Section, merge, request_kinds};
use crate::scim::schema::SchemaSet;

/// A profile's text, and what an appliance lays over it.
struct Source<'a> {
    name: &'a str,
    text: &'a str,
    overrides: &'a toml::Table,
    schemas: &'a Arc<SchemaSet>,
}

/// A variant that has been read.
struct VariantRead {
    conditions: Conditions,
    /// What it says itself, and where that stands.
    with: toml::Table,
    place: KeyPath,
    profile: Option<Profile>,
    problems: Problems,
}

impl Profile {
    /// Compiles a profile with an appliance's overrides laid over it.
    ///
    /// `source` names the text in messages. Overrides have the shape of the profile; a row that
    /// gets another source loses the profile's own.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, at once.
    pub fn compile(
        source: &str,
        text: &str,
        overrides: &toml::Table,
    ) -> Result<Self, ProfileErrors> {
        Self::compile_for(source, text, overrides, &SchemaSet::core())
    }

    /// Compiles a profile for a directory with these schemas: its tables can read what they
    /// declare.
    ///
    /// # Errors
    ///
    /// As [`Profile::compile`].
    pub fn compile_for(
        source: &str,
        text: &str,
        overrides: &toml::Table,
        schemas: &Arc<SchemaSet>,
    ) -> Result<Self, ProfileErrors> {
        let mut file: toml::Table = text
            .parse()
            .map_err(|error| syntax_errors(source, text, &error))?;
        let source = Source {
            name: source,
            text,
            overrides,
            schemas,
        };
        let digest = {
            let mut whole = file.clone();
            merge::overlay(&mut whole, overrides);
            merge::digest(&whole, schemas)
        };
        match file.remove("variant") {
            None => {
                merge::overlay(&mut file, overrides);
                let problems = Problems::default();
                check_tests(&[], &file, &problems);
                let profile = source.read(&file, &digest, &problems);
                let errors = problems.into_errors_of(source.name, text, overrides);
                match profile {
                    Some(profile) if errors.is_empty() => Ok(profile),
                    _ => Err(ProfileErrors(errors)),
                }
            }
            Some(list) => source.with_variants(&file, list, &digest),
        }
    }

    /// What the profile says as it is written, with an appliance's overrides and its own variant
    /// laid over it.
    pub fn document(&self) -> &toml::Table {
        &self.table
    }
}

impl Source<'_> {
    fn read(&self, table: &toml::Table, digest: &str, problems: &Problems) -> Option<Profile> {
        request_kinds::check(table, problems);
        let profile = Profile::read(
            &Section::root(table, problems),
            digest.to_owned(),
            self.schemas,
        )?;
        Some(Profile {
            table: Arc::new(table.clone()),
            ..profile
        })
    }

    /// Compiles every variant as a profile of its own: what all have in common with what is its own
    /// laid over it.
    fn with_variants(
        &self,
        common: &toml::Table,
        list: toml::Value,
        digest: &str,
    ) -> Result<Profile, ProfileErrors> {
        let listed: toml::Table = [("variant".to_owned(), list)].into_iter().collect();
        let problems = Problems::default();
        let conditions: Vec<Option<Conditions>> = {
            let root = Section::root(&listed, &problems);
            root.sections("variant")
                .iter()
                .map(Conditions::compile)
                .collect()
        };
        let names: Vec<&str> = conditions
            .iter()
            .flatten()
            .map(|one| one.name.as_str())
            .collect();
        check_names(&conditions, &names, common, &problems);
        let mut errors = problems.into_errors_of(self.name, self.text, &toml::Table::new());
        let last = conditions.len().saturating_sub(1);
        let mut reads = Vec::new();
        for (index, conditions) in conditions.into_iter().enumerate() {
            let Some(conditions) = conditions else {
                continue;
            };
            let with = overlay_of(&listed, index);
            let mut table = variant_table(common, &with, &conditions.name, index == last);
            merge::overlay(&mut table, self.overrides);
            let problems = Problems::default();
            reads.push(VariantRead {
                profile: self.read(&table, digest, &problems),
                conditions,
                with,
                place: KeyPath::default().key("variant").index(index).key("with"),
                problems,
            });
        }
        self.place_problems(common, &reads, &mut errors);
        let variants: Vec<Variant> = reads
            .into_iter()
            .filter_map(|read| {
                let name = read.conditions.name.clone();
                Some(read.conditions.speaks(Profile {
                    variant: Some(name),
                    ..read.profile?
                }))
            })
            .collect();
        match variants.last() {
            Some(assumed) if errors.is_empty() => {
                let assumed = Profile::clone(&assumed.profile);
                Ok(Profile {
                    variants,
                    ..assumed
                })
            }
            _ => Err(ProfileErrors(errors)),
        }
    }

    /// Says of every problem where it stands: in the common part, or in what a variant says itself.
    fn place_problems(
        &self,
        common: &toml::Table,
        reads: &[VariantRead],
        errors: &mut Vec<ProfileError>,
    ) {
        for read in reads {
            let placed = Problems::default();
            for problem in read.problems.all() {
                let shared = reads
                    .iter()
                    .all(|other| other.problems.all().contains(&problem));
                placed.add(self.place(problem, shared, common, read));
            }
            for error in placed.into_errors_of(self.name, self.text, self.overrides) {
                // What is wrong in the common part is wrong in every variant.
                if !errors.contains(&error) {
                    errors.push(error);
                }
            }
        }
        errors.sort_by_key(|error| (error.line, error.column));
    }

    /// Where a problem of a variant stands; `shared` if every variant has it.
    fn place(
        &self,
        mut problem: Problem,
        shared: bool,
        common: &toml::Table,
        read: &VariantRead,
    ) -> Problem {
        let key = &problem.key;
        if key.stands_in(self.overrides) {
            return problem;
        }
        // What is missing is missing in its table.
        let missing = !shared
            && !key.stands_in(common)
            && key
                .parent()
                .is_some_and(|table| table.stands_in(&read.with));
        if key.stands_in(&read.with) || missing {
            problem.key = read.place.join(key);
        } else if !shared {
            let name = &read.conditions.name;
            problem
                .problem
                .push_str(&format!(" (in the variant \"{name}\")"));
        }
        problem
    }
}

/// What a variant says otherwise.
pub(super) fn overlay_of(listed: &toml::Table, index: usize) -> toml::Table {
    listed
        .get("variant")
        .and_then(|list| list.get(index))
        .and_then(|variant| variant.get("with"))
        .and_then(toml::Value::as_table)
        .cloned()
        .unwrap_or_default()
}

/// The common part with the variant's own laid over it, and with its tests: those that name it, and
/// of the last variant those that name none.
pub(super) fn variant_table(
    common: &toml::Table,
    with: &toml::Table,
    name: &str,
    is_last: bool,
) -> toml::Table {
    let mut table = common.clone();
    if let Some(toml::Value::Array(tests)) = table.get_mut("test") {
        // The others keep their places, so that what is said of a test says where it stands.
        for test in tests.iter_mut() {
            let concerned = named(test).map_or(is_last, |names| names.contains(&name));
            if !concerned {
                *test = of_no_variant();
            }
        }
    }
    merge::overlay(&mut table, with);
    table
}

/// Holds the place of a test that is about other variants.
fn of_no_variant() -> toml::Value {
    let nothing = toml::Value::Array(Vec::new());
    let table: toml::Table = [("variant".to_owned(), nothing)].into_iter().collect();
    toml::Value::Table(table)
}

/// The variants that a test is about.
fn named(test: &toml::Value) -> Option<Vec<&str>> {
    match test.get("variant")? {
        toml::Value::Array(list) => Some(list.iter().filter_map(toml::Value::as_str).collect()),
        single => Some(single.as_str().into_iter().collect()),
    }
}

fn check_names(
    conditions: &[Option<Conditions>],
    names: &[&str],
    common: &toml::Table,
    problems: &Problems,
) {
    let list = KeyPath::default().key("variant");
    for (index, name) in names.iter().enumerate() {
        if names.iter().take(index).any(|earlier| earlier == name) {
            problems.report(
                list.index(index).key("name"),
                Spot::Value,
                format!("another variant is called \"{name}\" too"),
                "give each a name of its own",
            );
        }
    }
    let last = conditions.len().saturating_sub(1);
    for (index, one) in conditions.iter().enumerate() {
        if index != last && one.as_ref().is_some_and(Conditions::is_last_resort) {
            problems.report(
                list.index(index),
                Spot::Key,
                "it has no condition, so that no variant after it is ever chosen",
                "put it last, or say by probe, from or before when it is spoken",
            );
        }
    }
    check_tests(names, common, problems);
}

/// Every test names variants that there are.
fn check_tests(names: &[&str], profile: &toml::Table, problems: &Problems) {
    let tests = profile.get("test").and_then(toml::Value::as_array);
    for (index, test) in tests.into_iter().flatten().enumerate() {
        let Some(given) = named(test) else { continue };
        let place = KeyPath::default().key("test").index(index).key("variant");
        let report = |problem: String, remedy: String| {
            problems.report(place.clone(), Spot::Value, problem, remedy);
        };
        if given.is_empty() {
            report(
                "it names no variant, so that the test never runs".to_owned(),
                "name one of the profile's, or leave the key out".to_owned(),
            );
        }
        for name in given.iter().filter(|name| !names.contains(name)) {
            let known = match names {
                [] => "leave it out: the profile has no [[variant]]".to_owned(),
                names => format!("use one of: {}", names.join(", ")),
            };
            report(
                format!("there is no variant \"{name}\"{}", closest(name, names)),
                known,
            );
        }
    }
}
