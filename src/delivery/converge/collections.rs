//! The collections of an account: only the items that the bridge added are its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::vendor::{Collection, Cursor, FailureClass, Translated};

use super::members::names_a_bad_member;
use super::run::{Run, Stop};

/// So many pages of an account's items are read, far more than any account has.
const MOST_PAGES: usize = 1_000;

/// Items by what makes them the same.
type Items = BTreeMap<String, Map<String, Value>>;

/// What `applied` remembers of a collection, under a name that no vendor field can have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    /// Those that the bridge added.
    ours: Items,
    /// Those that are wanted and were there before; never taken away.
    found: Items,
    /// Those that it is about to add. Whether it did may stay open for a while.
    adding: Items,
}

impl Remembered {
    fn is_empty(&self) -> bool {
        self.ours.is_empty() && self.found.is_empty() && self.adding.is_empty()
    }

    /// Whether exactly these items are there, as far as the bridge knows.
    fn has_reached(&self, wanted: &Items) -> bool {
        self.adding.is_empty()
            && self.ours.len() + self.found.len() == wanted.len()
            && wanted
                .keys()
                .all(|key| self.ours.contains_key(key) || self.found.contains_key(key))
    }

    /// Brings it to what the appliance lists.
    fn learn(&mut self, present: &Present, wanted: &Items) {
        let adding = std::mem::take(&mut self.adding);
        self.ours.extend(adding);
        self.ours.retain(|key, _| present.contains_key(key));
        self.found
            .retain(|key, _| wanted.contains_key(key) && present.contains_key(key));
        for (key, item) in wanted {
            if present.contains_key(key) && !self.ours.contains_key(key) {
                self.found.insert(key.clone(), item.clone());
            }
        }
    }
}

/// What the appliance lists: the ids of the items, by what makes them the same.
type Present = BTreeMap<String, Vec<String>>;

impl Run<'_> {
    /// Brings every collection of the account to what the directory says.
    pub(super) async fn converge_collections(
        &mut self,
        desired: &Translated,
        observe_first: bool,
    ) -> Result<(), Stop> {
        let object = self.object;
        let mut first_failure = None;
        for collection in object.collections() {
            let wanted: Items = desired
                .collections
                .get(collection.name())
                .into_iter()
                .flatten()
                .map(|item| (collection.identity(item), item.clone()))
                .collect();
            match self
                .converge_collection(collection, &wanted, observe_first)
                .await
            {
                Err(Stop::Failure(failure)) if names_a_bad_member(failure.class) => {
                    first_failure.get_or_insert(Stop::Failure(failure));
                }
                outcome => outcome?,
            }
        }
        first_failure.map_or(Ok(()), Err)
    }

    async fn converge_collection(
        &mut self,
        collection: &Collection,
        wanted: &Items,
        observe_first: bool,
    ) -> Result<(), Stop> {
        let Some(id) = self.progress.remote_id.clone() else {
            return Ok(());
        };
        let mut remembered = self.remembered_items(collection);
        let nothing_to_do = remembered.is_empty() && wanted.is_empty();
        if nothing_to_do || (remembered.has_reached(wanted) && !observe_first) {
            return Ok(());
        }
        let present = self.list_items(collection, &id).await?;
        remembered.learn(&present, wanted);
        remembered.adding = wanted
            .iter()
            .filter(|(key, _)| !present.contains_key(*key))
            .map(|(key, item)| (key.clone(), item.clone()))
            .collect();
        self.remember_items(collection, &remembered);
        if !remembered.adding.is_empty() {
            self.checkpoint().await?;
        }
        let written = self
            .write_items(collection, &id, wanted, &present, &mut remembered)
            .await;
        self.remember_items(collection, &remembered);
        written
    }

    /// Additions first, then removals; one bad item holds no other up.
    async fn write_items(
        &mut self,
        collection: &Collection,
        id: &str,
        wanted: &Items,
        present: &Present,
        remembered: &mut Remembered,
    ) -> Result<(), Stop> {
        let mut first_failure = None;
        for (key, item) in remembered.adding.clone() {
            match self.call(collection.add_request(id, &item)?).await {
                Ok(_) => {
                    remembered.adding.remove(&key);
                    remembered.ours.insert(key, item);
                }
                // It is there under another spelling, and not by us.
                Err(Stop::Failure(failure)) if failure.class == FailureClass::Conflict => {
                    remembered.adding.remove(&key);
                    remembered.found.insert(key, item);
                }
                Err(Stop::Failure(failure)) if names_a_bad_member(failure.class) => {
                    remembered.adding.remove(&key);
                    first_failure.get_or_insert(Stop::Failure(failure));
                }
                Err(stop) => return Err(stop),
            }
        }
        let surplus: BTreeSet<String> = remembered
            .ours
            .keys()
            .filter(|key| !wanted.contains_key(*key))
            .cloned()
            .collect();
        for key in surplus {
            // Of several that are the same the last is ours: it came after the others.
            if let Some(item_id) = present.get(&key).and_then(|ids| ids.last()) {
                match self.call(collection.remove_request(id, item_id)?).await {
                    Ok(_) => {}
                    Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {}
                    Err(stop) => return Err(stop),
                }
            }
            remembered.ours.remove(&key);
        }
        first_failure.map_or(Ok(()), Err)
    }

    async fn list_items(&mut self, collection: &Collection, id: &str) -> Result<Present, Stop> {
        let mut present = Present::new();
        let mut cursor = Cursor::default();
        for _ in 0..MOST_PAGES {
            let answer = self.call(collection.list_request(id, &cursor)?).await?;
            let items = collection
                .read(&answer)
                .map_err(|reason| self.unreadable("listing a collection", &reason))?;
            for (key, item_id) in items {
                present.entry(key).or_default().push(item_id);
            }
            match collection.next_page(&cursor, &answer) {
                Ok(Some(next)) => cursor = next,
                Ok(None) => return Ok(present),
                Err(reason) => return Err(self.unreadable("listing a collection", &reason)),
            }
        }
        Err(self.unreadable(
            "listing a collection",
            &format!("it does not end after {MOST_PAGES} pages"),
        ))
    }

    fn remembered_items(&self, collection: &Collection) -> Remembered {
        self.progress
            .applied
            .get(&remembered_as(collection))
            .and_then(|value| serde_json::from_value(value.clone()).ok())
            .unwrap_or_default()
    }

    fn remember_items(&mut self, collection: &Collection, remembered: &Remembered) {
        let name = remembered_as(collection);
        match serde_json::to_value(remembered) {
            Ok(value) if !remembered.is_empty() => self.progress.applied.insert(name, value),
            _ => self.progress.applied.remove(&name),
        };
    }
}

fn remembered_as(collection: &Collection) -> String {
    format!("$collection.{}", collection.name())
}
