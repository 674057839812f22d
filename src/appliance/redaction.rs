//! Secrets that an appliance echoes are taken out of what is shown of its answers.
//!
//! A profile says which pointers of an answer may be shown, but a vendor may put a value that it
//! refuses into its own sentence ("Password 'x' is too weak").

use serde_json::Value;

/// What stands in a secret's place.
const MASK: &str = "********";

/// From this many characters on, the beginning of a secret at the end of a clipped text counts as
/// the secret.
const CLIPPED_FROM: usize = 4;

/// `text` with every occurrence of every secret masked, also of one that a clip has cut in two.
pub(super) fn redact<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    let mut secrets: Vec<&str> = secrets
        .into_iter()
        .filter(|secret| !secret.is_empty())
        .collect();
    // The longest first: one secret may contain another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut shown = text.to_owned();
    for secret in secrets {
        shown = shown.replace(secret, MASK);
        mask_clipped_end(&mut shown, secret);
    }
    shown
}

fn mask_clipped_end(shown: &mut String, secret: &str) {
    // A clipped text may carry an ellipsis behind the cut.
    let cut = shown.trim_end_matches(['…', '.']).len();
    let beginnings: Vec<usize> = secret
        .char_indices()
        .skip(CLIPPED_FROM)
        .map(|(end, _)| end)
        .collect();
    for end in beginnings.into_iter().rev() {
        let Some(beginning) = secret.get(..end) else {
            continue;
        };
        if shown
            .get(..cut)
            .is_some_and(|text| text.ends_with(beginning))
        {
            shown.truncate(cut - end);
            shown.push_str(MASK);
            return;
        }
    }
}

/// The values of the named fields, at any depth of the body.
pub(super) fn secret_values<'a>(body: Option<&'a Value>, names: &[String]) -> Vec<&'a str> {
    let mut found = Vec::new();
    if let Some(body) = body
        && !names.is_empty()
    {
        collect(body, names, &mut found);
    }
    found
}

fn collect<'a>(value: &'a Value, names: &[String], found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(text) if names.contains(name) => found.push(text),
                    _ => collect(field, names, found),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, names, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{redact, secret_values};
    use serde_json::json;

    #[test]
    fn an_echoed_secret_is_masked_wherever_it_stands() {
        let shown = redact("Password 'hunter22' (hunter22) is weak", ["hunter22", ""]);
        assert_eq!(shown, "Password '********' (********) is weak");
    }

    #[test]
    fn a_secret_inside_another_leaves_nothing_of_the_longer_one() {
        let shown = redact("got abcd-efgh", ["abcd", "abcd-efgh"]);
        assert_eq!(shown, "got ********");
    }

    #[test]
    fn the_beginning_of_a_secret_before_a_clip_is_masked() {
        assert_eq!(
            redact("weak: correct-hor…", ["correct-horse"]),
            "weak: ********"
        );
        assert_eq!(
            redact("weak: correct-hor", ["correct-horse"]),
            "weak: ********"
        );
        assert_eq!(redact("weak: pä", ["pässword"]), "weak: pä");
    }

    #[test]
    fn secret_fields_are_found_at_any_depth() {
        let body =
            json!({"user": {"login": "ann", "password": "p1"}, "more": [{"password": "p2"}]});
        let names = ["password".to_owned()];
        assert_eq!(secret_values(Some(&body), &names), ["p1", "p2"]);
        assert_eq!(secret_values(None, &names), Vec::<&str>::new());
    }
}
