//! Rules between keys.

use std::time::Duration;

use super::{APPLIANCE, Folder, TOKEN, config, error};
use crate::delivery::{CollisionPolicy, RenamePolicy, Scope};
use crate::scim::ResourceKind;

fn with_scim(keys: &str) -> String {
    format!("[scim]\n{keys}{TOKEN}{APPLIANCE}")
}

fn with_appliance(keys: &str) -> String {
    format!("{TOKEN}{APPLIANCE}{keys}")
}

#[test]
fn plain_http_off_loopback_needs_a_proxy_or_tls() {
    let text = with_scim("listen = \"0.0.0.0:8080\"\n");
    let message = error(&text);
    assert!(
        message.starts_with("scim-bridge.toml:2: scim.listen:"),
        "{message}"
    );
    assert!(message.contains("plain HTTP"), "{message}");
    config(&with_scim(
        "listen = \"0.0.0.0:8080\"\nbehind_proxy = true\n",
    ));
    config(&with_scim("listen = \"[::1]:8080\"\n"));
    let folder = Folder::with(&with_scim(
        "listen = \"0.0.0.0:8443\"\ncertificate_file = \"cert.pem\"\nkey_file = \"key.pem\"\n",
    ));
    folder.write("cert.pem", "-----BEGIN CERTIFICATE-----");
    folder.write("key.pem", "-----BEGIN PRIVATE KEY-----");
    let tls = folder.load().unwrap().scim.tls.unwrap();
    assert_eq!(tls.key, folder.path().join("key.pem"));
}

#[test]
fn a_certificate_needs_its_key() {
    let message = error(&with_scim("certificate_file = \"cert.pem\"\n"));
    assert!(message.contains("`key_file` is not"), "{message}");
}

#[test]
fn an_open_ops_listener_is_warned_about() {
    let config = config(&format!(
        "[ops]\nlisten = \"0.0.0.0:9090\"\n{TOKEN}{APPLIANCE}"
    ));
    assert_eq!(config.warnings.len(), 1, "{:?}", config.warnings);
    assert!(config.warnings[0].contains("ops.listen"));
}

#[test]
fn two_listeners_cannot_share_an_address() {
    let message = error(&with_scim("listen = \"127.0.0.1:9090\"\n"));
    assert!(message.contains("ops.listen"), "{message}");
}

#[test]
fn a_lease_must_outlast_calls_twice() {
    let message = error(&with_appliance("request_timeout_seconds = 31\n"));
    assert!(
        message.contains("delivery.lease_seconds to 62"),
        "{message}"
    );
    config(&format!(
        "delivery.lease_seconds = 62\n{TOKEN}{APPLIANCE}request_timeout_seconds = 31\n"
    ));
}

#[test]
fn purging_needs_accounts_that_are_disabled_first() {
    let message = error(&with_appliance("purge_after_days = 30\n"));
    assert!(message.contains("on_delete = \"disable\""), "{message}");
    let config = config(&with_appliance(
        "on_delete = \"disable\"\npurge_after_days = 30\n",
    ));
    assert_eq!(
        config.appliances[0].policy.purge_after,
        Some(Duration::from_secs(30 * 24 * 3600))
    );
}

#[test]
fn scopes_are_all_none_or_a_filter() {
    let config = config(&with_appliance(
        "users = 'active eq true and groups.display eq \"Storage\"'\ngroups = \"all\"\n",
    ));
    let policy = &config.appliances[0].policy;
    assert!(matches!(policy.users, Some(Scope::Matching(_))));
    assert!(matches!(policy.groups, Some(Scope::All)));
}

#[test]
fn an_appliance_url_is_an_origin() {
    for (url, reason) in [
        ("nas-1.example.com", "no URL"),
        ("https://nas-1.example.com/api/v2.0", "more than an origin"),
        ("https://root:pw@nas-1.example.com", "more than an origin"),
        ("http://nas-1.example.com", "plain HTTP"),
        ("ftp://nas-1.example.com", "no URL"),
    ] {
        let message = error(&format!(
            "{TOKEN}{}",
            APPLIANCE.replace("https://nas-1.example.com", url)
        ));
        assert!(message.contains(reason), "{url}: {message}");
        assert!(!message.contains("root:pw"), "{message}");
    }
    config(&format!(
        "{TOKEN}{}",
        APPLIANCE.replace("https://nas-1.example.com", "http://127.0.0.1:5000")
    ));
}

#[test]
fn an_unknown_vendor_gets_the_list() {
    let message = error(&format!(
        "{TOKEN}{}",
        APPLIANCE.replace("truenas", "truenass")
    ));
    assert!(message.contains("did you mean \"truenas\"?"), "{message}");
    assert!(
        message.contains("foreman, fortiauthenticator, nimble and truenas"),
        "{message}"
    );
}

#[test]
fn a_vendor_without_groups_cannot_get_any() {
    let text = APPLIANCE.replace("truenas", "nimble");
    let message = error(&format!("{TOKEN}{text}groups = \"all\"\n"));
    assert!(message.contains("has no groups"), "{message}");
}

