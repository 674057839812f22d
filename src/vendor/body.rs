//! Bodies that carry fields beside what the profile itself puts there.

use serde_json::{Map, Value};

use super::exchange::RenderedRequest;

/// The request with these fields in its body, under `wrap` where the vendor wants them wrapped.
pub(super) fn put_fields(
    mut request: RenderedRequest,
    wrap: Option<&str>,
    fields: Map<String, Value>,
) -> RenderedRequest {
    let mut body = match request.body.take() {
        Some(Value::Object(body)) => body,
        _ => Map::new(),
    };
    match wrap {
        None => body.extend(fields),
        Some(wrap) => {
            let inner = body
                .entry(wrap)
                .or_insert_with(|| Value::Object(Map::new()));
            match inner {
                Value::Object(inner) => inner.extend(fields),
                other => *other = Value::Object(fields),
            }
        }
    }
    request.body = Some(Value::Object(body));
    request
}
