//! Ids in paths.

/// The row id in a path segment that is `id` or `id-anything`.
pub(super) fn path_id(text: &str) -> Option<i64> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = text.get(digits.len()..).unwrap_or_default();
    let id = digits.parse().ok();
    id.filter(|_| rest.is_empty() || rest.starts_with('-'))
}
