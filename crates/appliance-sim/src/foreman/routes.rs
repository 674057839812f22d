//! From method and path to what is done.

use serde_json::{Value, json};

use super::permissions::Caller;
use super::reply::{Answer, Refusal};
use super::state::{TaxonomyKind, User};
use super::{
    appliance::Foreman, auth, content, hosts, lookups, ssh_keys, tokens, user_search, usergroups,
    users,
};
use crate::exchange::Request;

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Apidoc,
    Ping,
    Status,
    CurrentUser,
    Users,
    User(String),
    SshKeys(String),
    SshKey(String, String),
    Tokens(String),
    Token(String, String),
    Usergroups,
    Usergroup(String),
    UsergroupUsers(String),
    Hosts,
    Host(String),
    Roles,
    Role(String),
    RoleUsers(String),
    Taxonomies(TaxonomyKind),
    Taxonomy(TaxonomyKind, String),
    TaxonomyUsers(TaxonomyKind, String),
    /// All authentication sources, or those of one type.
    AuthSources(Option<&'static str>),
}

/// The answer, and the session of the caller once there is one.
pub(super) fn answer(
    foreman: &mut Foreman,
    request: &Request,
) -> (Result<Answer, Refusal>, Option<String>) {
    let Some(target) = target(foreman, request) else {
        return (Err(Refusal::no_route()), None);
    };
    match target {
        Target::Apidoc => return (Ok(Answer::ok(foreman.apidoc.document.clone())), None),
        Target::Ping => return (Ok(Answer::list(ping())), None),
        _ => {}
    }
    // A body is read before anybody asks who sent it.
    let body = match content::body(request) {
        Ok(body) => body,
        Err(refusal @ (Refusal::Framework(..) | Refusal::NoContentType)) => {
            return (Err(refusal), None);
        }
        Err(refusal) => {
            return match auth::authenticate(foreman, request) {
                Ok((_, session)) => (Err(refusal), Some(session)),
                Err(unauthenticated) => (Err(unauthenticated), None),
            };
        }
    };
    match auth::authenticate(foreman, request) {
        Err(refusal) => (Err(refusal), None),
        Ok((id, session)) => {
            let caller = Caller::of(foreman, id);
            (
                carry_out(foreman, caller, &target, request, &body),
                Some(session),
            )
        }
    }
}

/// What the path names, if the method goes with it.
fn target(foreman: &Foreman, request: &Request) -> Option<Target> {
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let path = match segments.as_slice() {
        ["apidoc", "v2.json"] if request.method == "GET" => return Some(Target::Apidoc),
        ["api", "v2", rest @ ..] | ["api", rest @ ..] => rest,
        _ => return None,
    };
    let target = named(path)?;
    let allowed: &[&str] = match &target {
        Target::CurrentUser if !foreman.release.has_current_user() => &[],
        Target::Users
        | Target::Usergroups
        | Target::Hosts
        | Target::SshKeys(_)
        | Target::Tokens(_) => &["GET", "POST"],
        Target::User(_) | Target::Usergroup(_) => &["GET", "PUT", "PATCH", "DELETE"],
        Target::SshKey(..) | Target::Token(..) | Target::Host(_) => &["GET", "DELETE"],
        _ => &["GET"],
    };
    allowed.contains(&request.method.as_str()).then_some(target)
}

fn named(path: &[&str]) -> Option<Target> {
    let text = |text: &&str| (*text).to_owned();
    Some(match path {
        ["ping"] => Target::Ping,
        ["status"] => Target::Status,
        ["current_user"] => Target::CurrentUser,
        ["users"] => Target::Users,
        ["users", id] => Target::User(text(id)),
        ["users", id, "ssh_keys"] => Target::SshKeys(text(id)),
        ["users", id, "ssh_keys", key] => Target::SshKey(text(id), text(key)),
        ["users", id, "personal_access_tokens"] => Target::Tokens(text(id)),
        ["users", id, "personal_access_tokens", token] => Target::Token(text(id), text(token)),
        ["usergroups"] => Target::Usergroups,
        ["usergroups", id] => Target::Usergroup(text(id)),
        ["usergroups", id, "users"] => Target::UsergroupUsers(text(id)),
        ["hosts"] => Target::Hosts,
        ["hosts", id] => Target::Host(text(id)),
        ["roles"] => Target::Roles,
        ["roles", id] => Target::Role(text(id)),
        ["roles", id, "users"] => Target::RoleUsers(text(id)),
        ["auth_sources"] => Target::AuthSources(None),
        ["auth_source_internals"] => Target::AuthSources(Some("AuthSourceInternal")),
        ["auth_source_externals"] => Target::AuthSources(Some("AuthSourceExternal")),
        ["auth_source_ldaps"] => Target::AuthSources(Some("AuthSourceLdap")),
        [kind, rest @ ..] => {
            let kind = match *kind {
                "organizations" => TaxonomyKind::Organization,
                "locations" => TaxonomyKind::Location,
                _ => return None,
            };
            match rest {
                [] => Target::Taxonomies(kind),
                [id] => Target::Taxonomy(kind, text(id)),
                [id, "users"] => Target::TaxonomyUsers(kind, text(id)),
                _ => return None,
            }
        }
        [] => return None,
    })
}

