//! Reading whole resources, as POST and PUT carry them (RFC 7644 §3.3, §3.5.1).

mod members;
mod schemas;
#[cfg(test)]
mod tests;

use secrecy::SecretString;
use serde_json::{Map, Value};

pub use members::Member;
pub(crate) use members::read_members;

use super::document::{Normaliser, Target, Verb, conclude, json_type, spread, write};
use super::schema::SchemaSet;
use super::{ResourceKind, ScimError, Tolerated};

/// A resource as a client wants it to be.
#[derive(Debug)]
pub struct Incoming {
    /// The attributes in canonical form: names as the schemas spell them, values of the types
    /// that they ask for, only what a client may write. Without members and password.
    pub document: Map<String, Value>,
    /// The members of a group; `None` where the body does not speak of them.
    pub members: Option<Vec<Member>>,
    /// The password, where one was sent.
    pub password: Option<SecretString>,
    /// Whether the body said if the user is active. Where it did not, `document` has `true`,
    /// which is right for a new user; PUT keeps what the user was.
    pub active_given: bool,
    /// What had to be tolerated.
    pub tolerated: Tolerated,
}

/// Reads the body of a POST or PUT.
///
/// # Errors
/// `invalidSyntax` where the body is no object or is of another resource type, `invalidValue`
/// where a value is of a wrong type or a required one is missing, `invalidPath` where a filtered
/// path as a key does not parse.
pub fn read_resource(
    kind: ResourceKind,
    body: Value,
    schemas: &SchemaSet,
) -> Result<Incoming, ScimError> {
    let Value::Object(mut object) = body else {
        return Err(ScimError::invalid_syntax(format!(
            "the body must be an object, not {}",
            json_type(&body)
        )));
    };
    let mut tolerated = Tolerated::default();
    let declared = schemas::take_declared(kind, &mut object, schemas, &mut tolerated)?;
    // Room for `schemas`, and for the id that the directory gives.
    let mut document = Map::with_capacity(object.len() + 2);
    document.insert("schemas".to_owned(), Value::Null);
    let mut reader = Reader {
        kind,
        document,
        members: None,
        password: None,
        written: Vec::with_capacity(object.len()),
        tolerated,
    };
    for (target, value) in spread(kind, object, schemas, &mut reader.tolerated)? {
        reader.take(target, value)?;
    }
    conclude(&mut reader.document, kind, &reader.written);
    schemas::note_undeclared(&declared, &reader.document, &mut reader.tolerated);
    check_required(kind, &reader.document, schemas)?;
    let active_given = reader.document.contains_key("active");
    if kind == ResourceKind::User && !active_given {
        reader
            .document
            .insert("active".to_owned(), Value::Bool(true));
    }
    Ok(Incoming {
        document: reader.document,
        members: reader.members,
        password: reader.password,
        active_given,
        tolerated: reader.tolerated,
    })
}

struct Reader {
    kind: ResourceKind,
    document: Map<String, Value>,
    members: Option<Vec<Member>>,
    password: Option<SecretString>,
    written: Vec<Target>,
    tolerated: Tolerated,
}

impl Reader {
    fn take(&mut self, target: Target, value: Value) -> Result<(), ScimError> {
        // RFC 7644 §3.3 and §3.5.1: what the client may not write is ignored.
        if target.is_read_only() {
            return Ok(());
        }
        if target.is_members(self.kind) {
            if target.is_whole() {
                self.members = Some(read_members(value, &mut self.tolerated)?);
            }
            return Ok(());
        }
        let mut normaliser = Normaliser {
            tolerated: &mut self.tolerated,
        };
        let value = match (&target.sub_attribute, &target.selector) {
            (Some(part), _) => normaliser.single(Some(&target.attribute), part, value)?,
            (None, Some(_)) => normaliser.single(None, &target.attribute, value)?,
            (None, None) => normaliser.attribute(&target.attribute, value)?,
        };
        let Some(value) = value else { return Ok(()) };
        if target.is_write_only() {
            if let Value::String(password) = value {
                self.password = Some(password.into());
            }
            return Ok(());
        }
        write(
            &mut self.document,
            &target,
            Verb::Add,
            Some(value),
            &mut self.tolerated,
        )?;
        self.written.push(target);
        Ok(())
    }
}

/// RFC 7643 §7: required attributes of the core schema must be there.
fn check_required(
    kind: ResourceKind,
    document: &Map<String, Value>,
    schemas: &SchemaSet,
) -> Result<(), ScimError> {
    let core = schemas.core_schema(kind).into_iter();
    let missing = core
        .flat_map(|schema| &schema.attributes)
        .find(|attribute| attribute.required && !document.contains_key(&attribute.name));
    match missing {
        Some(attribute) => Err(ScimError::invalid_value(format!(
            "{} is required: every {kind} must have one that is not empty",
            attribute.name
        ))),
        None => Ok(()),
    }
}
