//! One call to an appliance, rendered, and its answer, read; no sockets.

use std::fmt;

use serde_json::Value;

/// What a call is for; decides what its failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Reads the product's version.
    Probe,
    /// Logs in.
    Login,
    /// Logs out.
    Logout,
    /// Reads who we are.
    WhoAmI,
    /// Looks an object up by its key.
    Find,
    /// Reads one object by its id.
    Read,
    /// Lists objects.
    List,
    /// Creates an object.
    Create,
    /// Changes fields of an object.
    Update,
    /// Changes the key of an object.
    Rename,
    /// Disables an account.
    Disable,
    /// Enables an account.
    Enable,
    /// Deletes an object.
    Delete,
    /// Lists the members of a group.
    ListMembers,
    /// Adds one member, or writes the list.
    AddMember,
    /// Takes one member out.
    RemoveMember,
    /// Lists the items of an account's collection.
    ListItems,
    /// Adds one item to a collection.
    AddItem,
    /// Takes one item out of a collection.
    RemoveItem,
    /// Lists what a person still holds: sessions, tokens.
    ListHeld,
    /// Ends one of those.
    Revoke,
    /// Looks up what a name refers to.
    LookUp,
}

impl Operation {
    /// The word for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Login => "login",
            Self::Logout => "logout",
            Self::WhoAmI => "whoami",
            Self::Find => "find",
            Self::Read => "read",
            Self::List => "list",
            Self::Create => "create",
            Self::Update => "update",
            Self::Rename => "rename",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Delete => "delete",
            Self::ListMembers => "list_members",
            Self::AddMember => "add_member",
            Self::RemoveMember => "remove_member",
            Self::ListItems => "list_items",
            Self::AddItem => "add_item",
            Self::RemoveItem => "remove_item",
            Self::ListHeld => "list_held",
            Self::Revoke => "revoke",
            Self::LookUp => "look_up",
        }
    }

    /// Whether the call can change something at the appliance, so that a lost answer leaves it
    /// uncertain.
    pub fn writes(self) -> bool {
        !matches!(
            self,
            Self::Probe
                | Self::Login
                | Self::Logout
                | Self::WhoAmI
                | Self::Find
                | Self::Read
                | Self::List
                | Self::ListMembers
                | Self::ListItems
                | Self::ListHeld
                | Self::LookUp
        )
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A request, ready to be sent below the appliance's origin.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedRequest {
    /// What it is for.
    pub operation: Operation,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path from the origin on, percent-encoded, starting with a slash; it holds the base path.
    pub path: String,
    /// Query parameters, not yet encoded.
    pub query: Vec<(String, String)>,
    /// Headers besides authentication and content type.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Option<Value>,
    /// Field names (at any depth of the body) whose values are secret: masked wherever the request
    /// is shown.
    pub secret_fields: Vec<String>,
}

/// An answer, read up to the size limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body if it is JSON, whatever the content type says; `None` if it is empty.
    pub body: Option<Value>,
    /// Whether there was a body that is not JSON.
    pub unreadable: bool,
    /// Size of the body in bytes.
    pub size: usize,
}

impl Answer {
    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}