fn carry_out(
    foreman: &mut Foreman,
    caller: Caller,
    target: &Target,
    request: &Request,
    body: &Value,
) -> Result<Answer, Refusal> {
    let now = request.now;
    match target {
        Target::Status => Ok(Answer::ok(status(foreman))),
        Target::CurrentUser => users::show(foreman, caller, &caller.id.to_string()),
        Target::Users if request.method == "POST" => users::create(foreman, caller, body, now),
        Target::Users => user_search::list(foreman, caller, request, None),
        Target::User(id) => match request.method.as_str() {
            "GET" => users::show(foreman, caller, id),
            "DELETE" => users::delete(foreman, caller, id),
            _ => users::update(foreman, caller, id, body, now),
        },
        Target::SshKeys(user) if request.method == "POST" => {
            ssh_keys::create(foreman, caller, user, body, now)
        }
        Target::SshKeys(user) => lookups::prepared(ssh_keys::list(foreman, caller, user)?, request),
        Target::SshKey(user, key) if request.method == "DELETE" => {
            ssh_keys::delete(foreman, caller, user, key)
        }
        Target::SshKey(user, key) => ssh_keys::show(foreman, caller, user, key),
        Target::Tokens(user) if request.method == "POST" => {
            tokens::create(foreman, caller, user, body, now)
        }
        Target::Tokens(user) => {
            lookups::prepared(tokens::list(foreman, caller, user, now)?, request)
        }
        Target::Token(user, token) if request.method == "DELETE" => {
            tokens::revoke(foreman, caller, user, token, now)
        }
        Target::Token(user, token) => tokens::show(foreman, caller, user, token, now),
        Target::Usergroups if request.method == "POST" => {
            usergroups::create(foreman, caller, body, now)
        }
        Target::Usergroup(id) => match request.method.as_str() {
            "GET" => usergroups::show(foreman, caller, id),
            "DELETE" => usergroups::delete(foreman, caller, id),
            _ => usergroups::update(foreman, caller, id, body, now),
        },
        Target::Hosts if request.method == "POST" => hosts::create(foreman, caller, body),
        Target::Hosts => lookups::prepared(hosts::list(foreman, caller)?, request),
        Target::Host(id) if request.method == "DELETE" => hosts::delete(foreman, caller, id),
        Target::Host(id) => hosts::show(foreman, caller, id),
        other => look_up(foreman, caller, other, request),
    }
}

fn look_up(
    foreman: &Foreman,
    caller: Caller,
    target: &Target,
    request: &Request,
) -> Result<Answer, Refusal> {
    match target {
        Target::Usergroups => {
            caller.require("view_usergroups")?;
            lookups::usergroups(foreman, request)
        }
        Target::UsergroupUsers(id) => {
            let members = usergroups::find(foreman, id)?.user_ids.clone();
            user_search::list(
                foreman,
                caller,
                request,
                Some(&|user| members.contains(&user.id)),
            )
        }
        Target::Roles => {
            caller.require("view_roles")?;
            lookups::roles(foreman, request)
        }
        Target::Role(id) => {
            caller.require("view_roles")?;
            lookups::role(foreman, id)
        }
        Target::RoleUsers(id) => {
            let role = id.parse().unwrap_or_default();
            user_search::list(
                foreman,
                caller,
                request,
                Some(&|user| user.role_ids.contains(&role)),
            )
        }
        Target::AuthSources(kind) => {
            caller.require("view_authenticators")?;
            lookups::auth_sources(foreman, *kind, request)
        }
        Target::Taxonomies(kind) => lookups::taxonomies(foreman, *kind, request),
        Target::Taxonomy(kind, id) => lookups::taxonomy(foreman, *kind, id),
        Target::TaxonomyUsers(kind, id) => {
            let taxonomy = id.parse().unwrap_or_default();
            let belongs = |user: &User| match kind {
                TaxonomyKind::Organization => user.organization_ids.contains(&taxonomy),
                TaxonomyKind::Location => user.location_ids.contains(&taxonomy),
            };
            user_search::list(foreman, caller, request, Some(&belongs))
        }
        _ => Err(Refusal::no_route()),
    }
}

fn status(foreman: &Foreman) -> Value {
    json!({
        "result": "ok",
        "status": 200,
        "version": foreman.release.version(),
        "api_version": 2,
    })
}

fn ping() -> Value {
    json!({
        "results": {
            "foreman": {
                "database": {"active": true, "duration_ms": "0"},
                "cache": {"servers": [{"status": "ok", "duration_ms": "0"}]},
            },
        },
    })
}