#[test]
fn an_own_row_reaches_the_profile() {
    let plain = config(&with_appliance(""));
    let own = config(&with_appliance(
        "[appliance.user.fields.full_name]\nfrom = [\"nickName\"]\n",
    ));
    assert_ne!(
        plain.appliances[0].profile.digest(),
        own.appliances[0].profile.digest()
    );
}

#[test]
fn a_pin_must_be_one_of_the_profile() {
    for (keys, expected) in [
        (
            "variant = \"jsonrcp\"\n",
            "there are jsonrpc, core, scale-22.02, rest",
        ),
        ("version = \"newest\"\n", "is no number of a release"),
    ] {
        let message = error(&with_appliance(keys));
        assert!(message.contains(expected), "{message}");
        assert!(message.contains("appliance asked"), "{message}");
    }
    let text = APPLIANCE.replace("truenas", "nimble");
    let message = error(&format!("{TOKEN}{text}variant = \"rest\"\n"));
    assert!(message.contains("same for every release"), "{message}");
}

#[test]
fn a_pin_reaches_the_profile_and_its_digest() {
    let plain = config(&with_appliance(""));
    let pinned = config(&with_appliance("variant = \"core\"\n"));
    let released = config(&with_appliance("version = \"TrueNAS-13.0-U6.8\"\n"));
    let profile =
        |config: &crate::config::Config| std::sync::Arc::clone(&config.appliances[0].profile);
    assert_eq!(profile(&pinned).variant(), Some("core"));
    let left: Vec<String> = profile(&released)
        .variants()
        .iter()
        .map(|variant| variant.name.clone())
        .collect();
    assert_eq!(left, ["jsonrpc", "core", "scale-22.02", "rest"]);
    let digests = [&plain, &pinned, &released].map(|config| profile(config).digest());
    assert!(digests[0] != digests[1] && digests[1] != digests[2] && digests[0] != digests[2]);
}

#[test]
fn bound_groups_keep_the_spelling_of_their_names() {
    let config = config(&with_appliance(
        "groups = \"all\"\nbind_groups = { \"NAS Admins (EU)\" = \"builtin_administrators\" }\n",
    ));
    assert_eq!(
        config.appliances[0].policy.bind_groups["NAS Admins (EU)"],
        "builtin_administrators"
    );
}

#[test]
fn a_folder_of_profiles_adds_and_wins() {
    let builtin = crate::vendor::Profile::builtin("truenas").unwrap();
    let folder = Folder::with(&format!(
        "profiles_dir = \"vendors\"\n{TOKEN}{APPLIANCE}{}",
        APPLIANCE
            .replace("nas-1", "nas-2")
            .replace("truenas", "mynas")
    ));
    folder.write(
        "vendors/truenas/profile.toml",
        &builtin.replacen("\"TrueNAS\"", "\"Our TrueNAS\"", 1),
    );
    folder.write(
        "vendors/mynas/profile.toml",
        &builtin.replacen("vendor = \"truenas\"", "vendor = \"mynas\"", 1),
    );
    let config = folder.load().unwrap();
    assert!(config.appliances[0].profile.title.starts_with("Our "));
    assert_eq!(config.appliances[1].profile.vendor, "mynas");
    assert!(
        config.appliances[1]
            .profile
            .object(ResourceKind::Group)
            .is_some()
    );
}

#[test]
fn tokens_and_appliances_have_names_of_their_own() {
    let message = error(&format!("{TOKEN}{APPLIANCE}{APPLIANCE}"));
    assert!(
        message.contains("another appliance is called \"nas-1\""),
        "{message}"
    );
    let messages = super::errors(&format!("{TOKEN}{TOKEN}{APPLIANCE}")).join("\n");
    assert!(
        messages.contains("another token is called \"okta\""),
        "{messages}"
    );
    assert!(messages.contains("the same token"), "{messages}");
}

#[test]
fn what_makes_an_appliance_itself_is_no_default() {
    let message = error(&format!(
        "{TOKEN}{APPLIANCE}[appliance_defaults]\nurl = \"https://nas.example.com\"\n"
    ));
    assert!(
        message.contains("appliances cannot share this"),
        "{message}"
    );
}

#[test]
fn accounts_without_a_password_need_a_vendor_that_has_them() {
    let array = "[[appliance]]\nname = \"array-1\"\nvendor = \"nimble\"\nurl = \"https://array-1\"\n\
                 username = \"bridge\"\npassword = \"x\"\naccount_password = \"none\"\n";
    let message = error(&format!("{TOKEN}{array}"));
    assert!(
        message.contains("account_password: HPE Nimble Storage makes no account without"),
        "{message}"
    );
    config(&format!("{TOKEN}{}", array.replace("nimble", "truenas")));
}

#[test]
fn an_account_made_anew_leaves_none_in_use() {
    let message = error(&with_appliance(
        "on_rename = \"recreate\"\non_delete = \"keep\"\n",
    ));
    assert!(message.contains("on_rename: "), "{message}");
    let config = config(&with_appliance(
        "on_rename = \"recreate\"\non_collision = \"suffix\"\n",
    ));
    let policy = &config.appliances[0].policy;
    assert_eq!(policy.on_rename, RenamePolicy::Recreate);
    assert_eq!(policy.on_collision, CollisionPolicy::Suffix);
}
