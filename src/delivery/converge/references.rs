//! Names become ids just before they are written: what was applied is remembered by name.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Map, Value};

use crate::scim::ResourceKind;
use crate::store::Verdict;
use crate::vendor::FailureClass;

use super::run::{Run, Stop};

impl Run<'_> {
    /// The fields as a request carries them: every name of a reference replaced by the id of what
    /// bears it on the appliance.
    pub(super) async fn with_ids(
        &mut self,
        fields: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Stop> {
        let object = self.object;
        let mut ids: BTreeMap<(&str, &str), Value> = BTreeMap::new();
        for (field, name) in object.references(fields) {
            if let Entry::Vacant(unknown) = ids.entry((field, name)) {
                unknown.insert(self.look_up(field, name).await?);
            }
        }
        Ok(object.with_ids(fields, |field, name| ids.get(&(field, name)).cloned()))
    }

    async fn look_up(&mut self, field: &str, name: &str) -> Result<Value, Stop> {
        let object = self.object;
        let cached_as = match object.kind() {
            ResourceKind::User => format!("user.{field}"),
            ResourceKind::Group => format!("group.{field}"),
        };
        let target = self.target;
        let cache = target.connection.references();
        if let Some(id) = cache.get(&cached_as, name) {
            return Ok(id);
        }
        let Some(request) = object.look_up_request(field, name)? else {
            return Ok(Value::from(name));
        };
        let answer = self.call(request).await?;
        match object.referred_id(field, name, &answer) {
            Ok(Some(id)) => {
                cache.put(&cached_as, name, id.clone());
                Ok(id)
            }
            Ok(None) => Err(self.unknown_name(&cached_as, name, "nothing is called so")),
            Err(reason) => Err(self.unknown_name(&cached_as, name, &reason)),
        }
    }

    fn unknown_name(&self, row: &str, name: &str, reason: &str) -> Stop {
        self.look_again(
            FailureClass::Invalid,
            format!(
                "the row {row} names {name:?}, and on {} {reason}; make it there, or correct the row",
                self.target.name()
            ),
        )
    }

    /// Ends the attempt over something that only a person at the appliance can change. Nothing
    /// tells the link when that is done, so it looks by itself.
    pub(super) fn look_again(&self, class: FailureClass, message: String) -> Stop {
        let pause = self.context.settings.refused_retry;
        Stop::Verdict(Verdict::Retry {
            at_ms: self.context.clock.now_ms()
                + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2),
            class: class.as_str().to_owned(),
            message,
        })
    }
}
