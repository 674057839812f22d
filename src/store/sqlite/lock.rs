//! The lock file by which one daemon holds a database.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// The exclusive right to write a database, held as long as this lives. The operating system
/// gives it back when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct DatabaseLock {
    _file: File,
}

impl DatabaseLock {
    /// Takes the lock beside the database at `database`.
    pub(super) fn take(database: &Path) -> Result<Self, StoreError> {
        let path = lock_path(database);
        let file = private_file(&path).map_err(|error| StoreError::Database {
            operation: "opening the lock file",
            message: format!("{}: {error}", path.display()),
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked {
                path: path.display().to_string(),
            }),
            Err(TryLockError::Error(error)) => Err(StoreError::Database {
                operation: "locking the database",
                message: format!("{}: {error}", path.display()),
            }),
        }
    }
}

/// `<database>.lock`
fn lock_path(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    PathBuf::from(path)
}

/// Opens or creates a file that nobody but its owner may read: it exists with these rights before
/// SQLite writes the first byte, and SQLite gives them to its companions (`-wal`, `-shm`).
pub(super) fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}
