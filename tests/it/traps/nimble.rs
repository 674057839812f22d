//! HPE Nimble Storage: accounts and answers.

mod sessions;

use appliance_sim::{Call, Vendor};
use scim_bridge::store::LinkState;
use serde_json::json;

use super::{SOON, answer, count, failure, keys, lost_reply, path, person, state};
use crate::support::{Site, SiteBuilder, read_accounts, user};
use crate::vendors::lifecycle::{account, site, site_of};

const JANE: &str = "jane.doe@corp.example";

/// Everything that can happen to a person.
async fn whole_life(site: &Site) {
    let id = person(site, JANE).await;
    for (attribute, value) in [
        ("displayName", json!("Jane Roe")),
        ("active", json!(false)),
        ("active", json!(true)),
        ("userName", json!("jane.roe@corp.example")),
    ] {
        site.scim.set(&id, attribute, value).await;
        site.settled(&[]).await;
    }
    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_01_nothing_is_looked_up_by_post() {
    let site = site(Vendor::Nimble, "").await;
    whole_life(&site).await;
    let writes = site.writes("box");
    let posts: Vec<&Call> = writes.iter().filter(|call| call.method == "POST").collect();
    assert_eq!(posts.len(), 1, "the creation");
    assert_eq!(posts[0].path, "/v1/users");
    assert_eq!(keys(&posts[0].body), ["data"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_02_a_row_that_does_not_say_whether_it_is_disabled_enables_nobody() {
    let site = site(Vendor::Nimble, "").await;
    let id = person(&site, JANE).await;
    site.scim.set(&id, "active", json!(false)).await;
    site.settled(&[]).await;
    site.control("box").clear_journal();
    site.control("box").inject(lost_reply("PUT"));
    site.scim.set(&id, "displayName", json!("Jane Roe")).await;
    site.settled(&[]).await;
    let journal = site.control("box").journal();
    assert_eq!(count(&journal, |call| call.method == "PUT"), 1);
    assert!(
        journal
            .iter()
            .all(|call| call.method != "GET" || call.path != "/v1/users"),
        "the summary is never read"
    );
    let shown = account(&site, "janedoe").await;
    assert!(!shown.active);
    assert_eq!(shown.raw["full_name"], "Jane Roe");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_03_and_11_one_of_the_two_messages_is_enough() {
    for messages in ["both", "generic", "specific"] {
        let site = site_of(Vendor::Nimble, "4.4", "").await;
        let foreign = json!({"data": {"name": "JaneDoe", "password": "Sesame-42-open"}});
        site.operator("box").post("/v1/users", foreign).await;
        site.set(
            "box",
            &json!({"messages": messages, "names_ignore_case": true}),
        );
        let jane = person(&site, JANE).await;
        assert_eq!(state(&site, &jane).await, LinkState::Held, "{messages}");
        let creations = count(&site.writes("box"), |call| call.method == "POST");
        assert_eq!(creations, 2, "the operator's and ours: {messages}");

        let bob = person(&site, "bob@corp.example").await;
        let gone = account(&site, "bob").await;
        let path = format!("/v1/users/{}", gone.id);
        site.operator("box").delete(&path).await;
        site.scim.delete(&format!("/Users/{bob}")).await;
        site.settled(&[]).await;
        assert_eq!(site.links().await.len(), 1, "bob is done: {messages}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_06_and_16_only_what_changed_is_sent_and_nothing_that_is_read_only() {
    let site = site(Vendor::Nimble, "").await;
    whole_life(&site).await;
    let writes = site.writes("box");
    let puts: Vec<Vec<&str>> = writes
        .iter()
        .filter(|call| call.method == "PUT")
        .map(|call| keys(&call.body["data"]))
        .collect();
    // The last one locks the leaver out before the sessions are ended and the account goes.
    assert_eq!(
        puts,
        [
            ["full_name"],
            ["disabled"],
            ["disabled"],
            ["name"],
            ["disabled"]
        ]
    );
    assert!(writes.iter().all(|call| call.status < 300), "{writes:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_07_a_policy_that_the_password_breaks_is_named_and_not_fought() {
    let site = site_of(Vendor::Nimble, "5.2", "").await;
    let operator = site.operator("box");
    let policies = operator.get("/v1/user_policies").await;
    let id = policies["data"][0]["id"].as_str().unwrap();
    let policy = json!({"data": {"min_length": 60}});
    operator
        .put(&format!("/v1/user_policies/{id}"), policy)
        .await;
    site.control("box").clear_journal();
    let jane = person(&site, JANE).await;
    assert_eq!(state(&site, &jane).await, LinkState::Refused);
    let error = failure(&site, &jane).await;
    assert_eq!(error.class, "invalid");
    assert!(
        error.message.contains("SM_invalid_arg_value"),
        "{}",
        error.message
    );
    assert_eq!(site.writes("box").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_07_a_password_with_a_forbidden_character_is_never_sent() {
    for forbidden in ["&", ";", "[", "]", "`"] {
        let site = site(Vendor::Nimble, "account_password = \"sync\"").await;
        let mut jane = user(JANE);
        jane["password"] = json!(format!("Sesame-42{forbidden}open"));
        let id = site.scim.create("/Users", jane).await;
        site.settled(&[]).await;
        assert_eq!(state(&site, &id).await, LinkState::Refused);
        let error = failure(&site, &id).await;
        assert!(error.message.contains("password"), "{}", error.message);
        assert!(site.writes("box").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_08_names_fit_the_alphabet_of_each_field() {
    let site = site(Vendor::Nimble, "").await;
    let mut jane = user("Jané.O'Dea-Smith_2@corp.example");
    jane["displayName"] = json!("Dr. Jané O'Dea-Smith, Jr.");
    jane["emails"] = json!([]);
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    let shown = account(&site, "janeodeasmith2").await.raw;
    assert_eq!(shown["full_name"], "Dr Jane O'Dea-Smith Jr");
    assert_eq!(shown["email_addr"], "", "never null");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_09_an_account_is_recognised_by_its_name_not_by_how_the_search_shows_it() {
    let site = site(Vendor::Nimble, "").await;
    // Its search name begins with the one that is looked for.
    let foreign = json!({"data": {
        "name": "jane", "full_name": "janedoe", "password": "Sesame-42-open",
    }});
    site.operator("box").post("/v1/users", foreign).await;
    let id = person(&site, JANE).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    let journal = site.control("box").journal();
    let searched = journal
        .iter()
        .any(|call| call.query.contains("search_name"));
    assert!(!searched);
    let untouched = account(&site, "jane").await.raw;
    assert_eq!(untouched["full_name"], "janedoe");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_10_an_account_that_is_gone_is_made_anew_and_every_id_is_the_arrays_own() {
    let site = site(Vendor::Nimble, "").await;
    let id = person(&site, JANE).await;
    let first = account(&site, "janedoe").await.id;
    let path = format!("/v1/users/{first}");
    site.operator("box").delete(&path).await;
    site.scim.set(&id, "displayName", json!("Jane Roe")).await;
    site.settled(&[]).await;
    let second = account(&site, "janedoe").await;
    assert_ne!(second.id, first);
    assert_eq!(second.raw["full_name"], "Jane Roe");
    for call in site
        .writes("box")
        .iter()
        .filter(|call| call.method != "POST")
    {
        let id = call.path.strip_prefix("/v1/users/").unwrap();
        let hexadecimal = id.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(id.len() == 42 && hexadecimal, "{}", call.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_15_half_an_answer_proves_no_absence() {
    let site = site(Vendor::Nimble, "").await;
    let foreign = json!({"data": {"name": "janedoe", "password": "Sesame-42-open"}});
    site.operator("box").post("/v1/users", foreign).await;
    site.control("box").clear_journal();
    // Half of one row is none.
    site.set("box", &json!({"partial_reads": true}));
    let id = site.scim.create_user(JANE).await;
    assert_eq!(failure(&site, &id).await.class, "incomplete");
    assert!(site.writes("box").is_empty());
    site.set("box", &json!({"partial_reads": false}));
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::Held, "somebody else's");
    assert!(site.writes("box").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_15_a_job_that_was_only_accepted_is_looked_for() {
    let site = site(Vendor::Nimble, "").await;
    let accepted = json!({"messages": [{
        "code": "SM_async_job_id", "severity": "info", "text": "x", "arguments": {"job_id": "2d"},
    }]});
    let fault = answer(202, &accepted).on_method("POST");
    site.control("box")
        .inject(fault.on_path(path("^/v1/users$")).times(1));
    let id = person(&site, JANE).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    assert_eq!(read_accounts(site.simulator("box")).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_17_the_built_in_accounts_are_never_touched() {
    let site = site(Vendor::Nimble, "").await;
    for name in ["admin", "root", "nsupport"] {
        let id = person(&site, &format!("{name}@corp.example")).await;
        assert_eq!(state(&site, &id).await, LinkState::Refused, "{name}");
    }
    assert!(site.writes("box").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_17_a_full_array_keeps_nobody_else_waiting() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Nimble, "")
        .delivery(SOON)
        .start()
        .await;
    let jane = person(&site, JANE).await;
    site.set("box", &json!({"max_users": 1}));
    let bob = site.scim.create_user("bob@corp.example").await;
    assert_eq!(failure(&site, &bob).await.class, "refused");
    site.scim.set(&jane, "active", json!(false)).await;
    let locked_out = || async { !account(&site, "janedoe").await.active };
    site.until(locked_out).await;
    site.set("box", &json!({"max_users": 100}));
    site.settled(&[]).await;
    assert!(account(&site, "bob").await.active);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_18_a_lock_by_failed_logins_is_left_to_the_array() {
    let site = site_of(Vendor::Nimble, "5.2", "").await;
    let id = person(&site, JANE).await;
    let operator = site.operator("box");
    for _ in 0..10 {
        assert!(!operator.password_opens("janedoe", "wrong-42").await);
    }
    assert_eq!(account(&site, "janedoe").await.raw["auth_lock"], true);
    site.control("box").clear_journal();
    site.scim.set(&id, "displayName", json!("Jane Roe")).await;
    site.settled(&[]).await;
    let writes = site.writes("box");
    assert_eq!(writes.len(), 1);
    assert_eq!(keys(&writes[0].body["data"]), ["full_name"]);
    let shown = account(&site, "janedoe").await.raw;
    assert_eq!(
        (&shown["auth_lock"], &shown["disabled"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_20_a_server_fault_is_one_whatever_its_number() {
    for status in [500, 501, 503] {
        let site = site(Vendor::Nimble, "").await;
        let id = person(&site, JANE).await;
        let messages = json!({"messages": [{"code": "SM_http_x", "severity": "error"}]});
        let fault = answer(status, &messages).on_method("PUT").times(2);
        site.control("box").inject(fault);
        site.scim.set(&id, "displayName", json!("Jane Roe")).await;
        site.settled(&[]).await;
        let shown = account(&site, "janedoe").await.raw;
        assert_eq!(shown["full_name"], "Jane Roe", "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_21_an_address_in_another_case_is_no_change() {
    let site = site(Vendor::Nimble, "").await;
    let id = person(&site, JANE).await;
    site.control("box").clear_journal();
    let address = json!("Jane.Doe@CORP.example");
    site.scim
        .set(&id, "emails[type eq \"work\"].value", address)
        .await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    assert!(site.writes("box").is_empty());
}
