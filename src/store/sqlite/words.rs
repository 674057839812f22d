//! The words by which enumerations are stored.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

use crate::scim::ResourceKind;
use crate::store::{AccountState, Destruction, LinkState, Ownership, SweepKind};

/// Stores an enumeration by word. The match towards words is exhaustive; the way back goes
/// through the list of all values, so that the two cannot differ.
macro_rules! stored_by_word {
    ($type:ident, $($variant:ident => $word:literal),+ $(,)?) => {
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                let word: &'static str = match self {
                    $(Self::$variant => $word,)+
                };
                Ok(ToSqlOutput::from(word))
            }
        }

        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Self::$variant),)+
                    other => Err(FromSqlError::Other(
                        format!("unknown {} {other:?}", stringify!($type)).into(),
                    )),
                }
            }
        }
    };
}

stored_by_word!(ResourceKind, User => "User", Group => "Group");
stored_by_word!(
    LinkState,
    Pending => "pending",
    InFlight => "in_flight",
    InSync => "in_sync",
    Waiting => "waiting",
    Held => "held",
    Refused => "refused",
    PurgeWaiting => "purge_waiting",
);
stored_by_word!(AccountState, Absent => "absent", Active => "active", Disabled => "disabled");
stored_by_word!(Ownership, None => "none", Created => "created", Adopted => "adopted");
stored_by_word!(Destruction, Disable => "disable", Delete => "delete");
stored_by_word!(SweepKind, MakeDue => "make_due", AddMissing => "add_missing");
