//! Everything that is wrong is said at once, with place, key and remedy.

use super::{APPLIANCE, Folder, TOKEN, error, errors};

#[test]
fn all_errors_are_reported_at_once() {
    let errors = Folder::with(
        r#"
[scim]
listne = "127.0.0.1:8080"
listen = "0.0.0.0:8080"
behind_proxy = "yes"
max_results = -5

[store]
synchronous = "ful"

[delivery]
retry_delays_seconds = []

[directory.default]
patch_answer = "nothing"
[[directory.default.token]]
name = "okta"
sha256 = "1234"

[directory.v2]
unique_group_names = false

[[appliance]]
name = "nas-1"
vendor = "truenass"
url = "http://nas-1.example.com"
username = "bridge"
password = 4711
users = 'active eq true and groups.display equals "Storage"'
on_delete = "delete"
purge_after_days = 30

[[appliance]]
name = "nas-1"
vendor = "nimble"
url = "https://bridge:secret@array-1/api"
username = "bridge"
password_file = "missing.password"
groups = "all"
request_timeout_seconds = 45
guard.max_deletes_percent = 200
"#,
    )
    .load()
    .unwrap_err();
    insta::assert_snapshot!(errors);
}

#[test]
fn a_syntax_error_names_its_line_and_shows_nothing_of_it() {
    let error = error("[scim]\nlisten = \"127.0.0.1:8080\"\n\n[[appliance]]\npassword = hunter2\n");
    assert!(
        error.starts_with("scim-bridge.toml:5: this is not TOML"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn several_syntax_errors_are_all_reported() {
    let errors = errors("[scim]\nlisten = nowhere\n[ops]\nlisten = neither\n");
    assert_eq!(errors.len(), 2, "{errors:#?}");
    assert!(errors[0].contains(":2:"), "{errors:#?}");
    assert!(errors[1].contains(":4:"), "{errors:#?}");
}

#[test]
fn a_missing_file_is_named() {
    let path = std::path::Path::new("/nowhere/scim-bridge.toml");
    let errors = crate::config::load(Some(path), std::iter::empty()).unwrap_err();
    let text = errors.to_string();
    assert!(
        text.contains("/nowhere/scim-bridge.toml: the file cannot be read"),
        "{text}"
    );
}

#[test]
fn a_key_of_another_section_gets_the_keys_that_there_are() {
    let error = error(&format!("{TOKEN}{APPLIANCE}[ops]\nworkers = 4\n"));
    assert_eq!(
        error,
        "scim-bridge.toml:11: ops.workers: there is no such key; the keys here are listen"
    );
}

#[test]
fn a_scope_that_does_not_parse_tells_the_offset() {
    let error = error(&format!("{TOKEN}{APPLIANCE}users = 'active eq true and'\n"));
    assert!(
        error.starts_with(
            "scim-bridge.toml:10: appliance.nas-1.users: the filter does not parse: at offset 18"
        ),
        "{error}"
    );
}

#[test]
fn a_scope_that_would_never_match_is_refused() {
    let error = error(&format!(
        "{TOKEN}{APPLIANCE}users = 'group.display eq \"Storage\"'\n"
    ));
    assert!(
        error.contains("has no attribute `group.display`"),
        "{error}"
    );
}

#[test]
fn an_error_in_an_own_row_is_the_configurations() {
    let error = error(&format!(
        "{TOKEN}{APPLIANCE}[appliance.user.fields.full_name]\nmax_lenght = 20\n"
    ));
    assert!(
        error.starts_with("scim-bridge.toml:11: appliance.nas-1.user.fields.full_name.max_lenght:"),
        "{error}"
    );
    assert!(error.contains("max_length"), "{error}");
}
