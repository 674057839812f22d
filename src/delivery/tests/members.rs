//! Memberships of a vendor that has an object for each.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::{ARRAY, Site, all_in_sync, on_the_array, policy, settings};
use crate::delivery::{AppliancePolicy, Scope};
use crate::scim::{ResourceKind, fold};
use crate::store::{
    CreateResource, IndexKeys, Link, LinkState, MemberDelta, NewMember, Targets, UpdateResource,
};
use crate::vendor::Profile;

/// More than the vendor puts on a page that is not asked for a size.
const PEOPLE: usize = 25;

/// A FortiAuthenticator that ignores both filters of its look-ups.
fn wholly_misspelt() -> String {
    let misspelt = misspelt();
    let without = misspelt.replace("group = \"{{ group_id }}\"", "gruppe = \"{{ group_id }}\"");
    assert_ne!(misspelt, without);
    without
}

/// A FortiAuthenticator whose look-up names a filter that it does not know, and ignores.
fn misspelt() -> String {
    let text = Profile::builtin(Vendor::FortiAuthenticator.name()).unwrap();
    let misspelt = text.replace("user = \"{{ member_id }}\"", "membre = \"{{ member_id }}\"");
    assert_ne!(text, misspelt);
    misspelt.replace("per_page = 500", "per_page = 10")
}

/// The id at the end of a URI.
fn id_in(uri: &Value) -> String {
    let path = uri.as_str().unwrap().trim_end_matches('/');
    path.rsplit('/').next().unwrap().to_owned()
}

impl Site {
    async fn create_group(&self, id: &str, members: &[String]) {
        let new_member = |value: &String| NewMember {
            value: value.clone(),
            display: None,
        };
        self.store
            .create_resource(CreateResource {
                context: self.by_request(),
                directory: "default".to_owned(),
                kind: ResourceKind::Group,
                id: id.to_owned(),
                document: json!({"displayName": id}).to_string(),
                keys: IndexKeys {
                    name: Some(fold(id)),
                    ..IndexKeys::default()
                },
                members: members.iter().map(new_member).collect(),
                password: None,
                targets: on_the_array(),
                match_parked_by_name: false,
            })
            .await
            .unwrap();
        self.delivery.planner().wake();
    }

    async fn remove_member(&self, group: &str, member: &str) {
        self.store
            .update_resource(UpdateResource {
                context: self.by_request(),
                directory: "default".to_owned(),
                kind: ResourceKind::Group,
                id: group.to_owned(),
                expected_version: None,
                document: None,
                members: vec![MemberDelta::Remove(vec![member.to_owned()])],
                activated: false,
                password: None,
                targets: Targets {
                    ensure: vec![ARRAY.to_owned()],
                    members: Vec::new(),
                },
                match_parked_by_name: false,
            })
            .await
            .unwrap();
        self.delivery.planner().wake();
    }

    /// The member and the group of each membership that was taken away, by the vendor's ids. The
    /// simulator numbers memberships from one as they are made.
    fn taken_away(&self) -> Vec<(String, String)> {
        let journal = self.control().journal();
        let of = |method: &'static str| {
            let calls = journal.iter().filter(move |call| call.method == method);
            calls.filter(|call| call.path.contains("memberships"))
        };
        let made: Vec<(String, String)> = of("POST")
            .map(|call| (id_in(&call.body["user"]), id_in(&call.body["group"])))
            .collect();
        of("DELETE")
            .map(|call| made[id_in(&json!(call.path)).parse::<usize>().unwrap() - 1].clone())
            .collect()
    }

    fn additions(&self) -> usize {
        let journal = self.control().journal();
        journal
            .iter()
            .filter(|call| call.method == "POST" && call.path.contains("memberships"))
            .count()
    }

    fn removals(&self) -> usize {
        let journal = self.control().journal();
        journal
            .iter()
            .filter(|call| call.method == "DELETE" && call.path.contains("memberships"))
            .count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_is_found_on_a_later_page_when_the_vendor_ignores_the_filter() {
    let with_groups = AppliancePolicy {
        groups: Some(Scope::All),
        ..policy()
    };
    let vendor = Vendor::FortiAuthenticator;
    let site = Site::start_with(vendor, &misspelt(), with_groups, settings()).await;
    let people: Vec<String> = (0..PEOPLE).map(|number| format!("p{number}")).collect();
    for person in &people {
        site.create(person, &format!("{person}@corp.example"), person)
            .await;
    }
    let users = |links: &[Link]| links.len() == PEOPLE && all_in_sync(links);
    site.until("created", users).await;
    site.create_group("operators", &people).await;
    let filled = |links: &[Link]| links.len() == PEOPLE + 1 && all_in_sync(links);
    let links = site.until("filled", filled).await;
    assert_eq!(site.additions(), PEOPLE, "each once");

    // The vendor lists by the users' ids.
    let users = links.iter().filter(|link| link.kind == ResourceKind::User);
    let id_of = |link: &&Link| link.progress.remote_id.as_ref()?.parse::<u64>().ok();
    let leaver = users.max_by_key(id_of).unwrap().resource_id.clone();
    site.remove_member("operators", &leaver).await;
    site.until("left", |links| {
        let group = links.iter().find(|link| link.kind == ResourceKind::Group);
        group.is_some_and(|link| {
            link.state == LinkState::InSync && link.applied_generation == link.desired_generation
        })
    })
    .await;
    assert_eq!(site.removals(), 1);
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_that_ignores_filters_loses_no_membership_of_another_group() {
    let with_groups = AppliancePolicy {
        groups: Some(Scope::All),
        ..policy()
    };
    let vendor = Vendor::FortiAuthenticator;
    let site = Site::start_with(vendor, &wholly_misspelt(), with_groups, settings()).await;
    let people: Vec<String> = (0..3).map(|number| format!("p{number}")).collect();
    for person in &people {
        site.create(person, &format!("{person}@corp.example"), person)
            .await;
    }
    let made = |count: usize| move |links: &[Link]| links.len() == count && all_in_sync(links);
    site.until("created", made(3)).await;
    site.create_group("operators", &people).await;
    site.until("filled", made(4)).await;
    site.create_group("auditors", &people).await;
    site.until("filled", made(5)).await;
    assert_eq!(
        site.additions(),
        6,
        "in each group, although listed in the other"
    );

    site.remove_member("auditors", "p1").await;
    site.until("left", |links| {
        let group = links.iter().find(|link| link.resource_id == "auditors");
        group.is_some_and(|link| {
            link.state == LinkState::InSync && link.applied_generation == link.desired_generation
        })
    })
    .await;
    let links = site.links().await;
    let remote = |resource: &str| {
        let link = links.iter().find(|link| link.resource_id == resource);
        link.unwrap().progress.remote_id.clone().unwrap()
    };
    assert_eq!(site.taken_away(), [(remote("p1"), remote("auditors"))]);
    site.delivery.stop().await;
}
