//! The sessions behind the cookie that every reply sets.

use std::collections::{HashMap, VecDeque};

use crate::dummy_hash::letters;

/// The oldest sessions are dropped beyond so many: a client without a cookie jar makes a new one
/// with every request.
const KEPT: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct Sessions {
    users: HashMap<String, i64>,
    order: VecDeque<String>,
}

impl Sessions {
    /// Whose session a `Cookie` header carries.
    pub(super) fn user(&self, cookies: &str) -> Option<(String, i64)> {
        cookies
            .split(';')
            .filter_map(|cookie| cookie.trim().strip_prefix("_session_id="))
            .find_map(|id| self.users.get(id).map(|user| (id.to_owned(), *user)))
    }

    pub(super) fn open(&mut self, user: i64, serial: u64) -> String {
        let id = letters(serial ^ 0x5e55_1011, 32).to_lowercase();
        self.users.insert(id.clone(), user);
        self.order.push_back(id.clone());
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.users.remove(&oldest);
        }
        id
    }
}
