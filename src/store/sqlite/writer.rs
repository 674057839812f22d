//! The writer: one thread owns the write connection and commits commands in groups.

use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::lock::DatabaseLock;
use super::sql;
use crate::store::StoreError;

/// How many commands one commit takes at most: enough that the disk's flush is shared, few enough
/// that the first of them does not wait long for the last.
const COMMANDS_PER_COMMIT: usize = 256;

/// How many commands may wait; beyond it callers wait with their command in hand.
const QUEUE_LENGTH: usize = 1024;

/// A command on its way through the writer.
trait Job: Send {
    /// Does its work; `false` if that failed. Once rolled back, it may be run again.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Answers the caller after the commit, or with the reason why there was none.
    fn answer(self: Box<Self>, commit: &Result<(), String>);
}

struct Command<T, F> {
    operation: &'static str,
    work: F,
    result: Option<Result<T, StoreError>>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Command<T, F>
where
    T: Send,
    F: Fn(&Connection) -> sql::Result<T> + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        let result = (self.work)(connection).map_err(|failure| failure.during(self.operation));
        let succeeded = result.is_ok();
        self.result = Some(result);
        succeeded
    }

    fn answer(self: Box<Self>, commit: &Result<(), String>) {
        let operation = self.operation;
        let not_committed = |message: &String| StoreError::Database {
            operation,
            message: format!("nothing was written: {message}"),
        };
        let answer = match (commit, self.result) {
            // A command that failed by itself keeps its own reason.
            (_, Some(Err(error))) => Err(error),
            (Err(message), _) => Err(not_committed(message)),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), None) => Err(StoreError::Closed),
        };
        // A caller that no longer listens has been cancelled; its command stands all the same.
        drop(self.caller.send(answer));
    }
}

/// The handle of the writer thread.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread, which keeps the connection and the lock until it ends.
    pub(super) fn start(connection: Connection, lock: DatabaseLock) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(QUEUE_LENGTH);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                serve(&connection, receiver);
                // In this order: nobody may open the database before it is closed here.
                drop(connection);
                drop(lock);
            })
            .map_err(|error| StoreError::Database {
                operation: "starting the writer thread",
                message: error.to_string(),
            })?;
        Ok(Self {
            queue: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Runs a command and answers after the commit that holds it. Where another command of the same
    /// commit spoils it, the work is rolled back and done again. A caller that goes away before
    /// the answer does not take its command back.
    pub(super) async fn run<T, F>(&self, operation: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> sql::Result<T> + Send + 'static,
    {
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let queue = queue.ok_or(StoreError::Closed)?;
        let (caller, answer) = oneshot::channel();
        let command = Command {
            operation,
            work,
            result: None,
            caller,
        };
        queue
            .send(Box::new(command))
            .await
            .map_err(|_| StoreError::Closed)?;
        drop(queue);
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Takes no more commands; the handle to wait for the end of those that were taken.
    pub(super) fn stop(&self) -> Option<JoinHandle<()>> {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        self.thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(thread) = self.stop() {
            // An error is a panic of the thread, which has been reported where it happened.
            drop(thread.join());
        }
    }
}

/// Takes what is in the queue, commits it at once, answers; until all senders are gone.
fn serve(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Job>>) {
    let mut batch = Vec::with_capacity(COMMANDS_PER_COMMIT);
    while let Some(first) = queue.blocking_recv() {
        let commit = commit_batch(connection, first, &mut queue, &mut batch).map_err(|error| {
            // Fails if SQLite has rolled back by itself, which is just as well.
            drop(connection.execute_batch("ROLLBACK"));
            error.to_string()
        });
        for job in batch.drain(..) {
            job.answer(&commit);
        }
    }
}

/// Runs a command and those that are in the queue by then, into one commit. Leaves in `batch` what
/// is to be answered.
fn commit_batch(
    connection: &Connection,
    first: Box<dyn Job>,
    queue: &mut mpsc::Receiver<Box<dyn Job>>,
    batch: &mut Vec<Box<dyn Job>>,
) -> rusqlite::Result<()> {
    batch.push(first);
    if run_together(connection, queue, batch)? {
        return run(connection, "COMMIT");
    }
    // Where SQLite has given up the transaction by itself (a full disk, a failing one), there is
    // nothing left to roll back.
    if !connection.is_autocommit() {
        run(connection, "ROLLBACK")?;
    }
    run_apart(connection, batch)?;
    run(connection, "COMMIT")
}

/// Runs the commands as one, without the savepoints that would cost each of them a copy of every
/// page that it changes; `false` if one of them failed with its work half done, which is rare.
///
/// Commands that come in while others are at work are taken along: they need not wait for the disk
/// twice.
fn run_together(
    connection: &Connection,
    queue: &mut mpsc::Receiver<Box<dyn Job>>,
    batch: &mut Vec<Box<dyn Job>>,
) -> rusqlite::Result<bool> {
    run(connection, "BEGIN IMMEDIATE")?;
    let mut done = 0;
    while let Some(job) = batch.get_mut(done) {
        let changes = connection.total_changes();
        let succeeded = job.run(connection);
        let half_done = !succeeded && connection.total_changes() != changes;
        // A failure of the disk can end the whole transaction.
        if half_done || connection.is_autocommit() {
            return Ok(false);
        }
        done += 1;
        if done == batch.len()
            && done < COMMANDS_PER_COMMIT
            && let Ok(job) = queue.try_recv()
        {
            batch.push(job);
        }
    }
    Ok(true)
}

/// Runs the commands once more, each in a savepoint, so that a failing one takes back its own work
/// only.
fn run_apart(connection: &Connection, batch: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    run(connection, "BEGIN IMMEDIATE")?;
    for job in batch {
        run(connection, "SAVEPOINT command")?;
        let succeeded = job.run(connection);
        // Where SQLite has given up the whole transaction, there is no such savepoint any more, and
        // the commit fails for everyone, as it must.
        if !succeeded {
            run(connection, "ROLLBACK TO command")?;
        }
        run(connection, "RELEASE command")?;
    }
    Ok(())
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
