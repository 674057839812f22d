//! A PATCH and a document.

use serde_json::{Map, Value};

use super::{Operation, PatchRequest, Patched};
use crate::scim::ScimError;
use crate::scim::document::{Target, conclude, remove, write};

impl PatchRequest {
    /// Applies all operations, in order, or none (RFC 7644 §3.5.2: the request is atomic).
    ///
    /// # Errors
    /// `noTarget` where the filter of a path matches nothing.
    pub fn apply(&self, document: &Map<String, Value>) -> Result<Patched, ScimError> {
        let mut patched = Patched {
            document: document.clone(),
            changed: false,
            members: Vec::new(),
            password: None,
            tolerated: self.tolerated.clone(),
        };
        for operation in &self.operations {
            patched.perform(operation)?;
            patched.tolerated.verdict()?;
        }
        if self.operations.iter().any(Operation::touches_document) {
            let written = self.operations.iter().filter_map(Operation::target);
            conclude(&mut patched.document, self.kind, written);
            patched.changed = patched.document != *document;
        }
        Ok(patched)
    }
}

impl Patched {
    fn perform(&mut self, operation: &Operation) -> Result<(), ScimError> {
        match operation {
            Operation::Write {
                target,
                verb,
                value,
            } => write(
                &mut self.document,
                target,
                *verb,
                value.clone(),
                &mut self.tolerated,
            ),
            Operation::Remove { target, values } => {
                remove(&mut self.document, target, values.as_deref())
            }
            Operation::RemoveExtension(urn) => {
                self.document.shift_remove(urn);
                Ok(())
            }
            Operation::Members(change) => {
                self.members.push(change.clone());
                Ok(())
            }
            Operation::Password(password) => {
                self.password = Some(password.clone());
                Ok(())
            }
        }
    }
}

impl Operation {
    fn target(&self) -> Option<&Target> {
        match self {
            Self::Write { target, .. } | Self::Remove { target, .. } => Some(target),
            Self::RemoveExtension(_) | Self::Members(_) | Self::Password(_) => None,
        }
    }

    fn touches_document(&self) -> bool {
        self.target().is_some() || matches!(self, Self::RemoveExtension(_))
    }
}
