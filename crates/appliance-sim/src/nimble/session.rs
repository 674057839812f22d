//! Sessions: a login makes a token, which lives while it is used.

use std::collections::HashMap;

use jiff::Timestamp;
use rand::{
    distr::{Alphanumeric, SampleString},
    rngs::StdRng,
};
use serde_json::{Value, json};

use super::{
    identifier::{Identifier, Kind},
    row::Row,
};

/// The length of the token that goes into `X-Auth-Token`.
const TOKEN_LENGTH: usize = 32;

/// The fields of a token in the order of a reply. The token itself is shown only to its owner,
/// at the login.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "username",
    "app_name",
    "source_ip",
    "creation_time",
    "last_modified",
];

/// One login.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) id: Identifier,
    pub(super) token: String,
    pub(super) user: Identifier,
    username: String,
    app_name: String,
    source_ip: String,
    created: Timestamp,
    used: Timestamp,
    /// Seconds without a call after which it ends.
    idle_seconds: u64,
}

/// Who logs in, from where, and for how long.
pub(super) struct Login {
    pub(super) user: Identifier,
    pub(super) username: String,
    pub(super) app_name: String,
    pub(super) source_ip: String,
    pub(super) idle_seconds: u64,
}

/// The live sessions, by token.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_token: HashMap<String, Session>,
    last_number: u64,
}

impl Sessions {
    pub(super) fn open(&mut self, login: Login, now: Timestamp, random: &mut StdRng) -> Session {
        self.last_number += 1;
        let session = Session {
            id: Identifier::new(Kind::Token, self.last_number),
            token: Alphanumeric
                .sample_string(random, TOKEN_LENGTH)
                .to_ascii_lowercase(),
            user: login.user,
            username: login.username,
            app_name: login.app_name,
            source_ip: login.source_ip,
            created: now,
            used: now,
            idle_seconds: login.idle_seconds,
        };
        self.by_token.insert(session.token.clone(), session.clone());
        session
    }

    /// Ends the sessions that were idle for too long.
    pub(super) fn expire(&mut self, now: Timestamp) {
        self.by_token.retain(|_, session| {
            let idle = now.as_second().saturating_sub(session.used.as_second());
            u64::try_from(idle).unwrap_or(0) <= session.idle_seconds
        });
    }

    /// The session of a token, which is thereby kept alive.
    pub(super) fn touch(&mut self, token: &str, now: Timestamp) -> Option<&Session> {
        let session = self.by_token.get_mut(token)?;
        session.used = now;
        Some(session)
    }

    pub(super) fn get(&self, id: &Identifier) -> Option<&Session> {
        self.by_token.values().find(|session| session.id == *id)
    }

    /// The live sessions, oldest first.
    pub(super) fn all(&self) -> Vec<&Session> {
        let mut sessions: Vec<_> = self.by_token.values().collect();
        sessions.sort_by(|one, other| one.id.cmp(&other.id));
        sessions
    }

    pub(super) fn close(&mut self, token: &str) {
        self.by_token.remove(token);
    }

    /// Ends every session, as a failover does.
    pub(super) fn close_all(&mut self) {
        self.by_token.clear();
    }

    /// Ends the sessions of a user who is no more.
    pub(super) fn close_of(&mut self, user: &Identifier) {
        self.by_token.retain(|_, session| session.user != *user);
    }

    pub(super) fn has_live(&self, user: &Identifier) -> bool {
        self.by_token.values().any(|session| session.user == *user)
    }

    pub(super) fn count(&self) -> usize {
        self.by_token.len()
    }
}

impl Row for &Session {
    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id.as_str()),
            "username" => json!(self.username),
            "app_name" => json!(self.app_name),
            "source_ip" => json!(self.source_ip),
            "creation_time" => json!(self.created.as_second()),
            "last_modified" => json!(self.used.as_second()),
            _ => return None,
        })
    }
}
