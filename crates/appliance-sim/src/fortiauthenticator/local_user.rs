//! A local user, and what a reply shows of it.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    dialect::Dialect,
    filter::{ANY, ANY_BUT_IN, EXACT, EXACT_IN_EITHER_CASE, EXACT_OR_IN, FilterRules, Filterable},
    membership::Memberships,
};

/// Where local users live, and the key of their errors.
pub(super) const COLLECTION: &str = "localusers";

/// Fields that are text, with the length that the guide gives, in characters.
pub(super) const TEXTS: &[(&str, Option<usize>)] = &[
    ("address", Some(80)),
    ("city", Some(40)),
    ("company", None),
    ("country", None),
    ("custom1", Some(255)),
    ("custom2", Some(255)),
    ("custom3", Some(255)),
    ("department", None),
    ("email", None),
    ("first_name", Some(30)),
    ("ftm_act_method", None),
    ("last_name", Some(30)),
    ("mail_host", None),
    ("mail_routing_address", None),
    ("mobile_number", Some(25)),
    ("phone_number", Some(25)),
    ("recovery_answer", None),
    ("recovery_question", None),
    ("state", Some(40)),
    ("token_serial", None),
];

/// Fields that are true or false, and are false at first; `active` is the exception.
pub(super) const FLAGS: &[&str] = &[
    "active",
    "change_password",
    "fido",
    "ftk_only",
    "recovery_by_question",
    "token_auth",
    "token_fas",
];

/// What can be filtered, after the guide's table; `id` is used by clients of release 8.
pub(super) const FILTERS: FilterRules = FilterRules {
    known: &[
        "active",
        "address",
        "change_password",
        "city",
        "company",
        "country",
        "custom1",
        "custom2",
        "custom3",
        "department",
        "email",
        "expires_at",
        "fido",
        "first_name",
        "ftk_only",
        "ftm_act_method",
        "id",
        "last_name",
        "mobile_number",
        "phone_number",
        "reason",
        "recovery_by_question",
        "state",
        "token_auth",
        "token_fas",
        "token_serial",
        "token_type",
        "user_groups",
        "username",
    ],
    allowed: &[
        ("id", EXACT_OR_IN),
        ("username", ANY),
        ("email", ANY),
        ("first_name", ANY_BUT_IN),
        ("last_name", ANY_BUT_IN),
        ("city", ANY_BUT_IN),
        ("state", ANY_BUT_IN),
        ("country", ANY_BUT_IN),
        ("active", EXACT),
        ("token_type", EXACT),
        ("token_serial", EXACT_IN_EITHER_CASE),
    ],
};

/// A local user.
#[derive(Debug, Clone)]
pub(super) struct LocalUser {
    pub(super) id: u64,
    pub(super) username: String,
    pub(super) password: Option<String>,
    texts: HashMap<&'static str, String>,
    flags: HashMap<&'static str, bool>,
    pub(super) token_type: Option<String>,
    /// Why the account is not active; 0 for by hand.
    pub(super) reason: u64,
    pub(super) expires_at: Option<Timestamp>,
    /// When a lock-out ends by itself.
    pub(super) locked_until: Option<Timestamp>,
    /// Where it stands in a list: behind everything that was written before it.
    pub(super) position: u64,
}

impl LocalUser {
    pub(super) fn new(username: &str) -> Self {
        Self {
            id: 0,
            username: username.to_owned(),
            password: None,
            texts: HashMap::new(),
            flags: HashMap::from([("active", true)]),
            token_type: None,
            reason: 0,
            expires_at: None,
            locked_until: None,
            position: 0,
        }
    }

    /// A text field; empty if it was never set.
    pub(super) fn text(&self, field: &str) -> &str {
        self.texts
            .get(field)
            .map(String::as_str)
            .unwrap_or_default()
    }

    pub(super) fn set_text(&mut self, field: &'static str, value: String) {
        self.texts.insert(field, value);
    }

    pub(super) fn flag(&self, field: &str) -> bool {
        self.flags.get(field).copied().unwrap_or_default()
    }

    pub(super) fn set_flag(&mut self, field: &'static str, value: bool) {
        self.flags.insert(field, value);
    }

    /// Switches the account off as the appliance does by itself.
    pub(super) fn deactivate(&mut self, reason: u64, until: Option<Timestamp>) {
        self.set_flag("active", false);
        self.reason = reason;
        self.locked_until = until;
    }

    /// The user with these fields; its groups are known to the memberships.
    pub(super) fn show(
        &self,
        fields: &[&str],
        dialect: Dialect,
        memberships: &Memberships,
    ) -> Value {
        let fields = fields.iter().map(|field| {
            let value = match *field {
                "resource_uri" => json!(dialect.uri(COLLECTION, self.id)),
                "user_groups" => memberships
                    .groups_of(self.id)
                    .map(|group| json!(dialect.uri("usergroups", group)))
                    .collect(),
                field => self.value(field),
            };
            ((*field).to_owned(), value)
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }

    fn value(&self, field: &str) -> Value {
        match field {
            "id" => json!(self.id),
            "username" => json!(self.username),
            "token_type" => json!(self.token_type),
            "reason" => json!(self.reason),
            "expires_at" => json!(self.expires_at.map(iso_8601)),
            flag if FLAGS.contains(&flag) => json!(self.flag(flag)),
            text => json!(self.text(text)),
        }
    }
}

impl Filterable for &LocalUser {
    fn comparable(&self, field: &str) -> Option<Value> {
        Some(self.value(field))
    }
}

/// The instant, in the form in which the API writes it.
fn iso_8601(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
