//! What the delivery promises, seen from the appliances.

mod appliances_come_and_go;
mod collisions;
mod guard;
mod names;
mod passwords;
mod recreate;
mod scopes;

use serde_json::json;

use crate::support::Site;

/// Makes an account on the appliance `nas` that the bridge knows nothing of.
async fn make_by_hand(site: &Site, name: &str) {
    let account = json!({
        "username": name, "full_name": "Made by hand", "group_create": true,
        "password": "by-hand-1", "smb": false,
    });
    site.operator("nas").post("/api/v2.0/user", account).await;
}
