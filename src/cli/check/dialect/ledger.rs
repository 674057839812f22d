//! What this run made, and so what it may change.

use serde_json::Value;

use super::exchange::Request;
use super::file::Method;
use super::text::segment;

/// Where a resource lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Users,
    Groups,
}

impl Endpoint {
    /// Its path without the slash.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Groups => "Groups",
        }
    }

    /// The attribute that names its resources.
    pub(super) fn name_attribute(self) -> &'static str {
        match self {
            Self::Users => "userName",
            Self::Groups => "displayName",
        }
    }
}

/// A resource that this run made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) endpoint: Endpoint,
    pub(super) id: String,
    pub(super) name: String,
    /// Whether the server was seen to have it no more.
    pub(super) gone: bool,
}

/// A resource that this run asked for and whose id it never learnt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) endpoint: Endpoint,
    pub(super) name: String,
    /// Whether the server said that it made none.
    pub(super) refused: bool,
}

/// The books of a run. Nothing is written to what is not in them: a server that ignores a filter
/// hands out somebody else's id, and that person must not be changed by a check.
#[derive(Debug)]
pub(super) struct Ledger {
    run: String,
    pub(super) made: Vec<Made>,
    pub(super) asked: Vec<Asked>,
}

impl Ledger {
    /// Empty books; `run` is the word in the name of everything that the run makes.
    pub(super) fn new(run: &str) -> Self {
        Self {
            run: run.to_lowercase(),
            made: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Whether a request keeps its hands off what others made.
    ///
    /// # Errors
    /// A sentence that says why it is not sent.
    pub(super) fn permit(&self, request: &Request) -> Result<(), String> {
        let path = path_of(request);
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (request.method, segments.as_slice()) {
            (Method::Get, _) | (Method::Post, [.., ".search"]) => Ok(()),
            (Method::Post, [_]) => match creates(request) {
                Some((_, name)) if self.is_marked(&name) => Ok(()),
                _ => Err(format!(
                    "the dialect would make something at {path} whose name lacks the word of the \
                     run, so that it could not be told from what others made"
                )),
            },
            (Method::Put | Method::Patch | Method::Delete, [endpoint, id])
                if self.owns(endpoint, id) || self.is_marked(id) =>
            {
                Ok(())
            }
            _ => Err(format!(
                "{} {path} would write to what this check did not make: the server handed out that \
                 id, or the dialect is wrong",
                request.method.as_str()
            )),
        }
    }

    /// Notes a creation before it is sent, so that it is looked for if no answer comes.
    pub(super) fn ask(&mut self, request: &Request) -> Option<usize> {
        let (endpoint, name) = creates(request)?;
        self.asked.push(Asked {
            endpoint,
            name,
            refused: false,
        });
        Some(self.asked.len() - 1)
    }

    /// The server said that it made nothing.
    pub(super) fn refuse(&mut self, asked: usize) {
        if let Some(asked) = self.asked.get_mut(asked) {
            asked.refused = true;
        }
    }

    /// The server made it, under this id.
    pub(super) fn adopt(&mut self, asked: usize, id: &str) {
        if asked >= self.asked.len() || is_dangerous(id) {
            return;
        }
        let Asked { endpoint, name, .. } = self.asked.remove(asked);
        self.made.push(Made {
            endpoint,
            id: id.to_owned(),
            name,
            gone: false,
        });
    }

    /// Whether a resource of an endpoint is of this run: one of its ids, or its word in a name.
    pub(super) fn is_ours(&self, endpoint: &str, resource: &Value) -> bool {
        self.is_marked_resource(resource)
            || resource
                .get("id")
                .and_then(Value::as_str)
                .is_some_and(|id| self.knows(endpoint, id))
    }

    /// Whether a resource carries the word of the run in its name.
    pub(super) fn is_marked_resource(&self, resource: &Value) -> bool {
        ["userName", "displayName"].iter().any(|attribute| {
            resource
                .get(attribute)
                .and_then(Value::as_str)
                .is_some_and(|name| self.is_marked(name))
        })
    }

    /// Whether this run made something with this id; a user and a group may have the same.
    pub(super) fn knows(&self, endpoint: &str, id: &str) -> bool {
        self.made
            .iter()
            .any(|made| made.endpoint.as_str() == endpoint && made.id == id)
    }

    fn is_marked(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.run)
    }

    /// The same for an id as it stands in a path.
    fn owns(&self, endpoint: &str, id: &str) -> bool {
        self.made
            .iter()
            .any(|made| made.endpoint.as_str() == endpoint && segment(&made.id) == id)
    }
}

/// What a request would make: where, and under which name.
fn creates(request: &Request) -> Option<(Endpoint, String)> {
    if request.method != Method::Post {
        return None;
    }
    let endpoint = match path_of(request).trim_matches('/') {
        "Users" => Endpoint::Users,
        "Groups" => Endpoint::Groups,
        _ => return None,
    };
    let name = request.body.as_ref()?.get(endpoint.name_attribute())?;
    Some((endpoint, name.as_str()?.to_owned()))
}

/// The path without its query.
pub(super) fn path_of(request: &Request) -> &str {
    request.path.split('?').next().unwrap_or_default()
}

/// Ids that a URL would read as directions.
fn is_dangerous(id: &str) -> bool {
    matches!(id, "" | "." | "..")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::exchange::Request;
    use super::super::file::{Method, TokenUse};
    use super::Ledger;

    fn request(method: Method, path: &str, body: Option<Value>) -> Request {
        Request {
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            token: TokenUse::Bearer,
            body,
        }
    }

    #[test]
    fn only_what_the_run_made_is_written_to() {
        let mut ledger = Ledger::new("0c0ffee1");
        let create = request(
            Method::Post,
            "/Users?",
            Some(json!({"userName": "A.0C0FFEE1@x"})),
        );
        ledger.permit(&create).unwrap();
        let asked = ledger.ask(&create).unwrap();
        ledger.adopt(asked, "7/8");

        let permits = |method, path: &str| ledger.permit(&request(method, path, None)).is_ok();
        assert!(permits(Method::Delete, "/Users/7%2F8"));
        assert!(permits(Method::Get, "/Users/99"));
        assert!(permits(Method::Put, "/Users/00000000-0c0ffee1"));
        assert!(!permits(Method::Patch, "/Users/99"));
        assert!(!permits(Method::Delete, "/Groups/7%2F8"));
        assert!(!permits(Method::Delete, "/Users"));
        assert!(!permits(Method::Delete, "/Users/"));
    }

    #[test]
    fn nothing_is_made_that_could_not_be_found_again() {
        let ledger = Ledger::new("0c0ffee1");
        for body in [json!({"userName": "jane"}), json!({}), json!([])] {
            let request = request(Method::Post, "/Users", Some(body));
            assert!(ledger.permit(&request).is_err());
        }
    }

    #[test]
    fn an_id_that_leads_elsewhere_is_not_taken() {
        let mut ledger = Ledger::new("0c0ffee1");
        let create = request(
            Method::Post,
            "/Users",
            Some(json!({"userName": "0c0ffee1"})),
        );
        let asked = ledger.ask(&create).unwrap();
        ledger.adopt(asked, "..");
        assert!(ledger.made.is_empty());
        assert_eq!(ledger.asked.len(), 1);
    }
}
