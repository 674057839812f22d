//! Values, encoded for the place where they stand.

use std::fmt::Write;

/// Percent-encodes everything but the unreserved characters of RFC 3986 §2.3, so that a value
/// stays one path segment.
pub(super) fn path_segment(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else if write!(encoded, "%{byte:02X}").is_err() {
            // Writing to a String does not fail.
            return String::new();
        }
    }
    encoded
}

/// A string literal of a search language: in double quotes, with `"` and `\` escaped.
pub(super) fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::{path_segment, quoted};

    #[test]
    fn nothing_leaves_its_segment() {
        assert_eq!(path_segment("a/b?c=d#e%f"), "a%2Fb%3Fc%3Dd%23e%25f");
        assert_eq!(path_segment("jörg"), "j%C3%B6rg");
        assert_eq!(path_segment("a-b.c_d~e1"), "a-b.c_d~e1");
    }

    #[test]
    fn nothing_leaves_its_quotes() {
        assert_eq!(quoted(r#"a" or login = "b"#), r#""a\" or login = \"b""#);
        assert_eq!(quoted(r"a\"), r#""a\\""#);
    }
}
