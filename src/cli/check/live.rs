//! An appliance, contacted: reachability, certificate, credentials, permission.

use std::sync::Arc;

use super::findings::{Finding, Subject};
use crate::appliance::{
    ApplianceSettings, Connection, Failure, Trust, Unobserved, fetch_certificate_sha256,
};
use crate::cli::targets::target;
use crate::config::ConfiguredAppliance;
use crate::delivery::Target;
use crate::scim::ResourceKind;
use crate::vendor::{FailureClass, ObjectProfile};

/// Makes a key that nobody has; every vendor takes letters and digits.
const ABSENT: &str = "scimbridgecheck";

/// Contacts the appliance; the first step that fails ends it, as those after it could not succeed.
pub(super) async fn check(appliance: &ConfiguredAppliance, subject: &mut Subject) {
    if !certificate(&appliance.settings, subject).await {
        return;
    }
    let target = match target(appliance, Arc::new(Unobserved)) {
        Ok(target) => target,
        Err(error) => {
            subject.push(Finding::bad(
                "connection",
                error.to_string(),
                "correct the configuration",
            ));
            return;
        }
    };
    if credentials(&target.connection, subject).await {
        permission(&target, subject).await;
    }
    target.connection.close().await;
}

/// Tells the fingerprint that is presented, and compares it with a pin.
async fn certificate(settings: &ApplianceSettings, subject: &mut Subject) -> bool {
    if settings.url.scheme() != "https" {
        return true;
    }
    let presented = match fetch_certificate_sha256(&settings.url, settings.connect_timeout).await {
        Ok(presented) => presented,
        Err(error) => {
            subject.push(Finding::bad(
                "reach",
                error.to_string(),
                "check `url`, name resolution, routes and firewalls",
            ));
            return false;
        }
    };
    match &settings.trust {
        Trust::Pin(pin) if hex(pin) != presented => {
            subject.push(Finding::bad(
                "certificate",
                format!("it presents SHA-256 {presented}, which is not the pinned one"),
                "if the appliance got a new certificate, compare this with its own display and \
                 put it into certificate_sha256; otherwise find out who answers there",
            ));
            false
        }
        Trust::Pin(_) => {
            subject.push(Finding::good(
                "certificate",
                format!("it presents the pinned one, SHA-256 {presented}"),
            ));
            true
        }
        _ => {
            subject.push(Finding::good(
                "certificate",
                format!("it presents SHA-256 {presented}"),
            ));
            true
        }
    }
}

async fn credentials(connection: &Connection, subject: &mut Subject) -> bool {
    let report = match connection.probe().await {
        Ok(report) => report,
        Err(failure) => {
            subject.push(failed("credentials", &failure));
            return false;
        }
    };
    if let Some(variant) = report.variant {
        subject.push(Finding::good(
            "variant",
            format!("it speaks what the profile calls {variant:?}"),
        ));
    }
    if report.asked {
        let version = report.version.map_or_else(
            || "it answers".to_owned(),
            |version| format!("it answers, version {version}"),
        );
        subject.push(Finding::good(
            "credentials",
            format!("{version}, in {} ms", report.elapsed.as_millis()),
        ));
    }
    match connection.whoami().await {
        Ok(Some(own)) => {
            subject.push(Finding::good(
                "account",
                format!("the bridge logs in as {own:?}, which it will never touch"),
            ));
            true
        }
        Ok(None) => {
            subject.push(Finding::warning(
                "account",
                "whose credentials these are cannot be told, so that this account is not \
                 protected; keep it out of the identity provider",
            ));
            true
        }
        Err(failure) => {
            subject.push(failed("account", &failure));
            false
        }
    }
}

/// Looks for a name that does not exist, for each kind of object that the appliance gets.
async fn permission(target: &Target, subject: &mut Subject) {
    for (kind, name) in [
        (ResourceKind::User, "users"),
        (ResourceKind::Group, "groups"),
    ] {
        if !target.takes(kind) {
            continue;
        }
        let spoken = target.connection.profile();
        if let Some(object) = spoken.object(kind) {
            let finding = look(target, object, name).await;
            subject.push(finding);
        }
    }
}

async fn look(target: &Target, object: &ObjectProfile, name: &str) -> Finding {
    let request = match object.find_request(ABSENT) {
        Ok(request) => request,
        Err(error) => {
            return Finding::bad(name, error.to_string(), "correct the profile");
        }
    };
    match target.connection.call(&request).await {
        Ok(answer) => match object.observe_many(&answer) {
            Ok(_) => Finding::good(name, "looking them up is allowed"),
            Err(problem) => Finding::bad(
                name,
                format!("the answer cannot be read: {problem}"),
                "check that the profile fits the appliance's release",
            ),
        },
        Err(failure) if failure.class == FailureClass::NotFound => {
            Finding::good(name, "looking them up is allowed")
        }
        Err(failure) => failed(name, &failure),
    }
}

/// What to do follows from the class; where it needs no more words, the message has them.
fn failed(name: &str, failure: &Failure) -> Finding {
    let remedy = match failure.class {
        FailureClass::Unavailable | FailureClass::Uncertain => {
            "check `url`, name resolution, routes, firewalls, and the certificate: set ca_file or \
             certificate_sha256 where it is not signed by a public authority"
        }
        FailureClass::Throttled => "wait, and try again",
        FailureClass::NotFound => "check that `url` is the appliance's API",
        FailureClass::Conflict
        | FailureClass::Invalid
        | FailureClass::Refused
        | FailureClass::Incomplete => "check that the profile fits the appliance's release",
        FailureClass::Denied | FailureClass::Unauthenticated | FailureClass::Protocol => "",
    };
    Finding::bad(name, failure.message.clone(), remedy)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
