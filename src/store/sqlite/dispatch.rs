//! The trait, mapped to the functions of this store: commands to the writer, reads to the readers.

use async_trait::async_trait;

use super::lookups::Question;
use super::{
    SqliteStore, appliances, claims, due, guard, leases, lookups, outcomes, parked, progress,
    reports, resources, sweeps, upkeep, work,
};
use crate::scim::ResourceKind;
use crate::store::{
    Admission, AdmitDestruction, ApplianceReport, Claim, ClaimHolder, ClaimKey, ClaimOutcome,
    CreateOutcome, CreateResource, DeleteOutcome, DeleteResource, DueLinks, GroupReference,
    Inheritance, Intent, Lease, LinkCount, LinkFilter, LinkProgress, LinkReport, Lookup, Page,
    ParkedMember, PruneLimits, RecordOutcome, Recorded, RegisterAppliance, Store, StoreError,
    StoredResource, SweepBatch, UpdateOutcome, UpdateResource,
};

/// So many resources are looked up on the thread that asks.
const FEW: u32 = 64;

#[async_trait]
impl Store for SqliteStore {
    async fn create_resource(&self, command: CreateResource) -> Result<CreateOutcome, StoreError> {
        self.write("creating a resource", move |c| {
            resources::create(c, &command)
        })
        .await
    }

    async fn update_resource(&self, command: UpdateResource) -> Result<UpdateOutcome, StoreError> {
        self.write("changing a resource", move |c| {
            resources::update(c, &command)
        })
        .await
    }

    async fn delete_resource(&self, command: DeleteResource) -> Result<DeleteOutcome, StoreError> {
        self.write("deleting a resource", move |c| {
            resources::delete(c, &command)
        })
        .await
    }

    async fn resource(
        &self,
        directory: &str,
        kind: ResourceKind,
        id: &str,
        expand: bool,
    ) -> Result<Option<StoredResource>, StoreError> {
        self.readers.read("reading a resource", |c| {
            lookups::resource(c, directory, kind, id, expand)
        })
    }

    async fn lookup(
        &self,
        directory: &str,
        kind: ResourceKind,
        lookup: Lookup,
        after_sequence: i64,
        limit: u32,
        expand: bool,
    ) -> Result<Vec<StoredResource>, StoreError> {
        let question = Question {
            kind,
            lookup,
            after_sequence,
            limit,
            expand,
        };
        let operation = "looking resources up";
        if limit <= FEW {
            return self
                .readers
                .read(operation, |c| lookups::lookup(c, directory, &question));
        }
        let directory = directory.to_owned();
        self.readers
            .read_long(operation, move |c| {
                lookups::lookup(c, &directory, &question)
            })
            .await
    }

    async fn page(
        &self,
        directory: &str,
        kind: ResourceKind,
        offset: u64,
        limit: u32,
        expand: bool,
    ) -> Result<Page, StoreError> {
        let directory = directory.to_owned();
        self.readers
            .read_long("reading a page of resources", move |c| {
                lookups::page(c, &directory, kind, offset, limit, expand)
            })
            .await
    }

    async fn scan(
        &self,
        directory: &str,
        kind: ResourceKind,
        after_sequence: i64,
        limit: u32,
        expand: bool,
    ) -> Result<Vec<StoredResource>, StoreError> {
        let directory = directory.to_owned();
        self.readers
            .read_long("scanning resources", move |c| {
                lookups::scan(c, &directory, kind, after_sequence, limit, expand)
            })
            .await
    }

    async fn effective_groups(
        &self,
        directory: &str,
        user_id: &str,
    ) -> Result<Vec<GroupReference>, StoreError> {
        self.readers.read("reading the groups of a user", |c| {
            lookups::effective_groups(c, directory, user_id)
        })
    }

    async fn has_more_members_than(
        &self,
        directory: &str,
        group_id: &str,
        limit: u32,
    ) -> Result<bool, StoreError> {
        self.readers.read("counting the members of a group", |c| {
            lookups::has_more_members_than(c, directory, group_id, limit)
        })
    }

    async fn register_appliances(
        &self,
        appliances: Vec<RegisterAppliance>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.write("registering appliances", move |c| {
            appliances::register(c, &appliances, now_ms)
        })
        .await
    }

    async fn acquire_lease(
        &self,
        appliance: &str,
        owner: &str,
        now_ms: i64,
        duration_ms: i64,
    ) -> Result<Option<Lease>, StoreError> {
        let (appliance, owner) = (appliance.to_owned(), owner.to_owned());
        self.write("acquiring a lease", move |c| {
            leases::acquire(c, &appliance, &owner, now_ms, duration_ms)
        })
        .await
    }

    async fn renew_lease(
        &self,
        appliance: &str,
        epoch: i64,
        now_ms: i64,
        duration_ms: i64,
    ) -> Result<bool, StoreError> {
        let appliance = appliance.to_owned();
        self.write("renewing a lease", move |c| {
            leases::renew(c, &appliance, epoch, now_ms, duration_ms)
        })
        .await
    }

    async fn release_lease(&self, appliance: &str, epoch: i64) -> Result<(), StoreError> {
        let appliance = appliance.to_owned();
        self.write("releasing a lease", move |c| {
            leases::release(c, &appliance, epoch)
        })
        .await
    }

