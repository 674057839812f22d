//! Names in the table that the vendor wants as ids.

use serde_json::{Map, Value};

use super::super::exchange::{Answer, RenderedRequest};
use super::super::reference::{Reference, names, replaced};
use super::super::request::RenderError;
use super::ObjectProfile;

impl ObjectProfile {
    /// Every name among these fields that has to be looked up, with its field.
    pub fn references<'a>(&'a self, fields: &'a Map<String, Value>) -> Vec<(&'a str, &'a str)> {
        self.table
            .rows
            .iter()
            .filter(|row| row.reference.is_some())
            .filter_map(|row| Some((row.name.as_str(), fields.get(&row.name)?)))
            .flat_map(|(field, value)| names(value).into_iter().map(move |name| (field, name)))
            .collect()
    }

    /// Looks up what a name in a field refers to; `None` if the field is no reference.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn look_up_request(
        &self,
        field: &str,
        name: &str,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        self.reference(field)
            .map(|reference| reference.request(&self.base_path, name))
            .transpose()
    }

    /// The id of what a name refers to; `None` if nothing is called so.
    ///
    /// # Errors
    ///
    /// What is missing in the answer, or that several are called so.
    pub fn referred_id(
        &self,
        field: &str,
        name: &str,
        answer: &Answer,
    ) -> Result<Option<Value>, String> {
        match self.reference(field) {
            Some(reference) => reference.id(answer, name),
            None => Ok(None),
        }
    }

    /// The fields with every name of a reference replaced by its id.
    pub fn with_ids(
        &self,
        fields: &Map<String, Value>,
        id_of: impl Fn(&str, &str) -> Option<Value>,
    ) -> Map<String, Value> {
        fields
            .iter()
            .map(|(field, value)| {
                let value = match self.reference(field) {
                    Some(_) => replaced(value, &|name| id_of(field, name)),
                    None => value.clone(),
                };
                (field.clone(), value)
            })
            .collect()
    }

    fn reference(&self, field: &str) -> Option<&Reference> {
        self.table.row(field)?.reference.as_ref()
    }
}
