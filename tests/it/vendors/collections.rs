//! Collections of an account: what the bridge adds is its own, what others add stays.

use appliance_sim::{Fault, FaultKind, Vendor};
use serde_json::{Value, json};

use super::lifecycle::{account, site};
use crate::support::{Site, SiteBuilder};

const ENTITLEMENTS: &str =
    "[appliance.user.collection.radius_attributes]\nfrom = [\"entitlements.value\"]";

/// Declares an extension with SSH keys.
const KEYS: &str = "urn:example:corp:2.0:User";

/// What the appliance itself lists below an account.
async fn listed(site: &Site, path: &str) -> Vec<Value> {
    let answer = site.operator("box").get(path).await;
    let rows = answer.get("objects").or_else(|| answer.get("results"));
    rows.unwrap().as_array().unwrap().clone()
}

/// Somebody at the appliance adds one of their own.
async fn add(site: &Site, path: &str, body: Value) {
    site.operator("box").post(path, body).await;
}

async fn radius(site: &Site, id: &str) -> Vec<String> {
    let path = format!("/api/v1/localusers/{id}/radiusattributes/");
    let mut shown: Vec<String> = listed(site, &path)
        .await
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap();
            format!(
                "{}/{}={}",
                text("vendor"),
                text("attribute"),
                text("attr_val")
            )
        })
        .collect();
    shown.sort();
    shown
}

fn entitlements(values: &[&str]) -> Value {
    values.iter().map(|value| json!({"value": value})).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn radius_attributes_follow_the_entitlements_and_foreign_ones_stay() {
    let site = site(Vendor::FortiAuthenticator, ENTITLEMENTS).await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    let remote = account(&site, key).await.id;
    let path = format!("/api/v1/localusers/{remote}/radiusattributes/");
    let foreign = json!({"attribute": "Class", "attr_val": "foreign"});
    add(&site, &path, foreign).await;
    add(
        &site,
        &path,
        json!({"vendor": "Fortinet", "attribute": "Group", "attr_val": "shared"}),
    )
    .await;

    let wanted = [
        "Cisco/Cisco-AVPair=shell:priv-lvl=15",
        "Fortinet/Group=shared",
        "premium",
    ];
    site.scim
        .set(&id, "entitlements", entitlements(&wanted))
        .await;
    site.settled(&[]).await;
    let all = [
        "Cisco/Cisco-AVPair=shell:priv-lvl=15",
        "Default/Class=foreign",
        "Fortinet/Group=shared",
    ];
    assert_eq!(radius(&site, &remote).await, all, "nothing twice");
    let link = site.link("box", &id).await;
    assert!(
        link.link
            .progress
            .notes
            .iter()
            .any(|note| note.contains("premium")),
        "{:?}",
        link.link.progress.notes
    );

    // A change of something else asks nothing of the collection.
    site.control("box").clear_journal();
    site.scim.set(&id, "name.familyName", json!("Roe")).await;
    site.settled(&[]).await;
    let asked = site.control("box").journal();
    assert!(
        asked.iter().all(|call| !call.path.contains("radius")),
        "{asked:?}"
    );

    site.scim.clear(&id, "entitlements").await;
    site.settled(&[]).await;
    assert_eq!(
        radius(&site, &remote).await,
        ["Default/Class=foreign", "Fortinet/Group=shared"],
        "what others put there stays, also where the directory wanted it too"
    );
    let journal = site.control("box").journal();
    assert!(
        journal
            .iter()
            .all(|call| call.method != "DELETE" || !call.path.ends_with("radiusattributes/")),
        "never the whole collection"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_adds_no_attribute_twice() {
    let site = site(Vendor::FortiAuthenticator, ENTITLEMENTS).await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    let remote = account(&site, key).await.id;
    site.control("box").inject(
        Fault::new(FaultKind::DropAfterHandling)
            .on_method("POST")
            .on_path(regex::Regex::new("radiusattributes").unwrap())
            .times(1),
    );
    site.scim
        .set(
            &id,
            "entitlements",
            entitlements(&["Class=staff", "Class=night"]),
        )
        .await;
    site.settled(&[]).await;
    assert_eq!(
        radius(&site, &remote).await,
        ["Default/Class=night", "Default/Class=staff"]
    );
    // Both are known to be ours: they go with the entitlements.
    site.scim.clear(&id, "entitlements").await;
    site.settled(&[]).await;
    assert_eq!(radius(&site, &remote).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ssh_keys_come_from_a_declared_extension() {
    let more = format!("[appliance.user.collection.ssh_keys]\nfrom = [\"{KEYS}:sshKeys\"]");
    let schema = format!(
        "[[directory.default.schema]]\nid = \"{KEYS}\"\nname = \"Corp\"\ndescription = \"Keys.\"\nresource = \"User\"\n\
         [[directory.default.schema.attribute]]\nname = \"sshKeys\"\nmulti_valued = true\n"
    );
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Foreman, &more)
        .directory(&schema)
        .start()
        .await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    let remote = account(&site, key).await.id;
    let path = format!("/api/users/{remote}/ssh_keys");
    let foreign = json!({"ssh_key": {"name": "own", "key": "ssh-rsa AAAAForeign"}});
    add(&site, &path, foreign).await;
    let names = async || -> Vec<String> {
        let rows = listed(&site, &path).await;
        rows.iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let laptop = "ssh-ed25519 AAAAC3Nz jane@laptop";
    site.scim
        .set(
            &id,
            &format!("{KEYS}:sshKeys"),
            json!([laptop, "ssh-rsa AAAAForeign again"]),
        )
        .await;
    site.settled(&[]).await;
    assert_eq!(names().await, ["own", "jane@laptop"]);
    site.scim.clear(&id, &format!("{KEYS}:sshKeys")).await;
    site.settled(&[]).await;
    assert_eq!(names().await, ["own"]);
}
