//! What a client asks of the system itself: version, health, itself.

use serde_json::{Value, json};

use super::appliance::TrueNas;
use super::auth::Caller;
use super::release::Family;
use super::user_view;

pub(super) fn version(nas: &TrueNas) -> Value {
    json!(nas.family.version())
}

pub(super) fn info(nas: &TrueNas) -> Value {
    json!({
        "version": nas.family.version(),
        "hostname": "truenas",
        "physmem": 17_179_869_184_u64,
        "model": "Simulated",
        "cores": 4,
        "physical_cores": 2,
        "loadavg": [0.1, 0.1, 0.1],
        "uptime": "1 day, 0:00:00",
        "uptime_seconds": 86_400,
        "system_serial": "0",
        "system_product": "Simulated",
        "license": null,
        "timezone": "UTC",
        "ecc_memory": false,
    })
}

/// The same until the next boot.
pub(super) fn boot_id() -> Value {
    json!("8f7a1c52-6d0e-4b93-9c1f-2e5b7a904d13")
}

/// `auth.me`: the caller as the password file has it, and what it may do.
pub(super) fn me(nas: &TrueNas, caller: Caller) -> Value {
    let Some(user) = nas.state.user(caller.user) else {
        return Value::Null;
    };
    let mut me = user_view::passwd(nas, user);
    if let Value::Object(fields) = &mut me {
        fields.insert("attributes".to_owned(), json!({}));
        fields.insert(
            "two_factor_config".to_owned(),
            json!({
                "provisioning_uri": null,
                "secret_configured": false,
                "interval": 30,
                "otp_digits": 6,
            }),
        );
        let roles: &[&str] = match caller.may_write {
            true => &["FULL_ADMIN", "ACCOUNT_READ", "ACCOUNT_WRITE"],
            false => &["READONLY_ADMIN", "ACCOUNT_READ"],
        };
        // Sets are encoded as such from 25.04 on.
        let roles = match nas.family >= Family::Scale2504 {
            true => json!({"$set": roles}),
            false => json!(roles),
        };
        fields.insert(
            "privilege".to_owned(),
            json!({"roles": roles, "web_shell": caller.may_write, "webui_access": true}),
        );
    }
    me
}

pub(super) fn shells(nas: &TrueNas) -> Value {
    let shells = nas.family.shells().iter();
    shells
        .map(|(path, name)| ((*path).to_owned(), json!(name)))
        .collect()
}
