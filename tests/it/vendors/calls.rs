//! What each SCIM change costs in calls to the vendor: `docs/vendor-calls.md` says it, and this
//! counts it.

use std::fmt::Write as _;

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::lifecycle::{site, site_of};
use crate::support::Site;

const DOCUMENT: &str = include_str!("../../../docs/vendor-calls.md");

/// An appliance of a vendor, with a log of what changes cost there.
struct Ledger {
    site: Site,
    vendor: Vendor,
    table: String,
}

impl Ledger {
    /// With an account, a group, and whatever is asked once for all (a session, who the bridge is).
    async fn open(vendor: Vendor, release: Option<&str>) -> Self {
        let more = if vendor == Vendor::Nimble {
            ""
        } else {
            "groups = \"all\""
        };
        let site = match release {
            Some(release) => site_of(vendor, release, more).await,
            None => site(vendor, more).await,
        };
        site.scim.create_user("early.bird@corp.example").await;
        site.settled(&[]).await;
        let mut ledger = Self {
            site,
            vendor,
            table: "| change | calls | which |\n| --- | --- | --- |\n".to_owned(),
        };
        ledger.forget().await;
        ledger
    }

    async fn forget(&mut self) {
        self.site.settled(&[]).await;
        self.site.control("box").clear_journal();
    }

    /// Waits until a change has arrived, and enters what it cost.
    async fn enter(&mut self, change: &str) -> Vec<String> {
        self.site.settled(&[]).await;
        let calls: Vec<String> = self
            .site
            .control("box")
            .journal()
            .iter()
            .map(|call| {
                let whole_list = match call.method.as_str() {
                    "GET" => !is_narrow(&call.path, &call.query, &call.body),
                    // Its first parameter is the list of filters.
                    "RPC" => call.path.ends_with(".query") && call.body[0] == json!([]),
                    _ => false,
                };
                assert!(
                    !whole_list,
                    "{}: {change} reads a whole list: {call:?}",
                    self.vendor
                );
                match call.method.as_str() {
                    "RPC" => format!("`{}`", call.path),
                    method => format!("`{method} {}`", shape(&call.path)),
                }
            })
            .collect();
        let which = if calls.is_empty() {
            "none".to_owned()
        } else {
            calls.join(", ")
        };
        writeln!(self.table, "| {change} | {} | {which} |", calls.len()).unwrap();
        self.forget().await;
        calls
    }

    async fn set(&self, id: &str, path: &str, value: Value) {
        self.site.scim.set(id, path, value).await;
    }

    async fn members(&self, group: &str, operation: &str, user: &str) {
        let operation = match operation {
            "add" => json!([{"op": "add", "path": "members", "value": [{"value": user}]}]),
            _ => json!([{"op": "remove", "path": format!("members[value eq \"{user}\"]")}]),
        };
        self.site
            .scim
            .patch(&format!("/Groups/{group}"), operation)
            .await;
    }
}

/// A look-up by key or id, as opposed to a list of everything.
fn is_narrow(path: &str, query: &str, body: &Value) -> bool {
    let by_id = path.trim_end_matches('/').rsplit('/').next();
    by_id.is_some_and(is_id) || query.contains('=') || !body.is_null()
}

fn is_id(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_digit())
        || (segment.len() == 42 && segment.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_read(call: &str) -> bool {
    call.starts_with("`GET") || call.ends_with(".query`") || call.ends_with(".get_instance`")
}

/// Nothing is read before the only write; what follows it proves it, or ends a leaver's sessions.
fn is_one_write(calls: &[String]) -> bool {
    calls.first().is_some_and(|call| !is_read(call))
        && calls.iter().skip(1).all(|call| is_read(call))
}

/// The path with its ids left out.
fn shape(path: &str) -> String {
    path.split('/')
        .map(|segment| {
            if !segment.is_empty() && is_id(segment) {
                "{id}"
            } else {
                segment
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn price_list(vendor: Vendor, release: Option<&str>) -> String {
    let mut ledger = Ledger::open(vendor, release).await;
    let id = ledger.site.scim.create_user("jane.doe@corp.example").await;
    ledger.enter("create a user").await;

    let (attribute, value) = match vendor {
        Vendor::TrueNas | Vendor::Nimble => ("displayName", "Jane Roe"),
        Vendor::FortiAuthenticator | Vendor::Foreman => ("name.familyName", "Roe"),
    };
    ledger.set(&id, attribute, json!(value)).await;
    let update = ledger.enter("change one field").await;
    assert!(is_one_write(&update), "{vendor}: {update:?}");

    ledger.set(&id, "nickName", json!("J")).await;
    let nothing = ledger
        .enter("change an attribute that the vendor has no field for")
        .await;
    assert!(nothing.is_empty(), "{vendor}");

    ledger
        .set(&id, "userName", json!("jane.roe@corp.example"))
        .await;
    ledger.enter("rename").await;
    if vendor == Vendor::FortiAuthenticator {
        ledger
            .set(&id, "userName", json!("jane.doe@corp.example"))
            .await;
        ledger.forget().await;
    }

    ledger.set(&id, "active", json!(false)).await;
    let deactivation = ledger.enter("deactivate").await;
    assert!(is_one_write(&deactivation), "{vendor}: {deactivation:?}");
    ledger.set(&id, "active", json!(true)).await;
    ledger.enter("activate").await;

    if vendor != Vendor::Nimble {
        let group = ledger.site.scim.create_group("operators", &[]).await;
        ledger.enter("create a group").await;
        ledger.members(&group, "add", &id).await;
        ledger.enter("add a member").await;
        ledger.members(&group, "remove", &id).await;
        ledger.enter("remove a member").await;
        ledger.site.scim.delete(&format!("/Groups/{group}")).await;
        ledger.enter("delete a group").await;
    }

    ledger.site.scim.delete(&format!("/Users/{id}")).await;
    let deletion = ledger.enter("delete a user").await;
    assert!(!is_read(&deletion[0]), "{vendor}: {deletion:?}");
    ledger.table
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_says_what_changes_cost() {
    let mut wrong = Vec::new();
    for (vendor, release) in [
        (Vendor::TrueNas, None),
        (Vendor::TrueNas, Some("26")),
        (Vendor::FortiAuthenticator, None),
        (Vendor::Nimble, None),
        (Vendor::Foreman, None),
    ] {
        let table = price_list(vendor, release).await;
        if !DOCUMENT.contains(&table) {
            wrong.push(format!(
                "{vendor} {}\n\n{table}",
                release.unwrap_or_default()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/vendor-calls.md should say:\n\n{}",
        wrong.join("\n")
    );
}
