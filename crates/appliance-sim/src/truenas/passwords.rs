//! What setting a password leaves in the tables.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;

use super::release::Family;
use super::state::{Credential, User};
use crate::dummy_hash::letters;

/// Sets the password; an empty one wipes the hash.
pub(super) fn set(user: &mut User, password: &str, now: Timestamp) {
    user.credential = (!password.is_empty()).then(|| Credential {
        password: password.to_owned(),
        unixhash: unix_hash(user, password, now),
        name: user.username.clone(),
        changed: now,
    });
}

/// Whether this password opens the account. A disabled password keeps its hash but opens nothing.
pub(super) fn opens(user: &User, password: &str) -> bool {
    !user.locked
        && !user.password_disabled
        && user
            .credential
            .as_ref()
            .is_some_and(|credential| credential.password == password)
}

/// A password that nobody chose.
pub(super) fn generate(user: &User, now: Timestamp) -> String {
    letters(seed(user, "generated", now), 20)
}

/// The `smbhash` as the family shows it; there is one for every password, SMB or not.
pub(super) fn smb_hash(family: Family, user: &User) -> String {
    const NO_HASH: &str = "00000000000000000000000000000000";
    let Some(credential) = &user.credential else {
        return "*".to_owned();
    };
    if family >= Family::Scale2504 {
        return NO_HASH.to_owned();
    }
    format!(
        "{}:{}:{}:{NO_HASH}:[U         ]:LCT-{:08X}:",
        credential.name,
        user.uid,
        "X".repeat(32),
        credential.changed.as_second(),
    )
}

fn unix_hash(user: &User, password: &str, now: Timestamp) -> String {
    let seed = seed(user, password, now);
    format!(
        "$6$rounds=656000${}${}",
        letters(seed, 16),
        letters(seed.wrapping_add(1), 86)
    )
}

fn seed(user: &User, password: &str, now: Timestamp) -> u64 {
    let mut hasher = DefaultHasher::new();
    (user.id, password, now).hash(&mut hasher);
    hasher.finish()
}
