//! Read-only connections, which the writer never blocks (write-ahead log).

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::{sql, tune};
use crate::store::StoreError;

/// How much of the file readers map into memory (address space, not memory). The price: a disk that
/// fails under a mapped page ends the process instead of the read; converging again heals that.
const MAPPED_BYTES: i64 = 1024 * 1024 * 1024;

/// A stack of idle read connections: the one used last, whose cache is warm, is used next.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    /// How many idle connections are kept.
    keep: usize,
    /// Bounds the reads on blocking threads.
    blocking: Arc<Semaphore>,
    closed: AtomicBool,
}

impl Readers {
    /// Opens the first connection, so that a database that cannot be read is found at once.
    pub(super) fn open(path: &Path, keep: usize) -> Result<Self, StoreError> {
        let keep = keep.max(1);
        let readers = Self {
            path: path.to_owned(),
            idle: Mutex::new(Vec::with_capacity(keep)),
            keep,
            blocking: Arc::new(Semaphore::new(keep)),
            closed: AtomicBool::new(false),
        };
        let first = readers.connect().map_err(|error| StoreError::Database {
            operation: "opening the database for reading",
            message: format!("{}: {error}", path.display()),
        })?;
        readers.put_back(first);
        Ok(readers)
    }

    /// Reads on the calling thread. For what indexes answer in microseconds: handing such a read
    /// to another thread costs more than the read. A connection is never waited for; if all are in
    /// use, one more is opened.
    pub(super) fn read<T>(
        &self,
        operation: &'static str,
        read: impl FnOnce(&Connection) -> sql::Result<T>,
    ) -> Result<T, StoreError> {
        let connection = self.take().map_err(|failure| failure.during(operation))?;
        let result = snapshot(&connection, read).map_err(|failure| failure.during(operation));
        if connection.is_autocommit() {
            self.put_back(connection);
        }
        result
    }

    /// Reads on a blocking thread: for pages, scans and reports.
    pub(super) async fn read_long<T, F>(
        self: &Arc<Self>,
        operation: &'static str,
        read: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> sql::Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.blocking)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Closed)?;
        let readers = Arc::clone(self);
        // The permit goes along: a read goes on when nobody waits for it any more.
        let reading = move || {
            let read = readers.read(operation, read);
            drop(permit);
            read
        };
        tokio::task::spawn_blocking(reading)
            .await
            .map_err(|_| StoreError::Closed)?
    }

    /// Closes the idle connections and hands out no more.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.blocking.close();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn take(&self) -> sql::Result<Connection> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(StoreError::Closed.into());
        }
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.map_or_else(|| Ok(self.connect()?), Ok)
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.keep && !self.closed.load(Ordering::SeqCst) {
            idle.push(connection);
        }
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        tune(&connection)?;
        // A reader's own cache is void after every commit; the system's is not.
        connection.pragma_update(None, "mmap_size", MAPPED_BYTES)?;
        Ok(connection)
    }
}

/// Runs a read that may take several statements over one state of the database.
fn snapshot<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> sql::Result<T>,
) -> sql::Result<T> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let result = read(connection);
    connection.prepare_cached("COMMIT")?.execute([])?;
    result
}
