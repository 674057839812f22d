//! Several directories on one bridge.

use appliance_sim::Vendor;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PARTNERS_TOKEN, Scim, Site, SiteBuilder, read_account, read_accounts};

const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const BADGES: &str = "urn:example:params:scim:schemas:badges:2.0:User";

/// Both directories are served by every appliance.
const BOTH: &str = "directories = [\"default\", \"partners\"]";

fn builder() -> SiteBuilder {
    SiteBuilder::default().partners("")
}

fn pathless() -> Value {
    json!({"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"active": false}}]})
}

async fn status(scim: &Scim, path: &str) -> u16 {
    scim.get(path).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn each_directory_has_its_own_people_under_its_own_address() {
    let site = builder().start().await;
    let (default, partners) = (&site.scim, site.partners());
    let ours = default.create_user("jane@corp.example").await;
    let theirs = partners.create_user("JANE@corp.example").await;
    assert_ne!(ours, theirs);
    let shown = partners.get(&format!("/Users/{theirs}")).await;
    let location = shown.body["meta"]["location"].as_str().unwrap();
    assert_eq!(
        location,
        format!(
            "{}/Users/{theirs}",
            site.running().directory_url("partners")
        )
    );
    assert_eq!(shown.header("location"), location);
    assert_eq!(status(&partners, &format!("/Users/{ours}")).await, 404);
    for scim in [default, &partners] {
        let list = scim.get("/Users").await.body;
        assert_eq!(list["totalResults"], 1);
        let name = scim.get("/Users?filter=userName%20eq%20%22jane@corp.example%22");
        assert_eq!(name.await.body["totalResults"], 1);
        let jane = json!({"userName": "jane@corp.example"});
        let again = scim.send(Method::POST, "/Users", Some(&jane)).await;
        assert_eq!(again.status, 409);
    }
    let group = partners.create_group("Ops", &[&theirs]).await;
    let member = partners.get(&format!("/Groups/{group}")).await.body;
    let reference = member["members"][0]["$ref"].as_str().unwrap();
    assert_eq!(reference, location);
    default.create_group("Ops", &[&ours]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn path_and_token_have_to_agree() {
    let site = builder().start().await;
    let running = site.running();
    let default = site.client_of(&running.directory_url("partners"));
    let partners = Scim::new(running.scim_url(), Some(PARTNERS_TOKEN.to_owned()));
    let nowhere = site.client_of(&running.directory_url("nowhere"));
    for scim in [&default, &partners, &nowhere] {
        for path in ["/Users", "/Users/x", "/Groups?count=1", "/Bulk"] {
            let reply = scim.get(path).await;
            // `/Bulk` has no GET, which `default` tells everybody.
            let open = path == "/Bulk" && reply.status == 405;
            assert!(reply.status == 401 || open, "{path}: {}", reply.text);
        }
    }
    let (theirs, none) = (default.get("/Users").await, nowhere.get("/Users").await);
    assert_eq!(
        theirs.text, none.text,
        "nothing tells that there is a directory"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_strict_and_extended_and_the_other_is_not() {
    let site = SiteBuilder::default()
        .partners("strict = true\npatch_answer = \"no_content\"\nunique_group_names = false")
        .settings(&format!(
            "[[directory.partners.schema]]\nid = \"{BADGES}\"\nname = \"Badges\"\n\
             resource = \"User\"\n[[directory.partners.schema.attribute]]\nname = \"badge\"\n"
        ))
        .start()
        .await;
    let (default, partners) = (&site.scim, site.partners());
    let schema = format!("/Schemas/{BADGES}");
    assert_eq!(status(default, &schema).await, 404);
    assert_eq!(status(&partners, &schema).await, 200);
    let config = |scim: Scim| async move { scim.get("/ServiceProviderConfig").await.body };
    let conformant = "interopProfileConformant";
    assert_eq!(config(default.clone()).await.get(conformant), None);
    let theirs = config(partners.clone()).await;
    assert_eq!(theirs[conformant], true);
    let location = theirs["meta"]["location"].as_str().unwrap();
    assert!(location.contains("/scim/partners/v2/"), "{location}");

    let (jane, joan) = (
        default.create_user("jane@corp.example").await,
        partners.create_user("joan@corp.example").await,
    );
    let change = |scim: Scim, id: String| async move {
        let path = format!("/Users/{id}");
        scim.send(Method::PATCH, &path, Some(&pathless()))
            .await
            .status
    };
    assert_eq!(change(default.clone(), jane).await, 200);
    assert_eq!(change(partners.clone(), joan.clone()).await, 400);
    let with_path = json!({"schemas": [PATCH], "Operations": [
        {"op": "replace", "path": format!("{BADGES}:badge"), "value": "B-7"}]});
    let path = format!("/Users/{joan}");
    let reply = partners.send(Method::PATCH, &path, Some(&with_path)).await;
    assert_eq!(reply.status, 204, "{}", reply.text);
    for _ in 0..2 {
        partners.create_group("Ops", &[]).await;
    }
    let page = reqwest::get(format!("{}/metrics", site.ops_url())).await;
    let page = page.unwrap().text().await.unwrap();
    let line = "scim_tolerances_total{directory=\"default\",tolerance=\"pathless_patch\"} 1";
    assert!(page.contains(line), "{page}");
    assert!(!page.contains("directory=\"partners\",tolerance"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_requests_and_cursors_stay_within_their_directory() {
    let site = builder().start().await;
    let (default, partners) = (&site.scim, site.partners());
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "a@x.example"}},
            {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "b@x.example"}},
        ],
    });
    for scim in [default, &partners] {
        let reply = scim.send(Method::POST, "/Bulk", Some(&bulk)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        for operation in reply.body["Operations"].as_array().unwrap() {
            assert_eq!(operation["status"], "201", "{operation}");
        }
    }
    let page = partners.get("/Users?cursor&count=1").await.body;
    let next = page["nextCursor"].as_str().unwrap();
    let path = format!("/Users?count=1&cursor={next}");
    assert_eq!(status(&partners, &path).await, 200);
    let refused = default.get(&path).await;
    assert_eq!(
        (refused.status, &refused.body["scimType"]),
        (400, &json!("invalidCursor"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_gets_the_people_of_the_directories_that_it_serves() {
    let site = builder()
        .appliance("ours", Vendor::TrueNas, "")
        .appliance("theirs", Vendor::Foreman, "directory = \"partners\"")
        .appliance("shared", Vendor::Nimble, BOTH)
        .start()
        .await;
    site.scim.create_user("ann@corp.example").await;
    site.partners().create_user("bob@partner.example").await;
    site.settled(&[]).await;
    for (appliance, expected) in [
        ("ours", &["ann"][..]),
        ("theirs", &["bob"]),
        ("shared", &["ann", "bob"]),
    ] {
        let accounts = read_accounts(site.simulator(appliance)).await;
        let keys: Vec<&str> = accounts
            .iter()
            .map(|account| account.key.split('@').next().unwrap_or_default())
            .collect();
        assert_eq!(keys, expected, "{appliance}");
    }
}

/// The conflict of a link, if it has one.
async fn conflict(site: &Site, id: &str) -> Option<String> {
    let error = site.link("nas", id).await.link.error?;
    (error.class == "conflict").then_some(error.message)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_later_one_of_two_who_claim_an_account_has_a_conflict_until_the_first_lets_go() {
    let site = builder()
        .appliance("nas", Vendor::TrueNas, BOTH)
        .start()
        .await;
    let partners = site.partners();
    // The same `externalId`: between directories it proves nothing.
    let person = |name: &str| json!({"userName": name, "externalId": "hr-1", "displayName": name});
    let first = site
        .scim
        .create("/Users", person("jane@corp.example"))
        .await;
    site.settled(&[]).await;
    let account = read_account(site.simulator("nas"), "jane").await.unwrap();
    let later = partners
        .create("/Users", person("jane@partner.example"))
        .await;
    site.until(async || conflict(&site, &later).await.is_some())
        .await;
    let message = conflict(&site, &later).await.unwrap();
    for part in [
        "\"jane\"",
        "nas",
        "\"default\"",
        &first,
        "\"partners\"",
        "rename",
    ] {
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
    assert_eq!(
        site.link("nas", &first).await.link.state.as_str(),
        "in_sync"
    );
    let untouched = read_account(site.simulator("nas"), "jane").await.unwrap();
    assert_eq!(untouched.raw["full_name"], "jane@corp.example");

    site.scim.delete(&format!("/Users/{first}")).await;
    site.settled(&[]).await;
    assert_eq!(conflict(&site, &later).await, None);
    let own = read_account(site.simulator("nas"), "jane").await.unwrap();
    assert_ne!(own.id, account.id, "never the other directory's account");
    assert_eq!(own.raw["full_name"], "jane@partner.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_ends_with_a_rename_of_either_side() {
    let site = builder()
        .appliance("nas", Vendor::TrueNas, BOTH)
        .start()
        .await;
    let partners = site.partners();
    let first = site.scim.create_user("jane@corp.example").await;
    site.settled(&[]).await;
    let later = partners.create_user("jane@partner.example").await;
    let other = partners.create_user("jill@partner.example").await;
    site.until(async || conflict(&site, &later).await.is_some())
        .await;
    site.scim
        .set(&first, "userName", json!("janet@corp.example"))
        .await;
    site.settled(&[]).await;
    assert_eq!(conflict(&site, &later).await, None);
    // Now a rename runs into the other directory's account, and steps back.
    partners
        .set(&other, "userName", json!("janet@partner.example"))
        .await;
    site.until(async || conflict(&site, &other).await.is_some())
        .await;
    partners
        .set(&other, "userName", json!("jo@partner.example"))
        .await;
    site.settled(&[]).await;
    let keys: Vec<String> = read_accounts(site.simulator("nas"))
        .await
        .into_iter()
        .map(|account| account.key)
        .collect();
    assert_eq!(keys, ["jane", "janet", "jo"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_of_a_directory_that_an_appliance_no_longer_serves_leaves_its_scope() {
    let mut site = builder()
        .appliance("nas", Vendor::TrueNas, BOTH)
        .start()
        .await;
    site.scim.create_user("ann@corp.example").await;
    let bob = site.partners().create_user("bob@partner.example").await;
    site.settled(&[]).await;
    site.stop_bridge().await;
    site.reconfigure(|builder| {
        let (builder, (name, vendor, _)) = builder.without("nas");
        builder.with((name, vendor, "directory = \"default\"".to_owned()))
    });
    site.start_bridge().await;
    site.settled(&[]).await;
    let link = site.link("nas", &bob).await.link;
    assert_eq!(link.progress.account_state.as_str(), "disabled");
    let ann = read_account(site.simulator("nas"), "ann").await.unwrap();
    assert_eq!(ann.raw["locked"], false);
}
