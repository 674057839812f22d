//! The fifth vendor: made-up appliances, driven by the profiles of `docs/vendor-profiles.md` and not
//! one line of Rust.

mod badges;
mod guide;
mod heron;
mod larch;
mod server;
mod subscribers;

use scim_bridge::store::{LinkError, LinkState};

use crate::support::{Site, SiteBuilder};

/// Where the profiles of the guide are.
const PROFILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/profiles");

/// A bridge with one appliance, `box`, that speaks by a profile of the guide.
async fn site(vendor: &str, url: &str, token: &str, more: &str) -> Site {
    SiteBuilder::default()
        .top(&format!("profiles_dir = {PROFILES:?}"))
        .settings(&format!(
            "[[appliance]]\nname = \"box\"\nvendor = {vendor:?}\nurl = {url:?}\ntoken = {token:?}\n{more}"
        ))
        .start()
        .await
}

async fn state(site: &Site, id: &str) -> LinkState {
    site.link("box", id).await.link.state
}

/// What keeps a resource from its appliance, once something does.
async fn failure(site: &Site, id: &str) -> LinkError {
    site.failure("box", id).await
}
