//! The paths below `/v1/`: who may call them, and what they do.

use serde_json::{Value, json};

use crate::exchange::Request;

use super::{
    appliance::Nimble,
    authentication::{Caller, authenticate},
    body::Body,
    failure::Failure,
    identifier::{Identifier, Kind, path_identifier},
    jobs,
    listing::{self, Detail, Listing},
    policy::{self, Policy},
    query::Query,
    row::Row,
    success::Success,
    token_routes, user_routes,
};

/// Answers a request to the array.
pub(super) fn answer(nimble: &mut Nimble, request: &Request) -> Result<Success, Failure> {
    nimble.sessions.expire(request.now);
    let segments = request.segments();
    let mut segments = segments.iter().map(String::as_str);
    match segments.next() {
        Some("v1") => {}
        Some(version) if version.starts_with('v') => {
            return Err(Failure::bad_request("SM_version_name", "Unknown version."));
        }
        _ => return Err(Failure::bad_request("SM_malformed_url", "Malformed URL.")),
    }
    let path: Vec<&str> = segments.collect();
    if request.method == "POST" && path == ["tokens"] {
        return token_routes::log_in(nimble, request);
    }
    let caller = authenticate(nimble, request)?;
    match path.split_first() {
        Some((&"users", path)) => {
            let success = user_routes::answer(nimble, request, &caller, path)?;
            Ok(jobs::defer(nimble, request, success))
        }
        Some((&"jobs", path)) => jobs::answer(nimble, request, path),
        Some((&"tokens", path)) => token_routes::answer(nimble, request, &caller, path),
        Some((&"groups", path)) => groups(nimble, request, path),
        Some((&"user_groups", path)) => directory_groups(request, path),
        Some((&"user_policies", path)) if nimble.release.has_policies() => {
            policies(nimble, request, &caller, path)
        }
        _ => Err(Failure::no_such_path()),
    }
}

fn policies(
    nimble: &mut Nimble,
    request: &Request,
    caller: &Caller,
    path: &[&str],
) -> Result<Success, Failure> {
    let id = Policy::id();
    match (request.method.as_str(), path) {
        ("GET", [] | ["detail"]) => {
            let query = Query::read(request, policy::FIELDS)?;
            let listing = Listing {
                fields: policy::FIELDS,
                detail: Detail::Full,
                max_page: nimble.settings.max_page_size,
            };
            let rows = std::iter::once(&nimble.policy);
            Success::ok(listing::list(rows, &query, None, listing)?)
        }
        ("GET" | "PUT", [named]) if path_identifier(named)? != id => Err(Failure::no_such_object()),
        ("GET", [_]) => Success::data(200, listing::object(&&nimble.policy, policy::FIELDS)),
        ("PUT", [_]) => {
            caller.must_be_administrator()?;
            nimble.policy.update(&Body::read(request)?.into_data()?)?;
            Success::data(200, listing::object(&&nimble.policy, policy::FIELDS))
        }
        (_, [] | [_]) => Err(Failure::no_such_method()),
        _ => Err(Failure::no_such_path()),
    }
}

/// The array group, as far as users depend on it.
struct ArrayGroup {
    user_inactivity_timeout: u64,
}

const GROUP_FIELDS: &[&str] = &["id", "name", "user_inactivity_timeout"];

impl Row for ArrayGroup {
    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(Identifier::new(Kind::Group, 1).as_str()),
            "name" => json!("group-nimble"),
            "user_inactivity_timeout" => json!(self.user_inactivity_timeout),
            _ => return None,
        })
    }
}

fn groups(nimble: &Nimble, request: &Request, path: &[&str]) -> Result<Success, Failure> {
    let detail = match (request.method.as_str(), path) {
        ("GET", []) => Detail::Summary,
        ("GET", ["detail"]) => Detail::Full,
        (_, [] | ["detail"]) => return Err(Failure::no_such_method()),
        _ => return Err(Failure::no_such_path()),
    };
    let group = ArrayGroup {
        user_inactivity_timeout: nimble.settings.group_inactivity_timeout,
    };
    let query = Query::read(request, GROUP_FIELDS)?;
    let listing = Listing {
        fields: GROUP_FIELDS,
        detail,
        max_page: nimble.settings.max_page_size,
    };
    Success::ok(listing::list(
        std::iter::once(group),
        &query,
        None,
        listing,
    )?)
}

/// Groups of a directory mapped to roles; this array joined no directory, so there are none.
fn directory_groups(request: &Request, path: &[&str]) -> Result<Success, Failure> {
    match (request.method.as_str(), path) {
        ("GET", [] | ["detail"]) => Success::ok(json!({
            "data": [], "startRow": 0, "endRow": 0, "totalRows": 0,
        })),
        ("GET" | "PUT" | "DELETE", [id]) => {
            path_identifier(id)?;
            Err(Failure::no_such_object())
        }
        ("POST", []) => Err(Failure::invalid("domain_id")),
        (_, [] | [_]) => Err(Failure::no_such_method()),
        _ => Err(Failure::no_such_path()),
    }
}