    async fn take_due_links(
        &self,
        appliance: &str,
        epoch: i64,
        now_ms: i64,
        limit: u32,
    ) -> Result<DueLinks, StoreError> {
        let appliance = appliance.to_owned();
        let due::Taken { links, next_due_ms } = self
            .write("taking due links", move |c| {
                due::take(c, &appliance, epoch, now_ms, limit)
            })
            .await?;
        if links.is_empty() {
            return Ok(DueLinks {
                work: Vec::new(),
                next_due_ms,
            });
        }
        // Read beside the writer, which a group of ten thousand would keep busy. One snapshot holds
        // link and resource alike: where a change has come in since the links were taken, the
        // attempt works towards its generation already.
        let taken = links.clone();
        let work = self
            .readers
            .read_long("reading due links", move |c| work::read(c, &taken));
        match work.await {
            Ok(work) => Ok(DueLinks { work, next_due_ms }),
            Err(error) => {
                // Nobody works on them: in flight, they would wait until the next lease.
                self.write("putting links back", move |c| {
                    due::put_back(c, &links, epoch)
                })
                .await?;
                Err(error)
            }
        }
    }

    async fn key_holder(
        &self,
        appliance: &str,
        namespace: &str,
        key: &str,
    ) -> Result<Option<ClaimHolder>, StoreError> {
        self.readers.read("reading who holds an account key", |c| {
            claims::key_holder(c, (appliance, namespace, key))
        })
    }

    async fn resource_claims(
        &self,
        appliance: &str,
        resource_id: &str,
    ) -> Result<Vec<Claim>, StoreError> {
        self.readers.read("reading claims", |c| {
            claims::of_resource(c, appliance, resource_id)
        })
    }

    async fn unsettled_groups(&self, link_id: i64) -> Result<u64, StoreError> {
        self.readers
            .read("counting groups", |c| claims::unsettled_groups(c, link_id))
    }

    async fn claim_key(&self, command: ClaimKey) -> Result<ClaimOutcome, StoreError> {
        self.write("claiming an account key", move |c| {
            claims::claim(c, &command)
        })
        .await
    }

    async fn record_intent(
        &self,
        appliance: &str,
        epoch: i64,
        link_id: i64,
        intent: Intent,
    ) -> Result<(), StoreError> {
        let appliance = appliance.to_owned();
        self.write("recording an intent", move |c| {
            progress::record_intent(c, &appliance, epoch, link_id, &intent)
        })
        .await
    }

    async fn checkpoint(
        &self,
        appliance: &str,
        epoch: i64,
        link_id: i64,
        progress: LinkProgress,
    ) -> Result<(), StoreError> {
        let appliance = appliance.to_owned();
        self.write("saving the progress of a link", move |c| {
            progress::checkpoint(c, &appliance, epoch, link_id, &progress)
        })
        .await
    }

    async fn record_outcome(&self, command: RecordOutcome) -> Result<Recorded, StoreError> {
        self.write("recording an outcome", move |c| {
            outcomes::record(c, &command)
        })
        .await
    }

    async fn admit_destruction(&self, command: AdmitDestruction) -> Result<Admission, StoreError> {
        self.write("asking the guard", move |c| guard::admit(c, &command))
            .await
    }

    async fn inherit_account(
        &self,
        appliance: &str,
        epoch: i64,
        from_link: i64,
        to_link: i64,
    ) -> Result<Inheritance, StoreError> {
        let appliance = appliance.to_owned();
        self.write("handing an account over", move |c| {
            progress::inherit(c, &appliance, epoch, from_link, to_link)
        })
        .await
    }

    async fn sweep_batch(
        &self,
        appliance: &str,
        limit: u32,
    ) -> Result<Option<SweepBatch>, StoreError> {
        let appliance = appliance.to_owned();
        self.readers
            .read_long("reading a sweep", move |c| {
                sweeps::next_batch(c, &appliance, limit)
            })
            .await
    }

    async fn apply_sweep(
        &self,
        appliance: &str,
        epoch: i64,
        batch: &SweepBatch,
        wanted: Vec<String>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let (appliance, batch) = (appliance.to_owned(), batch.clone());
        self.write("applying a sweep", move |c| {
            sweeps::apply(c, &appliance, epoch, &batch, &wanted, now_ms)
        })
        .await
    }

    async fn link_report(&self, filter: LinkFilter) -> Result<Vec<LinkReport>, StoreError> {
        self.readers
            .read_long("reporting links", move |c| reports::links(c, &filter))
            .await
    }

    async fn appliance_report(&self) -> Result<Vec<ApplianceReport>, StoreError> {
        self.readers
            .read_long("reporting appliances", reports::appliances)
            .await
    }

    async fn link_counts(&self) -> Result<Vec<LinkCount>, StoreError> {
        self.readers
            .read_long("counting links", reports::link_counts)
            .await
    }

    async fn parked_members(&self) -> Result<Vec<ParkedMember>, StoreError> {
        self.readers
            .read_long("reporting parked members", parked::report)
            .await
    }

    async fn save_breaker(
        &self,
        appliance: &str,
        epoch: i64,
        breaker: String,
    ) -> Result<(), StoreError> {
        let appliance = appliance.to_owned();
        self.write("saving a breaker", move |c| {
            leases::save_breaker(c, &appliance, epoch, &breaker)
        })
        .await
    }

    async fn prune(&self, limits: PruneLimits) -> Result<(), StoreError> {
        while self
            .write("forgetting old rows", move |c| upkeep::prune(c, &limits))
            .await?
        {}
        Ok(())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.write("probing the database", upkeep::ping).await
    }
}
