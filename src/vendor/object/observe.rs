//! Objects, read from answers.

use serde_json::{Map, Value};

use super::super::exchange::Answer;
use super::super::listing::Cursor;
use super::super::membership::Membership;
use super::super::observed::Observed;
use super::super::table::Row;
use super::ObjectProfile;
use super::identity::scalar_id;

impl ObjectProfile {
    /// The objects of an answer to a find.
    ///
    /// # Errors
    ///
    /// What is missing in the answer; it is not what the profile says then.
    pub fn observe_many(&self, answer: &Answer) -> Result<Vec<Observed>, String> {
        let find = &self.calls.find;
        let alone = find.answers_one().then_some(answer);
        let rows = find.rows(answer)?.iter();
        rows.map(|row| self.observe(row, alone)).collect()
    }

    /// The objects of an answer to a list, one page.
    ///
    /// # Errors
    ///
    /// What is missing in the answer; it is not what the profile says then.
    pub fn observe_page(&self, answer: &Answer) -> Result<Vec<Observed>, String> {
        let list = self.calls.list.as_ref().unwrap_or(&self.calls.find);
        let rows = list.rows(answer)?.iter();
        rows.map(|row| self.observe(row, None)).collect()
    }

    /// The object of an answer to a read.
    ///
    /// # Errors
    ///
    /// What is missing in the answer; it is not what the profile says then.
    pub fn observe_one(&self, answer: &Answer) -> Result<Observed, String> {
        let body = answer.body.as_ref().ok_or("the answer is empty")?;
        let object = match &self.calls.read {
            Some(read) => read
                .at
                .find(body)
                .ok_or("the answer holds no object where the profile says")?,
            None => body,
        };
        self.observe(object, Some(answer))
    }

    /// The id of a created object; `None` if the answer does not hold it, so that the object has
    /// to be looked up.
    pub fn created_id(&self, answer: &Answer) -> Option<String> {
        self.calls
            .created
            .iter()
            .find_map(|identity| identity.read(answer))
    }

    /// Where a list goes on after an answer; `None` if it is complete.
    ///
    /// # Errors
    ///
    /// What makes the list incomplete, so that absence from it proves nothing.
    pub fn next_page(&self, cursor: &Cursor, answer: &Answer) -> Result<Option<Cursor>, String> {
        match &self.calls.list {
            Some(list) => list.next(cursor, answer),
            None => Ok(None),
        }
    }

    /// `answer` is the one that holds this object and no other.
    fn observe(&self, object: &Value, answer: Option<&Answer>) -> Result<Observed, String> {
        let id = self
            .id
            .iter()
            .find_map(|identity| identity.of(object, answer))
            .ok_or("an object of the answer has no id where the profile says")?;
        let key = self
            .table
            .row(self.key_field())
            .and_then(|row| row.shown(object))
            .as_ref()
            .and_then(scalar_id)
            .ok_or_else(|| format!("an object of the answer has no {}", self.key_field()))?;
        let fields = self.fields(object);
        Ok(Observed {
            active: self.state.as_ref().and_then(|state| state.observe(object)),
            left_alone: self
                .state
                .as_ref()
                .is_some_and(|state| state.left_alone(object)),
            protected: self.is_protected_key(&key) || self.is_flagged(object),
            members: match &self.membership {
                Some(Membership::List(list)) => list.read(object),
                _ => None,
            },
            marker: self.marker(object),
            fields,
            id,
            key,
        })
    }

    fn fields(&self, object: &Value) -> Map<String, Value> {
        self.table
            .rows
            .iter()
            .filter(|row| row.secret.is_none() && !row.masked)
            .filter_map(|row| {
                let shown = row.shown(object)?;
                (!row.leave_when.contains(&shown)).then(|| (row.name.clone(), shown))
            })
            .collect()
    }

    fn is_flagged(&self, object: &Value) -> bool {
        self.protected_when.iter().any(|flag| flag.shows(object))
    }

    fn marker(&self, object: &Value) -> Option<String> {
        let marker = self.table.marker.as_ref()?;
        self.table
            .row(&marker.field)?
            .shown(object)?
            .as_str()?
            .strip_prefix(&marker.prefix)
            .map(str::to_owned)
    }
}

impl Row {
    /// What an object shows of this field; `None` if it says nothing.
    fn shown(&self, object: &Value) -> Option<Value> {
        self.read.iter().find_map(|pointer| pointer.shown(object))
    }
}
