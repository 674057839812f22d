//! Secrets in files of their own.

use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};

use super::{APPLIANCE, Folder, TOKEN, error};
use crate::appliance::Credentials;

const WITHOUT_CREDENTIALS: &str =
    "[[appliance]]\nname = \"nas-1\"\nvendor = \"truenas\"\nurl = \"https://nas-1\"\n";

#[test]
fn a_password_file_is_read_without_its_line_end() {
    let folder = Folder::with(&format!(
        "{TOKEN}{WITHOUT_CREDENTIALS}username = \"bridge\"\npassword_file = \"secrets/nas\"\n"
    ));
    folder.write("secrets/nas", " two words \r\n");
    let config = folder.load().unwrap();
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    let Credentials::Password { password, .. } = &config.appliances[0].settings.credentials else {
        panic!("a password was configured");
    };
    assert_eq!(password.expose_secret(), " two words ");
}

#[test]
fn a_token_file_makes_token_credentials() {
    let folder = Folder::with(&format!(
        "{TOKEN}{WITHOUT_CREDENTIALS}token_file = \"nas.token\"\n"
    ));
    folder.write("nas.token", "1-abcdef\n");
    let config = folder.load().unwrap();
    let Credentials::Token(token) = &config.appliances[0].settings.credentials else {
        panic!("a token was configured");
    };
    assert_eq!(token.expose_secret(), "1-abcdef");
}

#[test]
fn key_and_file_together_are_refused() {
    let error = error(&format!("{TOKEN}{APPLIANCE}password_file = \"nas\"\n"));
    assert_eq!(
        error,
        "scim-bridge.toml:10: appliance.nas-1.password_file: \
         `password` and `password_file` are both set; keep one of them"
    );
}

#[test]
fn an_empty_secret_is_refused() {
    let folder = Folder::with(&format!(
        "{TOKEN}{WITHOUT_CREDENTIALS}token_file = \"nas.token\"\n"
    ));
    folder.write("nas.token", "\n");
    let errors = folder.load().unwrap_err();
    assert!(errors.contains("nas.token is empty"), "{errors}");
}

#[test]
fn a_client_token_may_be_a_digest_file_or_the_token_itself() {
    let token = "scimb_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    let folder = Folder::with(&format!(
        "[[directory.default.token]]\nname = \"okta\"\ntoken_file = \"okta.token\"\n\
         [[directory.default.token]]\nname = \"entra\"\nsha256_file = \"entra.sha256\"\n{APPLIANCE}"
    ));
    folder.write("okta.token", &format!("{token}\n"));
    folder.write("entra.sha256", &format!("{}\n", "AB".repeat(32)));
    let config = folder.load().unwrap();
    let tokens = &config.directories[0].tokens;
    let expected: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    assert_eq!(tokens[0].sha256, expected);
    assert_eq!(tokens[1].sha256, [0xab; 32]);
}

#[test]
fn a_token_that_could_be_guessed_is_refused() {
    let folder = Folder::with(&format!(
        "[[directory.default.token]]\nname = \"okta\"\ntoken_file = \"okta.token\"\n{APPLIANCE}"
    ));
    folder.write("okta.token", "letmein\n");
    let errors = folder.load().unwrap_err();
    assert!(errors.contains("could be guessed"), "{errors}");
    assert!(!errors.contains("letmein"), "{errors}");
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_is_warned_about() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::with(&format!("{TOKEN}{APPLIANCE}"));
    assert!(folder.load().unwrap().warnings.is_empty());
    let file = folder.path().join("scim-bridge.toml");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let warnings = folder.load().unwrap().warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("appliance.nas-1.password"),
        "{warnings:?}"
    );
    assert!(warnings[0].contains("chmod 600"), "{warnings:?}");
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let config = super::config(&format!("{TOKEN}{APPLIANCE}"));
    assert!(!format!("{config:?}").contains("correct horse"));
}
