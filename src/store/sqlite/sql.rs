//! Small helpers around rusqlite: every statement is cached, every error is wrapped once.

use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::StoreError;

/// What a function of this store fails with; the operation's name is added where it is known,
/// at the edge.
#[derive(Debug)]
pub(super) enum Failure {
    /// The database failed.
    Sql(rusqlite::Error),
    /// Already in the words of the trait.
    Store(StoreError),
}

/// The result of a function of this store.
pub(super) type Result<T> = std::result::Result<T, Failure>;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Failure {
    /// The error for the caller of the trait.
    pub(super) fn during(self, operation: &'static str) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Sql(rusqlite::Error::FromSqlConversionFailure(column, _, error)) => {
                StoreError::Corrupt {
                    what: "row",
                    message: format!("column {column}: {error}"),
                }
            }
            Self::Sql(error) => StoreError::Database {
                operation,
                message: error.to_string(),
            },
        }
    }
}

/// All rows of a query.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    map: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    connection
        .prepare_cached(sql)?
        .query_and_then(params, map)?
        .collect()
}

/// The first row of a query.
pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    map: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    connection
        .prepare_cached(sql)?
        .query_and_then(params, map)?
        .next()
        .transpose()
}

/// The first column of the first row.
pub(super) fn value<T: rusqlite::types::FromSql>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Option<T>> {
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params, |row| row.get(0))
        .optional()?)
}

/// Runs a statement; how many rows it touched.
pub(super) fn execute(connection: &Connection, sql: &str, params: impl Params) -> Result<usize> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

/// Text for a column that holds JSON.
pub(super) fn to_json<T: Serialize + ?Sized>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| corrupt(what, &error).into())
}

/// The value of a column that holds JSON.
pub(super) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| corrupt(what, &error).into())
}

/// Says where a JSON column is broken, not what is in it: serde's own message may quote values.
fn corrupt(what: &'static str, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt {
        what,
        message: format!("{:?} error at column {}", error.classify(), error.column()),
    }
}
