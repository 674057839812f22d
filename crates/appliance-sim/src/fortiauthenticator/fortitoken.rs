//! The appliance's stock of `FortiToken`s.

use serde_json::{Value, json};

use super::filter::{EXACT, FilterRules, Filterable};

/// Where tokens live.
pub(super) const COLLECTION: &str = "fortitokens";

pub(super) const FILTERS: FilterRules = FilterRules {
    known: &["id", "locked", "serial", "status", "type"],
    allowed: &[("serial", EXACT), ("status", EXACT), ("type", EXACT)],
};

/// One token.
#[derive(Debug, Clone)]
pub(super) struct FortiToken {
    pub(super) id: u64,
    pub(super) serial: String,
    /// `ftk` or `ftm`.
    kind: &'static str,
    assigned: bool,
    /// Listed as available, and yet refused.
    locked: bool,
}

/// The stock.
#[derive(Debug)]
pub(super) struct TokenPool(Vec<FortiToken>);

impl TokenPool {
    /// Five mobile and three hardware tokens, of each kind the last one locked.
    pub(super) fn stocked() -> Self {
        let mobile = (1..=5).map(|number| ("ftm", format!("FTKMOB{number:010X}"), number == 5));
        let hardware = (1..=3).map(|number| ("ftk", format!("FTK200{number:010X}"), number == 3));
        let tokens = (1..).zip(mobile.chain(hardware));
        Self(
            tokens
                .map(|(id, (kind, serial, locked))| FortiToken {
                    id,
                    serial,
                    kind,
                    assigned: false,
                    locked,
                })
                .collect(),
        )
    }

    pub(super) fn all(&self) -> Vec<&FortiToken> {
        self.0.iter().collect()
    }

    /// Assigns the token of that serial number, or the next one of the kind if it is empty.
    pub(super) fn assign(&mut self, kind: &str, serial: &str) -> Option<String> {
        let token = self.0.iter_mut().find(|token| {
            token.kind == kind
                && !token.assigned
                && !token.locked
                && (serial.is_empty() || token.serial == serial)
        })?;
        token.assigned = true;
        Some(token.serial.clone())
    }

    /// Takes a token back.
    pub(super) fn release(&mut self, serial: &str) {
        for token in self.0.iter_mut().filter(|token| token.serial == serial) {
            token.assigned = false;
        }
    }
}

impl FortiToken {
    fn status(&self) -> &'static str {
        if self.assigned {
            "assigned"
        } else {
            "available"
        }
    }

    pub(super) fn show(&self, uri: String) -> Value {
        json!({
            "id": self.id,
            "locked": self.locked,
            "resource_uri": uri,
            "serial": self.serial,
            "status": self.status(),
            "type": self.kind,
        })
    }
}

impl Filterable for &FortiToken {
    fn comparable(&self, field: &str) -> Option<Value> {
        Some(match field {
            "id" => json!(self.id),
            "serial" => json!(self.serial),
            "status" => json!(self.status()),
            "type" => json!(self.kind),
            _ => return None,
        })
    }
}
