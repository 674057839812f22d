//! What the vendors' tests have in common.

use appliance_sim::{SimulatorOptions, Vendor};
use serde_json::Value;

use crate::support::{Account, Site, SiteBuilder, read_account};

/// A mapped field: how the directory changes it, and what the appliance shows then.
pub struct Field {
    /// SCIM path.
    pub path: &'static str,
    /// What the directory says.
    pub value: Value,
    /// JSON pointer into the vendor's own object.
    pub pointer: &'static str,
    /// What it shows.
    pub shows: Value,
    /// What it shows when the attribute is removed; `None` where it cannot be removed.
    pub cleared: Option<Value>,
}

pub fn field(
    path: &'static str,
    value: impl Into<Value>,
    pointer: &'static str,
    shows: impl Into<Value>,
    cleared: Option<Value>,
) -> Field {
    Field {
        path,
        value: value.into(),
        pointer,
        shows: shows.into(),
        cleared,
    }
}

/// A site with one appliance, `box`.
pub async fn site(vendor: Vendor, more: &str) -> Site {
    SiteBuilder::default()
        .appliance("box", vendor, more)
        .start()
        .await
}

/// A site with one appliance, `box`, of a release.
pub async fn site_of_release(vendor: Vendor, release: &str, more: &str) -> Site {
    let options = SimulatorOptions {
        release: Some(release.to_owned()),
        ..SimulatorOptions::new(vendor)
    };
    SiteBuilder::default()
        .simulated("box", options, more)
        .start()
        .await
}

/// The account, which must exist.
pub async fn account(site: &Site, key: &str) -> Account {
    read_account(site.simulator("box"), key)
        .await
        .unwrap_or_else(|| panic!("there is no account {key:?}"))
}

/// Changes and clears every field, and looks at the appliance after each change.
pub async fn every_field(site: &Site, id: &str, key: &str, fields: &[Field]) {
    for field in fields {
        site.scim.set(id, field.path, field.value.clone()).await;
        site.settled(&[]).await;
        let shown = account(site, key).await.raw;
        assert_eq!(
            shown.pointer(field.pointer),
            Some(&field.shows),
            "{} set: {shown}",
            field.path
        );
        if let Some(cleared) = &field.cleared {
            site.scim.clear(id, field.path).await;
            site.settled(&[]).await;
            let shown = account(site, key).await.raw;
            assert_eq!(
                shown.pointer(field.pointer),
                Some(cleared),
                "{} cleared: {shown}",
                field.path
            );
        }
    }
    assert_eq!(site.link("box", id).await.link.state.as_str(), "in_sync");
}

/// Disables, enables, and deletes.
pub async fn states(site: &Site, id: &str, key: &str) {
    assert!(account(site, key).await.active);
    site.scim.set(id, "active", Value::Bool(false)).await;
    site.settled(&[]).await;
    assert!(!account(site, key).await.active, "disabled");
    site.scim.set(id, "active", Value::Bool(true)).await;
    site.settled(&[]).await;
    assert!(account(site, key).await.active, "enabled");
    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    assert!(
        read_account(site.simulator("box"), key).await.is_none(),
        "deleted"
    );
    assert!(site.links().await.is_empty(), "and forgotten");
}
