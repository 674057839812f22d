//! The name of a directory: a segment of its URL, `/scim/<name>/v2`.

use crate::config::errors::Findings;
use crate::config::places::KeyPath;

/// A name stands in URLs, log lines and metrics.
const LONGEST: usize = 63;

/// Refuses what cannot be a directory's name.
pub(super) fn check_name(name: &str, section: &KeyPath, findings: &mut Findings) {
    if let Some(problem) = problem(name) {
        findings.error(
            section,
            problem,
            "the name stands in the URL /scim/<name>/v2: take lower-case letters, digits and \
             hyphens, for example [directory.partners]",
        );
    }
}

fn problem(name: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > LONGEST || !name.bytes().all(plain) {
        return Some(format!("{name:?} cannot be the name of a directory"));
    }
    if name.starts_with('-') || name.ends_with('-') {
        return Some(format!(
            "{name:?} begins or ends with a hyphen, which is easily lost from a URL"
        ));
    }
    // `/scim/v2` is the directory `default`; later versions of the protocol will stand there too.
    let version = name.strip_prefix('v');
    let reserved = version
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    reserved.then(|| {
        format!("{name:?} is reserved: it would be taken for a version of the protocol in the URL")
    })
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn a_name_can_stand_in_a_url() {
        for name in ["default", "hr", "partners-2", "2024", "v", "vpn", "x"] {
            assert_eq!(problem(name), None, "{name}");
        }
        let long = "x".repeat(64);
        for name in [
            "", "HR", "h r", "h/r", "..", "hr_eu", "ä", "v2", "v1", "v10", "-hr", "hr-", &long,
        ] {
            assert!(problem(name).is_some(), "{name}");
        }
    }
}
