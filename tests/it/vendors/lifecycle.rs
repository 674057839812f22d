//! What the vendors' tests have in common.

use appliance_sim::{Call, Vendor};
use serde_json::{Value, json};

use crate::support::{Account, Site, SiteBuilder, read_account, user};

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

/// A site with one appliance, `box`, of the vendor's default release.
pub async fn site(vendor: Vendor, more: &str) -> Site {
    SiteBuilder::default()
        .appliance("box", vendor, more)
        .start()
        .await
}

/// A site with one appliance, `box`, of a release.
pub async fn site_of(vendor: Vendor, release: &str, more: &str) -> Site {
    SiteBuilder::default()
        .appliance("box", vendor, more)
        .release("box", release)
        .start()
        .await
}

/// Makes a module for each release, and in it a test for each aspect of the vendor's lifecycle.
macro_rules! on_each_release {
    ([$($module:ident = $release:literal),+ $(,)?], $aspects:tt) => {
        $(mod $module {
            $crate::vendors::lifecycle::aspects!($release, $aspects);
        })+
    };
}

macro_rules! aspects {
    ($release:literal, [$($aspect:ident),+ $(,)?]) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $aspect() {
                super::$aspect($release).await;
            }
        )+
    };
}

pub(crate) use {aspects, on_each_release};

/// The account, which must exist.
pub async fn account(site: &Site, key: &str) -> Account {
    read_account(site.simulator("box"), key)
        .await
        .unwrap_or_else(|| panic!("there is no account {key:?}"))
}

/// The object that a call writes: its body, or the last of its parameters over a socket.
pub fn written(call: &Call) -> &Value {
    match &call.body {
        Value::Array(params) if call.method == "RPC" => params.last().unwrap_or(&Value::Null),
        body => body,
    }
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

/// Gives the person another name, and expects the same account under another key.
pub async fn renamed(site: &Site, id: &str, user_name: &str, old: &str, new: &str) {
    let before = account(site, old).await;
    site.scim.set(id, "userName", json!(user_name)).await;
    site.settled(&[]).await;
    assert_eq!(account(site, new).await.id, before.id, "not made anew");
    assert!(read_account(site.simulator("box"), old).await.is_none());
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
    deleted(site, id, key).await;
}

/// Deletes.
pub async fn deleted(site: &Site, id: &str, key: &str) {
    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    assert!(
        read_account(site.simulator("box"), key).await.is_none(),
        "deleted"
    );
    assert!(site.links().await.is_empty(), "and forgotten");
    no_collection_was_deleted(site);
}

/// Whatever happened, each deletion named one object.
pub fn no_collection_was_deleted(site: &Site) {
    for call in site.control("box").journal() {
        let last = call.path.trim_end_matches('/').rsplit('/').next();
        let names_an_object = last.is_some_and(|id| id.bytes().any(|byte| byte.is_ascii_digit()));
        assert!(call.method != "DELETE" || names_an_object, "{call:?}");
    }
}

/// What becomes of passwords: a password of the identity provider reaches the account only where
/// that is asked for, otherwise a generated one does.
pub struct Passwords {
    pub vendor: Vendor,
    pub user_name: &'static str,
    pub key: &'static str,
    /// Where a creation's body holds the password.
    pub pointer: &'static str,
    /// Whether the vendor takes another password later.
    pub changeable: bool,
}

impl Passwords {
    pub async fn are_generated(&self, release: &str) {
        const PUSHED: &str = "Sesame-42-open";
        let site = site_of(self.vendor, release, "").await;
        self.create(&site, PUSHED).await;
        let writes = site.writes("box");
        let generated: Vec<&str> = writes
            .iter()
            .filter_map(|call| written(call).pointer(self.pointer)?.as_str())
            .collect();
        let [generated] = generated[..] else {
            panic!("one call carries a password, not {}", generated.len());
        };
        assert!(generated.len() >= 16);
        let operator = site.operator("box");
        assert!(operator.password_opens(self.key, generated).await);
        assert!(!operator.password_opens(self.key, PUSHED).await);
    }

    pub async fn are_synchronised(&self, release: &str) {
        let (first, second) = ("Sesame-42-open", "Barley-43-shut");
        let site = site_of(self.vendor, release, "account_password = \"sync\"").await;
        let id = self.create(&site, first).await;
        let operator = site.operator("box");
        assert!(operator.password_opens(self.key, first).await);

        site.scim.set(&id, "password", json!(second)).await;
        site.settled(&[]).await;
        assert_eq!(
            operator.password_opens(self.key, second).await,
            self.changeable
        );
        assert_eq!(
            operator.password_opens(self.key, first).await,
            !self.changeable
        );
    }

    async fn create(&self, site: &Site, password: &str) -> String {
        let mut person = user(self.user_name);
        person["password"] = json!(password);
        let id = site.scim.create("/Users", person).await;
        site.settled(&[]).await;
        id
    }
}
