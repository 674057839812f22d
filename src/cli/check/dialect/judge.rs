//! An answer against what was expected of it.

use std::time::Duration;

use serde_json::Value;

use super::exchange::{Answer, Content, Request};
use super::file::Expectation;
use super::pointer::Pointer;
use super::render::clipped;
use super::shown::Shown;
use super::variables::{Missing, Variables};

/// The longest value that a sentence repeats.
const LONGEST_VALUE: usize = 200;

/// The status of an answer without content (RFC 9110 §15.3.5).
const NO_CONTENT: u16 = 204;

/// What is wrong with an answer; a sentence each.
pub(super) fn problems(
    expected: &Expectation,
    request: &Request,
    answer: &Answer,
    shown: &Shown<'_>,
    variables: &Variables,
) -> Result<Vec<String>, Missing> {
    let mut problems = Vec::new();
    if !expected.status.contains(&answer.status) {
        problems.push(format!(
            "the status is {}, expected {}",
            answer.status,
            alternatives(&expected.status)
        ));
        if !answer.is_success() {
            // An error has another body; every rule for it would only repeat that.
            return Ok(problems);
        }
    }
    problems.extend(late(expected, answer.elapsed));
    for (name, matcher) in &expected.headers {
        let found = answer
            .header(name)
            .map(|text| Value::from(shown.text(text)));
        if !matcher.holds(found.as_ref(), variables)? {
            problems.push(format!(
                "the header {name} is {}, expected {}",
                found.map_or_else(|| "missing".to_owned(), |found| found.to_string()),
                matcher.describe(variables)?
            ));
        }
    }
    if answer.status != NO_CONTENT {
        body_problems(expected, request, answer, shown, variables, &mut problems)?;
    }
    Ok(problems)
}

fn body_problems(
    expected: &Expectation,
    request: &Request,
    answer: &Answer,
    shown: &Shown<'_>,
    variables: &Variables,
    problems: &mut Vec<String>,
) -> Result<(), Missing> {
    if expected.json.is_empty() {
        return Ok(());
    }
    let body = match &answer.body {
        Content::Json(body) => body,
        Content::Empty => {
            problems.push("the body is empty, expected JSON".to_owned());
            return Ok(());
        }
        Content::Other(bytes) => {
            problems.push(format!(
                "the body is no JSON but {bytes} bytes of {}",
                shown.text(answer.header("content-type").unwrap_or("an unnamed type"))
            ));
            return Ok(());
        }
    };
    let visible = shown.body(request, &answer.body);
    for (pointer, matcher) in &expected.json {
        let found = pointer.find(body);
        if !matcher.holds(found, variables)? {
            problems.push(format!(
                "at {} there is {}, expected {}",
                pointer.as_str(),
                sight(found, pointer, &visible),
                matcher.describe(variables)?
            ));
        }
    }
    Ok(())
}

/// What is at a place, as far as it may be shown.
fn sight(found: Option<&Value>, pointer: &Pointer, visible: &Value) -> String {
    match (found, pointer.find(visible)) {
        (None, _) => "nothing".to_owned(),
        (Some(Value::Array(elements)), Some(shown)) if shown.is_array() => format!(
            "a list of {} ({})",
            elements.len(),
            clipped(&shown.to_string(), LONGEST_VALUE)
        ),
        (Some(_), Some(shown)) => clipped(&shown.to_string(), LONGEST_VALUE),
        (Some(_), None) => "a value of something that this check did not make".to_owned(),
    }
}

fn late(expected: &Expectation, elapsed: Duration) -> Option<String> {
    let within = expected.within_milliseconds?;
    (elapsed > Duration::from_millis(within)).then(|| {
        format!(
            "the answer took {} ms, expected at most {within} ms",
            elapsed.as_millis()
        )
    })
}

fn alternatives(statuses: &[u16]) -> String {
    let words: Vec<String> = statuses.iter().map(u16::to_string).collect();
    words.join(" or ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::HeaderMap;
    use secrecy::SecretString;
    use serde_json::{Value, json};

    use super::super::exchange::{Answer, Content, Request};
    use super::super::file::{Expectation, Method, TokenUse};
    use super::super::ledger::Ledger;
    use super::super::shown::Shown;
    use super::super::variables::fixed;
    use super::problems;

    fn judge(expected: &str, status: u16, body: Value) -> Vec<String> {
        let expected: Expectation = toml::from_str(expected).unwrap();
        let request = Request {
            method: Method::Get,
            path: "/Users".to_owned(),
            headers: Vec::new(),
            token: TokenUse::Bearer,
            body: None,
        };
        let answer = Answer {
            status,
            headers: HeaderMap::new(),
            body: match body {
                Value::Null => Content::Empty,
                body => Content::Json(body),
            },
            elapsed: Duration::from_millis(700),
        };
        let token = SecretString::from("s3cret-token");
        let ledger = Ledger::new("0c0ffee1");
        let shown = Shown {
            ledger: &ledger,
            token: &token,
        };
        problems(&expected, &request, &answer, &shown, &fixed()).unwrap()
    }

    #[test]
    fn sentences_say_what_is_there_and_what_should_be() {
        let mine = json!({"userName": "a-0c0ffee1", "active": "False"});
        assert_eq!(
            judge("status = [200]\njson.'/active' = false", 200, mine.clone()),
            ["at /active there is \"False\", expected false"]
        );
        assert_eq!(
            judge(
                "status = [201]\njson.'/id' = { type = 'string' }",
                200,
                mine
            ),
            [
                "the status is 200, expected 201",
                "at /id there is nothing, expected a string",
            ]
        );
    }

    #[test]
    fn a_strangers_value_is_not_in_a_sentence() {
        let rule = "status = [200]\njson.'/Resources/0/userName' = 'x'";
        let list = json!({"Resources": [{"id": "99", "userName": "jane"}]});
        let sentences = judge(rule, 200, list);
        assert_eq!(sentences.len(), 1);
        assert!(!sentences[0].contains("jane"), "{sentences:?}");
    }

    #[test]
    fn an_error_is_one_problem_and_no_content_has_no_rules() {
        let rule = "status = [200, 204]\njson.'/id' = 'x'";
        assert_eq!(
            judge(rule, 500, json!({})),
            ["the status is 500, expected 200 or 204"]
        );
        assert!(judge(rule, 204, Value::Null).is_empty());
        assert_eq!(
            judge(rule, 200, Value::Null),
            ["the body is empty, expected JSON"]
        );
    }

    #[test]
    fn slowness_and_missing_headers_are_found() {
        let rule =
            "status = [200]\nwithin_milliseconds = 600\nheaders.location = { exists = true }";
        assert_eq!(
            judge(rule, 200, json!({})),
            [
                "the answer took 700 ms, expected at most 600 ms",
                "the header location is missing, expected a value",
            ]
        );
    }
}
