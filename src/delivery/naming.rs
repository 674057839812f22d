//! Which names an account may get: the one that its attributes give, and the same with a number.

use crate::store::{Claim, ClaimHolder, KeySuffix, LinkState};
use crate::vendor::ObjectProfile;

/// The largest number behind a name. Who comes after that waits for an operator.
const LAST_SUFFIX: u32 = 999;

/// A name that an account may get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The account key.
    pub key: String,
    /// The suffix in it, if it is not the key that the attributes give.
    pub suffix: Option<KeySuffix>,
}

/// The names to try, in this order. `own` is the number that the person has already: it stays in
/// any case, also where the policy asks for no further ones.
pub fn candidates<'a>(
    object: &'a ObjectProfile,
    base: &'a str,
    own: Option<u32>,
    suffixes: bool,
) -> impl Iterator<Item = Candidate> + 'a {
    let suffixed = move |number: u32| {
        Some(Candidate {
            key: object.suffixed_key(base, number)?,
            suffix: Some(KeySuffix {
                base: object.fold_key(base),
                number,
            }),
        })
    };
    let plain = Candidate {
        key: base.to_owned(),
        suffix: None,
    };
    let first = own.and_then(suffixed).unwrap_or(plain);
    let further = (2..=LAST_SUFFIX)
        .take_while(move |_| suffixes)
        .filter(move |number| Some(*number) != own)
        .filter_map(suffixed);
    std::iter::once(first).chain(further)
}

/// The number that tells the person's key from the same one of somebody else, by the claims of the
/// person's link.
pub fn own_suffix<'a>(
    object: &ObjectProfile,
    claims: impl IntoIterator<Item = &'a Claim>,
    base: &str,
) -> Option<u32> {
    let base = object.fold_key(base);
    claims
        .into_iter()
        .filter(|claim| claim.namespace == object.namespace())
        .filter_map(|claim| claim.suffix.as_ref())
        .filter(|suffix| suffix.base == base)
        .map(|suffix| suffix.number)
        .min()
}

/// Whether the holder of a key keeps it, as far as can be seen.
///
/// It does where nothing is about to happen to it, or where it makes an account of that name. A holder whose account has something to be done to it may
/// be about to let go, and is waited for.
pub fn keeps_its_key(holder: &ClaimHolder) -> bool {
    if !holder.has_account && !holder.deleted {
        return !holder.waits_for_us;
    }
    let at_rest = match holder.state {
        LinkState::InSync | LinkState::Held | LinkState::Refused | LinkState::PurgeWaiting => true,
        LinkState::Pending | LinkState::InFlight | LinkState::Waiting => false,
    };
    at_rest && !holder.waits_for_us
}

#[cfg(test)]
mod tests {
    use super::{candidates, own_suffix};
    use crate::scim::ResourceKind;
    use crate::store::{Claim, KeySuffix};
    use crate::vendor::{ObjectProfile, Profile};

    fn with_user(check: impl FnOnce(&ObjectProfile)) {
        let text = Profile::builtin("truenas").unwrap();
        let profile = Profile::compile("truenas", text, &toml::Table::new()).unwrap();
        check(profile.object(ResourceKind::User).unwrap());
    }

    fn first_keys(object: &ObjectProfile, own: Option<u32>, suffixes: bool) -> Vec<String> {
        candidates(object, "jdoe", own, suffixes)
            .take(3)
            .map(|candidate| candidate.key)
            .collect()
    }

    #[test]
    fn the_plain_name_comes_first_unless_the_person_has_a_number() {
        with_user(|object| {
            assert_eq!(first_keys(object, None, true), ["jdoe", "jdoe2", "jdoe3"]);
            assert_eq!(
                first_keys(object, Some(3), true),
                ["jdoe3", "jdoe2", "jdoe4"]
            );
            assert_eq!(first_keys(object, None, false), ["jdoe"]);
            assert_eq!(first_keys(object, Some(3), false), ["jdoe3"]);
        });
    }

    #[test]
    fn a_number_belongs_to_one_name() {
        let claim = |base: &str| Claim {
            namespace: "user".to_owned(),
            key: format!("{base}2"),
            suffix: Some(KeySuffix {
                base: base.to_owned(),
                number: 2,
            }),
        };
        with_user(|object| {
            let claims = [claim("jdoe")];
            assert_eq!(own_suffix(object, &claims, "jdoe"), Some(2));
            assert_eq!(own_suffix(object, &claims, "jroe"), None);
        });
    }
}
