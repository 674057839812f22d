//! The share of the server for lists that no index answers.
//!
//! Such a list looks at every resource of its kind, and a client can ask for as many as it likes. So
//! scans run in a few places, all directories together; who finds none for a while is told to come
//! back. A scan looks at its resources on threads for blocking work, so that the threads that answer
//! requests stay free, and it ends when it takes too long. Look-ups by index never wait for a place.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::DirectoryError;
use crate::scim::{ErrorKind, ScimError};
use crate::telemetry::{Metrics, ScanEvent};

/// What the configuration says of scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanSettings {
    /// How many run beside each other.
    pub max_concurrent: usize,
    /// How long one waits for a place.
    pub max_wait: Duration,
    /// How long one may take.
    pub max_duration: Duration,
}

/// The places for scans.
#[derive(Debug)]
pub struct Scans {
    settings: ScanSettings,
    places: Arc<Semaphore>,
    metrics: Arc<Metrics>,
}

/// A scan at work; its place is free again when it, and all that it was shared with, is dropped.
#[derive(Debug)]
pub(crate) struct Scan {
    place: Arc<OwnedSemaphorePermit>,
    until_ms: i64,
}

impl Scans {
    /// So many places, all free.
    pub fn new(settings: ScanSettings, metrics: Arc<Metrics>) -> Self {
        Self {
            settings,
            places: Arc::new(Semaphore::new(settings.max_concurrent)),
            metrics,
        }
    }

    /// Waits for a place; `now_ms` is asked for the time when there is one.
    ///
    /// # Errors
    /// `Busy` when none gets free in time.
    pub(crate) async fn begin(&self, now_ms: impl Fn() -> i64) -> Result<Scan, DirectoryError> {
        let Some(place) = self.place().await else {
            self.metrics.scan(ScanEvent::Refused);
            return Err(DirectoryError::Busy);
        };
        self.metrics.scan(ScanEvent::Started);
        let duration = i64::try_from(self.settings.max_duration.as_millis()).unwrap_or(i64::MAX);
        Ok(Scan {
            place: Arc::new(place),
            until_ms: now_ms().saturating_add(duration),
        })
    }

    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let free = Arc::clone(&self.places).try_acquire_owned().ok();
        if free.is_some() || self.settings.max_wait.is_zero() {
            return free;
        }
        let waiting = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(self.settings.max_wait, waiting).await;
        place.ok()?.ok()
    }

    /// Whether a scan may go on.
    ///
    /// # Errors
    /// `tooMany` when its time is over (RFC 7644 §3.12: more than the service is willing to process).
    pub(super) fn check(&self, scan: &Scan, now_ms: i64) -> Result<(), DirectoryError> {
        if now_ms <= scan.until_ms {
            return Ok(());
        }
        self.metrics.scan(ScanEvent::Stopped);
        Err(ScimError::new(
            ErrorKind::TooMany,
            format!(
                "the list was given up after {} s: no index answers it, so that every resource has \
                 to be looked at; ask for a userName, externalId, displayName, e-mail address or \
                 member with eq, alone or joined to the rest by \"and\"",
                self.settings.max_duration.as_secs_f64()
            ),
        )
        .into())
    }
}

impl Scan {
    /// The place, to be kept by work that nobody may be waiting for any more.
    pub(super) fn place(&self) -> Arc<OwnedSemaphorePermit> {
        Arc::clone(&self.place)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use serde_json::{Value, json};

    use crate::directory::testing::{CALLER, World, settings};
    use crate::directory::{Directory, DirectoryError};
    use crate::scim::ErrorKind;
    use crate::scim::ResourceKind::{self, Group, User};
    use crate::scim::query::{ListQuery, Projection};

    async fn create(directory: &Directory, kind: ResourceKind, body: Value) {
        let everything = Projection::everything();
        directory
            .create(kind, body, &everything, CALLER)
            .await
            .unwrap();
    }

    /// How many a filter finds.
    async fn count(
        directory: &Directory,
        kind: ResourceKind,
        filter: &str,
    ) -> Result<u64, DirectoryError> {
        let query =
            ListQuery::from_parameters(&[("filter".to_owned(), filter.to_owned())]).unwrap();
        let list = directory.list(kind, &query, 3, CALLER).await?;
        let list: Value = serde_json::from_str(&list).unwrap();
        Ok(list["totalResults"].as_u64().unwrap())
    }

    #[tokio::test]
    async fn a_list_without_an_index_needs_a_place_and_look_ups_do_not() {
        let world = World::new();
        let directory = world.directory(settings("default", "token"), false);
        create(
            &directory,
            User,
            json!({"userName": "ann", "title": "Engineer"}),
        )
        .await;
        let taken = world.scans.begin(|| 0).await.unwrap();
        let refused = count(&directory, User, "title co \"engin\"").await;
        assert!(matches!(refused, Err(DirectoryError::Busy)), "{refused:?}");
        for filter in [
            "userName eq \"ANN\"",
            "title pr and userName eq \"ann\" and not (active eq false)",
        ] {
            assert_eq!(count(&directory, User, filter).await.unwrap(), 1);
        }
        drop(taken);
        assert_eq!(
            count(&directory, User, "title co \"engin\"").await.unwrap(),
            1
        );
        // And its place is free again.
        assert_eq!(count(&directory, User, "title pr").await.unwrap(), 1);
    }

    #[tokio::test]
    async fn an_index_that_finds_many_needs_a_place_too() {
        let world = World::new();
        let directory = world.directory(settings("default", "token"), false);
        join_all((0..40).map(|number| {
            let user = json!({"userName": format!("u{number}"), "displayName": "Temp"});
            create(&directory, User, user)
        }))
        .await;
        let filter = "displayName eq \"temp\" and userName ne \"U7\"";
        let taken = world.scans.begin(|| 0).await.unwrap();
        let refused = count(&directory, User, filter).await;
        assert!(matches!(refused, Err(DirectoryError::Busy)), "{refused:?}");
        drop(taken);
        assert_eq!(count(&directory, User, filter).await.unwrap(), 39);
    }

    #[tokio::test]
    async fn a_scan_that_takes_too_long_is_given_up() {
        let world = World::new();
        let directory = world.directory(settings("default", "token"), false);
        create(&directory, User, json!({"userName": "u"})).await;
        join_all((0..40).map(|number| {
            let group = json!({"displayName": format!("g{number}")});
            create(&directory, Group, group)
        }))
        .await;
        let filter = "not (members.display co \"x\")";
        assert_eq!(count(&directory, Group, filter).await.unwrap(), 40);
        world.clock.run(600);
        let stopped = count(&directory, Group, filter).await;
        let Err(DirectoryError::Refused(error)) = stopped else {
            panic!("{stopped:?}");
        };
        assert_eq!(error.kind, ErrorKind::TooMany);
        assert!(error.detail.contains("1 s"), "{}", error.detail);
        assert!(error.detail.contains("userName"), "{}", error.detail);
        // What ends with its first batch is not cut off behind it.
        assert_eq!(count(&directory, User, "not (title pr)").await.unwrap(), 1);
    }
}
