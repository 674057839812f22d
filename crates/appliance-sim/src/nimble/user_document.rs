//! What a create or an update of a user says, checked field by field against the reference's
//! types: `NsCliUserName`, `NsPassword`, `NsFullName` and so on.

use serde_json::{Map, Value};

use super::{failure::Failure, release::Release, user::Role};

/// The checked fields of a create or an update; absent ones are left alone.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct UserDocument {
    pub(super) name: Option<String>,
    pub(super) password: Option<String>,
    /// The caller's own password, which authorises a password change.
    pub(super) auth_password: Option<String>,
    pub(super) description: Option<String>,
    pub(super) role: Option<Role>,
    pub(super) inactivity_timeout: Option<u64>,
    pub(super) full_name: Option<String>,
    pub(super) email_addr: Option<String>,
    pub(super) disabled: Option<bool>,
}

const NAME_LENGTH: usize = 32;
const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=255;
const DESCRIPTION_LENGTH: usize = 255;
const FULL_NAME_LENGTH: usize = 64;
const EMAIL_LENGTH: usize = 255;

/// Local users of the system itself; their names cannot be had.
const RESERVED: [&str; 3] = ["root", "admin", "nsupport"];

impl UserDocument {
    /// The document of a create: name and password must be there.
    pub(super) fn for_create(data: &Map<String, Value>) -> Result<Self, Failure> {
        let document = Self::parse(data, false)?;
        if document.name.is_none() {
            return Err(Failure::missing("name"));
        }
        if document.password.is_none() {
            return Err(Failure::missing("password"));
        }
        Ok(document)
    }

    /// The document of an update: whatever is there is changed, the rest stays.
    pub(super) fn for_update(data: &Map<String, Value>, release: Release) -> Result<Self, Failure> {
        Self::parse(data, release.has_auth_password())
    }

    fn parse(data: &Map<String, Value>, takes_auth_password: bool) -> Result<Self, Failure> {
        let mut document = Self::default();
        for (key, value) in data {
            match key.as_str() {
                "name" => document.name = Some(name(value)?),
                "password" => document.password = Some(checked(key, value, is_password)?),
                "auth_password" if takes_auth_password => {
                    document.auth_password = Some(checked(key, value, |_| true)?);
                }
                "description" => document.description = Some(checked(key, value, is_description)?),
                "role" => document.role = Some(role(value)?),
                "inactivity_timeout" => {
                    let seconds = value.as_u64().ok_or_else(|| Failure::invalid(key))?;
                    document.inactivity_timeout = Some(seconds);
                }
                "full_name" => document.full_name = Some(checked(key, value, is_full_name)?),
                "email_addr" => document.email_addr = Some(checked(key, value, is_email)?),
                "disabled" => {
                    let disabled = value.as_bool().ok_or_else(|| Failure::invalid(key))?;
                    document.disabled = Some(disabled);
                }
                _ => return Err(Failure::unexpected(key)),
            }
        }
        Ok(document)
    }

    /// Whether somebody who is no administrator may change this of their own account: the
    /// password and personal details, not what they may do.
    pub(super) fn is_personal(&self) -> bool {
        self.name.is_none() && self.role.is_none() && self.disabled.is_none()
    }
}

fn name(value: &Value) -> Result<String, Failure> {
    let name = checked("name", value, is_name)?;
    if RESERVED.contains(&name.as_str()) {
        return Err(Failure::bad_request(
            "SM_reserved_username",
            format!("The user name {name} is reserved."),
        ));
    }
    Ok(name)
}

fn role(value: &Value) -> Result<Role, Failure> {
    value
        .as_str()
        .and_then(Role::parse)
        .ok_or_else(|| Failure::invalid("role"))
}

fn checked(key: &str, value: &Value, valid: fn(&str) -> bool) -> Result<String, Failure> {
    match value.as_str() {
        Some(text) if valid(text) => Ok(text.to_owned()),
        _ => Err(Failure::invalid(key)),
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= NAME_LENGTH
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_password(text: &str) -> bool {
    PASSWORD_LENGTH.contains(&text.len())
        && is_printable(text)
        && !text.contains(['&', ';', '[', ']', '`'])
}

fn is_description(text: &str) -> bool {
    text.len() <= DESCRIPTION_LENGTH && is_printable(text)
}

fn is_full_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b" '-".contains(&byte);
    text.is_empty()
        || (text.len() <= FULL_NAME_LENGTH
            && text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(allowed))
}

fn is_email(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    text.len() <= EMAIL_LENGTH
        && visible
        && !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && domain.split('.').all(|label| !label.is_empty())
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
