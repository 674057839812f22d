//! How a profile handles one kind of object: its table, its calls, and how its answers are read.

mod action;
mod address;
mod compile;
mod create;
mod identity;
mod naming;
mod observe;
mod operations;
mod proof;
mod references;
mod state;

pub use action::{Confirm, StepValues};
pub use address::Address;
pub(crate) use compile::compile_object;
pub(crate) use identity::scalar_id;
pub use proof::Disobeyed;

use serde_json::{Map, Value};

use super::collection::Collection;
use super::flag::Flag;
use super::listing::Listing;
use super::membership::Membership;
use super::pointer::Pointer;
use super::request::RequestTemplate;
use super::revocation::Revocation;
use super::table::Table;
use super::translated::{SecretField, Subject, Translated};
use crate::scim::{ResourceKind, fold};

use action::Action;
use identity::Identity;
use state::State;

/// Accounts or groups, as one vendor has them.
#[derive(Debug, Clone)]
pub struct ObjectProfile {
    pub(super) table: Table,
    namespace: String,
    key_ignores_case: bool,
    wrap: Option<String>,
    /// Where an object shows its id, or the answer that holds nothing else.
    id: Vec<Identity>,
    state: Option<State>,
    protected: Vec<String>,
    protected_when: Vec<Flag>,
    temporary_key: String,
    delete_falls_back_to_disable: bool,
    /// What is written in place of a password; `None` where the vendor wants one.
    without_password: Option<Map<String, Value>>,
    calls: Calls,
    membership: Option<Membership>,
    collections: Vec<Collection>,
    revocation: Option<Revocation>,
    /// Below the origin, before every path.
    base_path: String,
}

/// The requests; an absent one means that the vendor cannot.
#[derive(Debug, Clone)]
struct Calls {
    find: Listing,
    read: Option<ReadCall>,
    create: RequestTemplate,
    created: Vec<Identity>,
    confirm_create: Confirm,
    update: RequestTemplate,
    confirm_update: Confirm,
    rename: Option<RequestTemplate>,
    disable: Action,
    enable: Action,
    delete: Option<RequestTemplate>,
    list: Option<Listing>,
}

impl Calls {
    /// The requests that change or remove an object that is there.
    fn on_existing(&self) -> impl Iterator<Item = &RequestTemplate> {
        [
            Some(&self.update),
            self.rename.as_ref(),
            self.delete.as_ref(),
        ]
        .into_iter()
        .flatten()
    }
}

#[derive(Debug, Clone)]
struct ReadCall {
    request: RequestTemplate,
    /// Where the object stands in the answer.
    at: Pointer,
}

impl ObjectProfile {
    /// Whether these are accounts or groups.
    pub fn kind(&self) -> ResourceKind {
        self.table.kind
    }

    /// Keys of one namespace must differ from each other.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// A key in the form in which the vendor compares it.
    pub fn fold_key(&self, key: &str) -> String {
        if self.key_ignores_case {
            fold(key)
        } else {
            key.to_owned()
        }
    }

    /// The vendor's field that is the key.
    pub fn key_field(&self) -> &str {
        &self.table.key
    }

    /// Whether some request names an object by nothing but its key, so that it would reach whoever
    /// else has that key by now.
    pub fn is_addressed_by_key(&self) -> bool {
        let switches = [&self.calls.disable, &self.calls.enable];
        let steps = switches.into_iter().flat_map(Action::requests);
        self.calls.on_existing().chain(steps).any(|request| {
            (request.names("key") || request.names("old_key")) && !request.names("id")
        })
    }

    /// Whether a key can be changed.
    pub fn can_rename(&self) -> bool {
        self.calls.rename.is_some()
    }

    /// Whether an account can be switched off and on.
    pub fn can_disable(&self) -> bool {
        self.state.is_some() || self.calls.disable.has_steps()
    }

    /// Whether an object can be deleted.
    pub fn can_delete(&self) -> bool {
        self.calls.delete.is_some()
    }

    /// Whether an object whose state forbids its deletion is disabled instead.
    pub fn delete_falls_back_to_disable(&self) -> bool {
        self.delete_falls_back_to_disable
    }

    /// Whether the profile protects the key. Case never matters here: protection errs on the
    /// safe side.
    pub fn is_protected_key(&self, key: &str) -> bool {
        let key = fold(key);
        self.protected
            .iter()
            .any(|protected| fold(protected) == key)
    }

    /// A key that nobody has, for the way through a cycle of renames. `token` makes it unlikely;
    /// letters and digits of it are used as far as the vendor takes them.
    pub fn temporary_key(&self, token: &str) -> String {
        let token: String = token
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|character| character.to_ascii_lowercase())
            .collect();
        let key = self.temporary_key.replace("{{ token }}", &token);
        match self
            .table
            .row(&self.table.key)
            .and_then(super::table::Row::max_length)
        {
            Some(limit) => key.chars().take(limit).collect(),
            None => key,
        }
    }

    /// The desired state of a resource's object, in the vendor's fields.
    pub fn translate(&self, subject: &Subject<'_>) -> Translated {
        self.table.translate(subject)
    }

    /// What an update must send to get from what was applied to what is desired. The key,
    /// create-only fields and secrets are never among it; a value that went away is the vendor's
    /// empty value.
    pub fn changes(
        &self,
        applied: &Map<String, Value>,
        desired: &Map<String, Value>,
    ) -> Map<String, Value> {
        self.table.changes(applied, desired)
    }

    /// What is applied once those changes are written. The key stays as it was applied.
    pub fn after_update(
        &self,
        applied: &Map<String, Value>,
        desired: &Map<String, Value>,
    ) -> Map<String, Value> {
        self.table.after_update(applied, desired)
    }

    /// Whether an account shows all of these fields, so far as it shows them at all.
    pub fn same_as(&self, observed: &Map<String, Value>, fields: &Map<String, Value>) -> bool {
        self.table.same_as(observed, fields)
    }

    /// How members are written, if the vendor has groups.
    pub fn membership(&self) -> Option<&Membership> {
        self.membership.as_ref()
    }

    /// The collections of sub-objects that an account has.
    pub fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// How what a person holds is ended when the account is switched off, if anything is.
    pub fn revocation(&self) -> Option<&Revocation> {
        self.revocation.as_ref()
    }

    /// The secret fields of the table.
    pub fn secrets(&self) -> Vec<SecretField> {
        self.table.secrets()
    }

    /// The field names whose values are masked wherever a request is shown.
    pub fn secret_fields(&self) -> Vec<String> {
        self.table.secret_fields()
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_by_key;
