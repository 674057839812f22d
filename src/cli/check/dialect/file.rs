//! A dialect as its file says it: what one client sends, and what it needs to get back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::body::Body;
use super::matcher::Matcher;
use super::pointer::Pointer;
use super::text::Text;
use super::variables::GIVEN;

/// The repertoire of one client.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dialect {
    /// The client's name on the command line.
    pub(super) client: String,
    /// What is played, in a few words.
    pub(super) title: String,
    /// Where the wire forms are described; for readers of the file.
    #[serde(default, rename = "sources")]
    _sources: Vec<String>,
    /// Headers of every request.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Text>,
    /// Variables that are made once, before the first step.
    #[serde(default)]
    pub(super) variables: BTreeMap<String, Text>,
    /// The parts, in order.
    #[serde(rename = "part")]
    pub(super) parts: Vec<Part>,
}

/// Steps that belong together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// What they are about.
    pub(super) name: String,
    /// The steps, in order.
    #[serde(rename = "step")]
    pub(super) steps: Vec<Step>,
}

/// One request and its answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// What holds when the answer is right.
    pub(super) name: String,
    /// How bad it is when the answer is wrong.
    #[serde(default)]
    pub(super) level: Level,
    /// Without this nothing that follows can succeed.
    #[serde(default)]
    pub(super) essential: bool,
    /// The method.
    pub(super) method: Method,
    /// The path after the base URL, with its query.
    pub(super) path: Text,
    /// Headers of this request; an empty one is left out.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Text>,
    /// How the token is sent.
    #[serde(default)]
    pub(super) token: TokenUse,
    /// The body.
    pub(super) body: Option<Body>,
    /// A variable with a resource that the client read before: the body is that resource with the
    /// members of `body` over it.
    pub(super) based_on: Option<String>,
    /// What the answer must be.
    pub(super) expect: Expectation,
    /// Variables that the answer yields.
    #[serde(default)]
    pub(super) save: BTreeMap<String, Whole>,
    /// What it means for the operator when this fails.
    #[serde(default)]
    pub(super) hint: String,
}

/// What an answer must be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expectation {
    /// Each of these is right.
    pub(super) status: Vec<u16>,
    /// Rules for places of the body; an answer without content (204) has none to look at.
    #[serde(default)]
    pub(super) json: BTreeMap<Pointer, Matcher>,
    /// Rules for headers.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Matcher>,
    /// The longest time that the answer may take.
    pub(super) within_milliseconds: Option<u64>,
}

/// A place in an answer, or all of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Whole {
    /// The whole body; written as an empty text.
    Everything,
    /// One place.
    Part(Pointer),
}

impl TryFrom<String> for Whole {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        if source.is_empty() {
            return Ok(Self::Everything);
        }
        Pointer::try_from(source).map(Self::Part)
    }
}

/// How bad a wrong answer is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Level {
    /// The client does not work without it.
    #[default]
    Must,
    /// The client works, but worse.
    Should,
}

/// The methods that clients use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// How the token is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TokenUse {
    /// After the word `Bearer`.
    #[default]
    Bearer,
    /// Alone, as the whole header.
    Bare,
    /// A wrong one.
    Wrong,
    /// Not at all.
    None,
}

/// Reads a dialect and checks that every variable is there before it is used.
///
/// # Errors
/// A sentence that says where in the file something is wrong, and what.
pub(super) fn parse(text: &str) -> Result<Dialect, String> {
    let dialect: Dialect = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut known: BTreeSet<&str> = GIVEN.into_iter().collect();
    for (name, value) in &dialect.variables {
        require(&known, value.names(), &format!("the variable {name}"))?;
    }
    known.extend(dialect.variables.keys().map(String::as_str));
    for header in dialect.headers.values() {
        require(&known, header.names(), "the headers")?;
    }
    for step in dialect.parts.iter().flat_map(|part| &part.steps) {
        let place = format!("the step \"{}\"", step.name);
        if !step.path.to_string().starts_with('/') {
            return Err(format!("the path of {place} does not begin with a slash"));
        }
        require(&known, step.names(), &place)?;
        known.extend(step.save.keys().map(String::as_str));
        require(&known, step.expect.names(), &place)?;
    }
    Ok(dialect)
}

fn require<'a>(
    known: &BTreeSet<&str>,
    names: impl IntoIterator<Item = &'a str>,
    place: &str,
) -> Result<(), String> {
    match names.into_iter().find(|name| !known.contains(name)) {
        Some(name) => Err(format!(
            "{place} uses \"{name}\", which is neither declared under [variables] nor saved by a \
             step before it"
        )),
        None => Ok(()),
    }
}

impl Step {
    /// The variables that the request needs.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.path.names().collect();
        names.extend(self.headers.values().flat_map(Text::names));
        names.extend(self.body.iter().flat_map(Body::names));
        names.extend(self.based_on.as_deref());
        names
    }
}

impl Expectation {
    fn names(&self) -> Vec<&str> {
        let rules = self.json.values().chain(self.headers.values());
        rules.flat_map(Matcher::names).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, parse};

    const HEAD: &str = "client = 'x'\ntitle = 'X'\n[[part]]\nname = 'users'\n";

    fn step(lines: &str) -> String {
        format!("{HEAD}[[part.step]]\nname = 's'\nmethod = 'GET'\n{lines}\n")
    }

    #[test]
    fn a_step_must_hold_unless_it_says_should() {
        let text = step("path = '/Users'\nexpect.status = [200]");
        let dialect = parse(&text).unwrap();
        assert_eq!(dialect.parts[0].steps[0].level, Level::Must);
    }

    #[test]
    fn a_variable_that_no_step_saves_is_found_at_load() {
        let text = step("path = '/Users/{{ id }}'\nexpect.status = [200]");
        let error = parse(&text).unwrap_err();
        assert!(error.contains("the step \"s\" uses \"id\""), "{error}");
        let text = step(
            "path = '/Users'\nexpect.status = [200]\nsave.id = '/id'\nexpect.json.'/id' = '{{ id }}'",
        );
        parse(&text).unwrap();
    }

    #[test]
    fn what_is_misspelt_is_refused_with_its_line() {
        let text =
            step("path = '/Users'\nexpect.status = [200]\nexpect.json.'/id' = { tipe = 'string' }");
        let error = parse(&text).unwrap_err();
        assert!(
            error.contains("tipe") && error.contains("line 10"),
            "{error}"
        );
        let error = parse(&step("path = 'Users'\nexpect.status = [200]")).unwrap_err();
        assert!(error.contains("slash"), "{error}");
        let error = parse(&step("path = '/U'\nexpect.status = [200]\nbody = '{'")).unwrap_err();
        assert!(error.contains("no JSON"), "{error}");
    }
}
