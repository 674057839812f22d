//! What a client asks of the system itself: version, health, itself.

use serde_json::{Value, json};

use super::appliance::TrueNas;
use super::auth::Caller;
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

/// `auth.me`: the caller as the password file has it.
pub(super) fn me(nas: &TrueNas, caller: Caller) -> Value {
    nas.state
        .user(caller.user)
        .map_or(Value::Null, |user| user_view::passwd(nas, user))
}

pub(super) fn shells(nas: &TrueNas) -> Value {
    let shells = nas.family.shells().iter();
    shells
        .map(|(path, name)| ((*path).to_owned(), json!(name)))
        .collect()
}
