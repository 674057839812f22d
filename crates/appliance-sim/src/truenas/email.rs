//! What may be a mail address.

/// CORE's check, a regular expression's worth of strictness.
pub(super) fn core_accepts(address: &str) -> bool {
    match address.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
                && !address.contains(char::is_whitespace)
                && !domain.contains('@')
        }
        None => false,
    }
}

/// The complaint of the check of the other SCALE releases: something on both sides of an `@`.
pub(super) fn minimal_complaint(address: &str) -> Option<String> {
    /// The longest address (RFC 5321).
    const MAXIMUM: usize = 254;
    let sides = address.split_once('@');
    let fits = sides.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    (!fits || address.len() > MAXIMUM).then(|| "Not a valid E-Mail address".to_owned())
}

/// The complaint of the strict library that 24.10 to 25.10 use.
pub(super) fn strict_complaint(address: &str) -> Option<String> {
    strict_reason(address).map(|reason| format!("value is not a valid email address: {reason}"))
}

fn strict_reason(address: &str) -> Option<&'static str> {
    /// Names that RFC 2606, 6761 and 7686 reserve; the library refuses what ends in them.
    const RESERVED: &[&str] = &["arpa", "invalid", "local", "localhost", "onion", "test"];
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Some("An email address must have an @-sign.");
    };
    if local.is_empty() {
        return Some("There must be something before the @-sign.");
    }
    if domain.is_empty() {
        return Some("There must be something after the @-sign.");
    }
    if local.len() > 64 || address.len() > 254 {
        return Some("The email address is too long.");
    }
    let misplaced_dot = |part: &str| part.starts_with('.') || part.ends_with('.');
    if misplaced_dot(local) || misplaced_dot(domain) || address.contains("..") {
        return Some("An email address cannot have a period where this one has it.");
    }
    let unquoted =
        |letter: char| letter.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(letter);
    if !local.chars().all(unquoted) {
        return Some("The email address contains invalid characters before the @-sign.");
    }
    let in_domain = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '.';
    if !domain.chars().all(in_domain) {
        return Some("The part after the @-sign contains invalid characters.");
    }
    let last = domain
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if RESERVED.contains(&last.as_str()) {
        return Some(
            "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
        );
    }
    (!domain.contains('.'))
        .then_some("The part after the @-sign is not valid. It should have a period.")
}

#[cfg(test)]
mod tests {
    use super::{core_accepts, strict_complaint};

    #[test]
    fn reserved_and_single_label_domains_are_refused_strictly() {
        for address in [
            "a@host",
            "a@corp.local",
            "a@x.test",
            "a@b.invalid",
            "a@localhost",
            "",
        ] {
            assert!(strict_complaint(address).is_some(), "{address}");
        }
        for address in ["a@corp.lan", "a@corp.internal", "a@example.com"] {
            assert_eq!(strict_complaint(address), None, "{address}");
        }
    }

    #[test]
    fn core_refuses_what_is_empty_or_has_no_at() {
        assert!(!core_accepts(""));
        assert!(!core_accepts("nope"));
        assert!(core_accepts("a@corp.local"));
    }
}
