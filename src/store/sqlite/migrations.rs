//! Brings a database up to the schema of this release.

use rusqlite::Connection;

use super::sql::Result;
use crate::store::StoreError;

/// The migrations in order; the first brings version 1. Never edit one that has been released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_identity.sql"),
    include_str!("migrations/0003_directories.sql"),
];

/// The schema version of this release.
pub(super) fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The schema version of a database, refused if it is newer than this release.
pub(super) fn version(connection: &Connection) -> Result<i64> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = known_version();
    if found > known {
        return Err(StoreError::TooNew { found, known }.into());
    }
    Ok(found)
}

/// Runs the migrations that the database lacks, each in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let done = usize::try_from(version(connection)?).unwrap_or(0);
    for (number, migration) in (1_i64..).zip(MIGRATIONS).skip(done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{MIGRATIONS, known_version, migrate, version};

    #[test]
    fn an_appliance_of_the_first_schema_goes_on_serving_its_directory() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let insert = "INSERT INTO appliance (name, directory, kinds, digest) \
                      VALUES ('nas', 'default', '[]', 'd')";
        connection.execute(insert, []).unwrap();
        migrate(&mut connection).unwrap();
        let read = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let directories = connection.query_row("SELECT directories FROM appliance", [], read);
        assert_eq!(directories.unwrap(), r#"["default"]"#);
        assert_eq!(version(&connection).unwrap(), known_version());
    }
}
