//! Reading a body of a peer that may send anything, for ever.

use reqwest::Response;
use serde_json::Value;

/// What was in a body.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Content {
    /// The JSON value, if it is one; `None` also if there was no body.
    pub(super) json: Option<Value>,
    /// There was a body that is not JSON.
    pub(super) unreadable: bool,
    /// The body was longer than the limit.
    pub(super) too_large: bool,
    /// Bytes read, or announced if that alone was too much.
    pub(super) size: usize,
}

/// Reads chunk by chunk and stops at `limit` bytes; the connection is then given up.
pub(super) async fn read(mut response: Response, limit: usize) -> reqwest::Result<Content> {
    if let Some(announced) = response.content_length()
        && announced > limit as u64
    {
        return Ok(beyond(usize::try_from(announced).unwrap_or(usize::MAX)));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let size = bytes.len().saturating_add(chunk.len());
        if size > limit {
            return Ok(beyond(size));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(parse(&bytes))
}

fn beyond(size: usize) -> Content {
    Content {
        json: None,
        unreadable: true,
        too_large: true,
        size,
    }
}

/// JSON is told by the content: some vendors call it `text/html`, some call HTML JSON.
fn parse(bytes: &[u8]) -> Content {
    let size = bytes.len();
    // RFC 8259 §8.1 lets a reader ignore a byte order mark.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.trim_ascii().is_empty() {
        return Content {
            size,
            ..Content::default()
        };
    }
    let json = serde_json::from_slice(text).ok();
    Content {
        unreadable: json.is_none(),
        json,
        too_large: false,
        size,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use serde_json::json;

    #[test]
    fn nothing_and_blanks_are_an_empty_body() {
        for bytes in [b"".as_slice(), b" \r\n", b"\xef\xbb\xbf"] {
            let content = parse(bytes);
            assert_eq!((content.json, content.unreadable), (None, false));
        }
    }

    #[test]
    fn json_is_told_by_content_with_or_without_a_byte_order_mark() {
        for bytes in [b"{\"a\":1}".as_slice(), b"\xef\xbb\xbf{\"a\":1}\n"] {
            let content = parse(bytes);
            assert_eq!(content.json, Some(json!({"a": 1})));
            assert!(!content.unreadable);
        }
        assert_eq!(parse(b"null").json, Some(json!(null)));
    }

    #[test]
    fn pages_halves_and_bottomless_nesting_are_unreadable() {
        let deep = "[".repeat(100_000);
        for bytes in [
            b"<html></html>".as_slice(),
            b"{\"a\":",
            b"\xff\xfe",
            deep.as_bytes(),
        ] {
            let content = parse(bytes);
            assert_eq!((content.json, content.unreadable), (None, true));
            assert_eq!(content.size, bytes.len());
        }
    }
}
