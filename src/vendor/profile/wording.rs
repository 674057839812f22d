//! Parts of the sentences that tell what is wrong with a profile.

/// A sentence as a part of another.
pub(super) fn as_clause(sentence: &str) -> String {
    let clause = sentence.trim_end_matches('.');
    let mut letters = clause.chars();
    match (letters.next(), letters.clone().next()) {
        // Not the first letter of an abbreviation.
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => clause.to_owned(),
    }
}

/// The keys that may stand here, each once.
pub(super) fn listed(asked: &[&'static str]) -> String {
    let mut words = asked.to_vec();
    words.sort_unstable();
    words.dedup();
    words.join(", ")
}

/// What an error of a regular expression says, without the picture of it.
pub(crate) fn regex_reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}
