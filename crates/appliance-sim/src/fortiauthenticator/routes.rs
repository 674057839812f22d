//! The paths below `/api/v1/`, in the order in which Django and tastypie decide: does the page
//! exist, does its path end in a slash, does it take the method, who asks, and may they.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::exchange::{Request, Response};

use super::{
    appliance::FortiAuthenticator, dialect::Dialect, group_routes, membership_routes,
    radius_routes, reply, settings::Permission, system, user_routes,
};

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Directory,
    Schema(&'static str),
    Users,
    User(u64),
    UserAction(u64, &'static str),
    RadiusAttributes(u64),
    RadiusAttribute(u64, u64),
    Groups,
    Group(u64),
    Memberships,
    Membership(u64),
    Tokens,
    System(&'static str),
    /// An object whose id is no number.
    Misnamed,
    /// The bulk import, which answers nobody.
    Import,
}

/// Answers a request to the appliance.
pub(super) fn answer(
    appliance: &mut FortiAuthenticator,
    request: &Request,
) -> Result<Response, Response> {
    let page = page(request).ok_or_else(reply::unknown_page)?;
    if appliance.dialect.needs_slash() && !request.path.ends_with('/') {
        let query = match request.query.as_str() {
            "" => String::new(),
            query => format!("?{query}"),
        };
        let place = format!("{}/{query}", request.path);
        return Err(reply::empty(301).with_header("location", place));
    }
    let allowed = methods(page, appliance.dialect);
    if request.method == "OPTIONS" {
        return Ok(reply::options(allowed));
    }
    if !allowed.contains(&request.method.as_str()) {
        return Err(reply::method_not_allowed(allowed));
    }
    if page == Page::Directory {
        return Ok(system::directory(appliance));
    }
    authenticate(appliance, request)?;
    dispatch(appliance, request, page)
}

fn dispatch(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    page: Page,
) -> Result<Response, Response> {
    match page {
        Page::Users => user_routes::collection(appliance, request),
        Page::User(id) => user_routes::object(appliance, request, id),
        Page::UserAction(id, action) => user_routes::action(appliance, request, id, action),
        Page::RadiusAttributes(owner) => radius_routes::collection(appliance, request, owner),
        Page::RadiusAttribute(owner, id) => radius_routes::object(appliance, request, owner, id),
        Page::Groups => group_routes::collection(appliance, request),
        Page::Group(id) => group_routes::object(appliance, request, id),
        Page::Memberships => membership_routes::collection(appliance, request),
        Page::Membership(id) => membership_routes::object(appliance, request, id),
        Page::Tokens => system::tokens(appliance, request),
        Page::System(name) => system::page(appliance, request, name),
        Page::Schema(name) => system::schema(appliance, name),
        Page::Directory => Ok(system::directory(appliance)),
        Page::Misnamed => Err(reply::generic(404)),
        Page::Import => Err(reply::empty(403)),
    }
}

fn page(request: &Request) -> Option<Page> {
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let path = segments.strip_prefix(&["api", "v1"])?;
    Some(match path {
        [] => Page::Directory,
        ["csv", "localusers"] => Page::Import,
        [resource, "schema"] => Page::Schema(known(resource)?),
        ["localusers"] => Page::Users,
        ["localusers", id] => id.parse().map_or(Page::Misnamed, Page::User),
        ["localusers", id, "radiusattributes"] => {
            id.parse().map_or(Page::Misnamed, Page::RadiusAttributes)
        }
        ["localusers", owner, "radiusattributes", id] => match (owner.parse(), id.parse()) {
            (Ok(owner), Ok(id)) => Page::RadiusAttribute(owner, id),
            _ => Page::Misnamed,
        },
        ["localusers", id, action] => {
            let action = user_routes::ACTIONS.into_iter().find(|own| own == action)?;
            let id = id.parse();
            id.map_or(Page::Misnamed, |id| Page::UserAction(id, action))
        }
        ["usergroups"] => Page::Groups,
        ["usergroups", id] => id.parse().map_or(Page::Misnamed, Page::Group),
        ["localgroup-memberships"] => Page::Memberships,
        ["localgroup-memberships", id] => id.parse().map_or(Page::Misnamed, Page::Membership),
        ["fortitokens"] => Page::Tokens,
        [resource] => Page::System(known(resource)?),
        _ => return None,
    })
}

fn known(resource: &str) -> Option<&'static str> {
    system::RESOURCES.into_iter().find(|own| *own == resource)
}

fn methods(page: Page, dialect: Dialect) -> &'static [&'static str] {
    match page {
        // Release 8 offers to delete all users at once.
        Page::Users if dialect == Dialect::V8 => &["GET", "POST", "DELETE"],
        Page::Users | Page::Groups | Page::Memberships => &["GET", "POST"],
        Page::User(_) | Page::RadiusAttribute(..) | Page::Misnamed => &["GET", "PATCH", "DELETE"],
        Page::UserAction(..) | Page::Import => &["POST"],
        Page::RadiusAttributes(_) => &["GET", "POST", "PUT", "DELETE"],
        Page::Group(_) => &["GET", "PUT", "PATCH", "DELETE"],
        Page::Membership(_) => &["GET", "DELETE"],
        Page::Directory | Page::Schema(_) | Page::Tokens | Page::System(_) => &["GET"],
    }
}

/// Basic authentication with the API key in the password's place; then the profile's rights.
fn authenticate(appliance: &FortiAuthenticator, request: &Request) -> Result<(), Response> {
    let given = request.header("authorization").and_then(|header| {
        let (scheme, encoded) = header.split_once(' ')?;
        let decoded = STANDARD.decode(encoded.trim()).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (username, key) = decoded.split_once(':')?;
        let basic = scheme.eq_ignore_ascii_case("basic");
        basic.then(|| (username.to_owned(), key.to_owned()))
    });
    let matches = given
        .is_some_and(|(username, key)| username == appliance.username && key == appliance.api_key);
    if !matches {
        return Err(reply::unauthorized());
    }
    match appliance.settings.permission {
        Permission::Full => Ok(()),
        Permission::ReadOnly if request.method == "GET" => Ok(()),
        Permission::ReadOnly | Permission::Nothing => Err(reply::empty(403)),
    }
}
