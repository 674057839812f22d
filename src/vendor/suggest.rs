//! "Did you mean": the nearest of the known names.

/// `; did you mean "x"?`, or nothing if no known name is near.
pub(crate) fn closest(given: &str, known: &[&str]) -> String {
    known
        .iter()
        .map(|name| {
            let similarity = strsim::jaro_winkler(&given.to_lowercase(), &name.to_lowercase());
            (similarity, name)
        })
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| format!("; did you mean \"{name}\"?"))
        .unwrap_or_default()
}
