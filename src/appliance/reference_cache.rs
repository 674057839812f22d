//! What names referred to a moment ago, so that many accounts ask once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// So long a name's meaning is believed. Ids of roles and organizations hardly ever change.
const BELIEVED: Duration = Duration::from_secs(120);

/// More names than any appliance has roles and organizations; the cache starts anew then.
const MOST_NAMES: usize = 10_000;

/// Ids by the field that wants them and the name.
#[derive(Debug, Default)]
pub struct ReferenceCache {
    known: Mutex<HashMap<(String, String), (Value, Instant)>>,
}

impl ReferenceCache {
    /// The id of what a name in this field refers to, if it was looked up lately.
    pub fn get(&self, field: &str, name: &str) -> Option<Value> {
        self.get_at(field, name, Instant::now())
    }

    fn get_at(&self, field: &str, name: &str, now: Instant) -> Option<Value> {
        let key = (field.to_owned(), name.to_owned());
        let known = self.lock();
        let (id, at) = known.get(&key)?;
        (now.saturating_duration_since(*at) < BELIEVED).then(|| id.clone())
    }

    /// Remembers what a look-up gave.
    pub fn put(&self, field: &str, name: &str, id: Value) {
        let mut known = self.lock();
        if known.len() >= MOST_NAMES {
            known.clear();
        }
        known.insert((field.to_owned(), name.to_owned()), (id, Instant::now()));
    }

    /// A thread that panicked left whole entries behind.
    fn lock(&self) -> MutexGuard<'_, HashMap<(String, String), (Value, Instant)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use tokio::time::Instant;

    use super::{BELIEVED, ReferenceCache};

    #[test]
    fn a_name_is_believed_for_a_while() {
        let cache = ReferenceCache::default();
        assert_eq!(cache.get("role_ids", "Viewer"), None);
        cache.put("role_ids", "Viewer", json!(8));
        assert_eq!(cache.get("role_ids", "Viewer"), Some(json!(8)));
        assert_eq!(cache.get("usergroup_ids", "Viewer"), None);
        let later = Instant::now() + BELIEVED;
        assert_eq!(cache.get_at("role_ids", "Viewer", later), None);
    }
}
