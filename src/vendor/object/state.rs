//! The field that says whether an account can be used.

use serde_json::{Map, Value};

use super::super::pointer::Pointer;
use super::super::profile::Section;

/// `state = { field = "locked", active = false, inactive = true }`.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) field: String,
    pub(super) active: Value,
    pub(super) inactive: Value,
    /// Fields that are written along with switching off.
    pub(super) also: Map<String, Value>,
    read: Pointer,
    leave_when: Option<LeaveWhen>,
    /// Fields without a value of which an account is kept off.
    pub(super) needs: Vec<String>,
}

/// The vendor's own reasons to keep an account off.
#[derive(Debug, Clone)]
struct LeaveWhen {
    at: Pointer,
    is: Vec<Value>,
}

impl State {
    /// Reads the table `state`.
    pub(super) fn compile(section: &Section<'_>) -> Option<Self> {
        let field = section.required_text("field");
        let read = section
            .pointer("read")
            .or_else(|| Pointer::parse(&format!("/{}", field.as_deref().unwrap_or_default())).ok());
        let also = match section.json("also") {
            Some(Value::Object(also)) => also,
            _ => Map::new(),
        };
        let leave_when = section.section("leave_when").and_then(|inner| {
            let at = inner.pointer("at");
            let is = inner.json_list("is");
            Some(LeaveWhen { at: at?, is })
        });
        Some(Self {
            active: section.json("active").unwrap_or(Value::Bool(true)),
            inactive: section.json("inactive").unwrap_or(Value::Bool(false)),
            field: field?,
            also,
            read: read?,
            leave_when,
            needs: section.texts("needs").unwrap_or_default(),
        })
    }

    /// The value for an account that is usable or not.
    pub(super) fn value(&self, active: bool) -> Value {
        if active {
            self.active.clone()
        } else {
            self.inactive.clone()
        }
    }

    /// Whether the object can be used; `None` if it does not say.
    pub(super) fn observe(&self, object: &Value) -> Option<bool> {
        let shown = self.read.find(object)?;
        if *shown == self.active {
            Some(true)
        } else if *shown == self.inactive {
            Some(false)
        } else {
            None
        }
    }

    /// Whether the vendor itself switched the object off.
    pub(super) fn left_alone(&self, object: &Value) -> bool {
        self.observe(object) == Some(false)
            && self.leave_when.as_ref().is_some_and(|leave| {
                leave
                    .at
                    .find(object)
                    .is_some_and(|shown| leave.is.contains(shown))
            })
    }
}
