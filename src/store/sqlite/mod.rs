//! The embedded store: SQLite, for a daemon that runs alone.
//!
//! One thread writes and commits in groups ([`writer`]); reads go to connections of their own
//! ([`readers`]). The SQL lies in one file a subject, as plain functions on a connection;
//! [`dispatch`] maps the trait to them.

mod appliances;
mod audit;
mod claims;
mod dependents;
mod dispatch;
mod due;
mod guard;
mod leases;
mod links;
mod lock;
mod lookups;
mod members;
mod migrations;
mod outcomes;
mod parked;
mod passwords;
mod progress;
mod readers;
mod reports;
mod resources;
mod sql;
mod sweeps;
mod upkeep;
mod words;
mod work;
mod writer;

#[cfg(test)]
mod measure;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use self::lock::{DatabaseLock, private_file};
use self::readers::Readers;
use self::writer::Writer;
use super::StoreError;

/// How long a connection waits for another process that holds a lock of SQLite's own.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many prepared statements a connection keeps: more than there are in this module.
const STATEMENTS: usize = 256;

/// How to open a database.
#[derive(Debug, Clone, Copy)]
pub struct SqliteOptions {
    /// How many read connections are kept open, and how many long reads run beside each other.
    pub readers: usize,
    /// Whether a commit waits until the disk has it (`synchronous=FULL`). Without it, a power
    /// failure may take the last commits along; a crash of the daemon alone does not.
    pub synchronous_full: bool,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            readers: 8,
            synchronous_full: true,
        }
    }
}

/// The store of a single scim-bridge.
#[derive(Debug)]
pub struct SqliteStore {
    // Dropped in this order: whoever closes the database last tidies up its log, which only the
    // writer can.
    readers: Arc<Readers>,
    /// `None` if the store was opened for reading only.
    writer: Option<Writer>,
}

impl SqliteStore {
    /// Opens the database, creating it and bringing its schema up to date where needed.
    ///
    /// As nobody else can be at work on a database that is locked here, leases that a dead process
    /// left behind are ended: its work is taken over at once, not after the lease has run out.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another daemon holds the database, [`StoreError::TooNew`] if a
    /// newer release wrote it, [`StoreError::Database`] if it cannot be opened.
    pub fn open(path: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        // Created first, so that the path can be resolved: two names of one file share one lock.
        let path = private_file(path)
            .and_then(|_| path.canonicalize())
            .map_err(|error| StoreError::Database {
                operation: "opening the database file",
                message: format!("{}: {error}", path.display()),
            })?;
        let lock = DatabaseLock::take(&path)?;
        let connection = open_writer(&path, options)
            .map_err(|failure| failure.during("opening the database"))?;
        let readers = Arc::new(Readers::open(&path, options.readers)?);
        Ok(Self {
            writer: Some(Writer::start(connection, lock)?),
            readers,
        })
    }

    /// Opens a database for reading, beside a running daemon or without one. Takes no lock and
    /// changes nothing; commands are refused.
    ///
    /// # Errors
    /// [`StoreError::Database`] if there is no database or its schema is older than this release,
    /// [`StoreError::TooNew`] if it is newer.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let readers = Readers::open(path, 1)?;
        let operation = "opening the database for reading";
        let found = readers.read(operation, migrations::version)?;
        let known = migrations::known_version();
        if found < known {
            return Err(StoreError::Database {
                operation,
                message: format!(
                    "{} has schema version {found}, this release needs {known}; \
                     `scim-bridge serve` brings it up to date",
                    path.display()
                ),
            });
        }
        Ok(Self {
            writer: None,
            readers: Arc::new(readers),
        })
    }

    /// Commits what has been handed in, closes the database and gives the lock back. Whoever calls
    /// the store afterwards gets [`StoreError::Closed`]. Closing twice does no harm.
    pub async fn close(&self) {
        self.readers.close();
        let Some(thread) = self.writer.as_ref().and_then(Writer::stop) else {
            return;
        };
        // An error is a panic of the thread, which has been reported where it happened.
        drop(tokio::task::spawn_blocking(move || thread.join()).await);
    }

    async fn write<T, F>(&self, operation: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> sql::Result<T> + Send + 'static,
    {
        match &self.writer {
            Some(writer) => writer.run(operation, work).await,
            None => Err(StoreError::Database {
                operation,
                message: "the database was opened for reading only".to_owned(),
            }),
        }
    }
}

fn open_writer(path: &Path, options: SqliteOptions) -> sql::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    tune(&connection)?;
    // The mode is a property of the file and stays; SQLite answers with the mode it is in.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    let synchronous = if options.synchronous_full {
        "FULL"
    } else {
        "NORMAL"
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What a statement or a savepoint would need to go back is kept in memory; in a file it would be
    // written out, and hardly ever is one taken back.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // 16 MiB between two checkpoints; a log that a bulk load has blown up is cut back to 64 MiB.
    connection.pragma_update(None, "wal_autocheckpoint", 4096)?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    migrations::migrate(&mut connection)?;
    leases::end_all(&connection)?;
    Ok(connection)
}

/// What write and read connections have in common.
fn tune(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Plans depend on the statement alone, not on what is bound to it. Otherwise SQLite compiles a
    // statement with `LIMIT ?` anew whenever the parameter is bound, which costs more than the read.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Negative: kibibytes instead of pages.
    connection.pragma_update(None, "cache_size", -16_384)
}
