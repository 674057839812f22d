//! What a vendor can do, as its profile says, in the words of an operator.

use serde::Serialize;

use super::super::listing::Cursor;
use super::super::membership::Membership;
use super::super::object::ObjectProfile;
use super::super::transport::{AuthScheme, LoginCredentials};
use super::Profile;
use crate::scim::ResourceKind;

/// What a profile makes possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// The APIs that the product speaks by turns, by name; empty if it is always the same. What is
    /// possible with accounts and groups is said of the last one, which is assumed at first.
    pub variants: Vec<String>,
    /// How calls are carried, by any of them.
    pub transports: Vec<&'static str>,
    /// How the bridge can authenticate to any of them, the best first.
    pub authentication: Vec<String>,
    /// Whether the bridge can find out which account it uses itself.
    pub whoami: bool,
    /// What is possible with accounts.
    pub users: ObjectCapabilities,
    /// What is possible with groups, if the vendor has them.
    pub groups: Option<ObjectCapabilities>,
}

/// What is possible with one kind of object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectCapabilities {
    /// Whether a key can be changed.
    pub rename: bool,
    /// Whether an object can be switched off and on.
    pub disable: bool,
    /// Whether an object can be deleted.
    pub delete: bool,
    /// Whether all objects can be listed.
    pub list: bool,
    /// How members are written: `list` as a whole, `objects` one by one.
    pub members: Option<&'static str>,
    /// Whether what a person still holds (sessions, tokens) can be ended.
    pub revoke: bool,
    /// The collections of sub-objects that follow the directory.
    pub collections: Vec<String>,
    /// The fields whose values are names that are looked up.
    pub references: Vec<String>,
    /// What can be done about passwords; `None` if the table has no field for one.
    pub passwords: Option<Passwords>,
    /// The field that shows that an object is ours.
    pub marker: Option<String>,
}

/// What can be done about passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Passwords {
    /// The bridge can make one up.
    pub generated: bool,
    /// One can be set after the creation, too.
    pub changeable: bool,
    /// There can be accounts that have none.
    pub optional: bool,
}

impl Profile {
    /// What the profile makes possible.
    pub fn capabilities(&self) -> Capabilities {
        let mut transports = Vec::new();
        let mut authentication = Vec::new();
        for spoken in self.spoken() {
            let kind = spoken.transport.kind.as_str();
            if !transports.contains(&kind) {
                transports.push(kind);
            }
            let logins = spoken.auth.logins.iter().map(|login| match login.with {
                LoginCredentials::Token => "login by token".to_owned(),
                LoginCredentials::Password => "login by password".to_owned(),
            });
            for way in spoken.auth.schemes.iter().map(scheme).chain(logins) {
                if !authentication.contains(&way) {
                    authentication.push(way);
                }
            }
        }
        let variants = self.variants.iter().map(|variant| variant.name.clone());
        Capabilities {
            variants: variants.collect(),
            transports,
            authentication,
            whoami: self.auth.whoami.is_some(),
            users: self.user.capabilities(),
            groups: self
                .object(ResourceKind::Group)
                .map(ObjectProfile::capabilities),
        }
    }

    /// The profile of every variant; itself if there is none.
    fn spoken(&self) -> Vec<&Self> {
        if self.variants.is_empty() {
            return vec![self];
        }
        let variants = self.variants.iter();
        variants.map(|variant| variant.profile.as_ref()).collect()
    }
}

fn scheme(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Basic => "basic".to_owned(),
        AuthScheme::Bearer => "bearer".to_owned(),
        AuthScheme::Session => "session".to_owned(),
        AuthScheme::Header(name) => format!("header {name}"),
    }
}

impl ObjectProfile {
    /// What is possible with these objects.
    fn capabilities(&self) -> ObjectCapabilities {
        let secrets: Vec<_> = self
            .table
            .rows
            .iter()
            .filter_map(super::super::table::Row::secret_field)
            .collect();
        ObjectCapabilities {
            rename: self.can_rename(),
            disable: self.can_disable(),
            delete: self.can_delete(),
            list: matches!(self.list_request(&Cursor::default()), Ok(Some(_))),
            members: self.membership().map(|membership| match membership {
                Membership::List(_) => "list",
                Membership::Objects(_) => "objects",
            }),
            revoke: self.revocation().is_some(),
            collections: self
                .collections()
                .iter()
                .map(|collection| collection.name().to_owned())
                .collect(),
            references: self
                .table
                .rows
                .iter()
                .filter(|row| row.reference.is_some())
                .map(|row| row.name.clone())
                .collect(),
            passwords: (!secrets.is_empty()).then(|| Passwords {
                generated: secrets.iter().any(|secret| secret.generate.is_some()),
                changeable: secrets.iter().any(|secret| secret.changeable),
                optional: self.can_do_without_password(),
            }),
            marker: self
                .table
                .marker
                .as_ref()
                .map(|marker| marker.field.clone()),
        }
    }
}
