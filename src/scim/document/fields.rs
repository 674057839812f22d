//! Changing what stands under a name.

use serde_json::{Map, Value};

/// Changes the object under a name, made where there is none.
pub(super) fn in_object<T>(
    container: &mut Map<String, Value>,
    name: &str,
    change: impl FnOnce(&mut Map<String, Value>) -> T,
) -> T {
    if let Some(Value::Object(fields)) = container.get_mut(name) {
        return change(fields);
    }
    let mut fields = Map::new();
    let outcome = change(&mut fields);
    container.insert(name.to_owned(), Value::Object(fields));
    outcome
}

/// Changes the list under a name. RFC 7643 §2.5: the empty list is no value.
pub(super) fn in_list<T>(
    container: &mut Map<String, Value>,
    name: &str,
    change: impl FnOnce(&mut Vec<Value>) -> T,
) -> T {
    let mut list = match container.get_mut(name) {
        Some(Value::Array(list)) => std::mem::take(list),
        Some(value) => vec![value.take()],
        None => Vec::new(),
    };
    let outcome = change(&mut list);
    set(
        container,
        name,
        (!list.is_empty()).then_some(Value::Array(list)),
    );
    outcome
}

/// Sets what is under a name, or removes it.
pub(super) fn set(container: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            container.insert(name.to_owned(), value);
        }
        None => {
            container.shift_remove(name);
        }
    }
}
