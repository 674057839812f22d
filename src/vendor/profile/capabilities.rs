//! What a vendor can do, as its profile says, in the words of an operator.

use serde::Serialize;

use super::super::listing::Cursor;
use super::super::membership::Membership;
use super::super::object::ObjectProfile;
use super::super::transport::{AuthScheme, TransportKind};
use super::Profile;
use crate::scim::ResourceKind;

/// What a profile makes possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// How calls are carried.
    pub transports: Vec<&'static str>,
    /// How the bridge can authenticate, the best first.
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
}

impl Profile {
    /// What the profile makes possible.
    pub fn capabilities(&self) -> Capabilities {
        Capabilities {
            transports: vec![match self.transport.kind {
                TransportKind::Rest => "rest",
                TransportKind::JsonRpcWebsocket => "jsonrpc-websocket",
                TransportKind::JsonRpcHttp => "jsonrpc-http",
            }],
            authentication: self.auth.schemes.iter().map(scheme).collect(),
            whoami: self.auth.whoami.is_some(),
            users: self.user.capabilities(),
            groups: self
                .object(ResourceKind::Group)
                .map(ObjectProfile::capabilities),
        }
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
            passwords: (!secrets.is_empty()).then(|| Passwords {
                generated: secrets.iter().any(|secret| secret.generate.is_some()),
                changeable: secrets.iter().any(|secret| secret.changeable),
            }),
            marker: self
                .table
                .marker
                .as_ref()
                .map(|marker| marker.field.clone()),
        }
    }
}
