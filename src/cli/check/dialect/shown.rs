//! What may be shown of an exchange: no token, no password, nothing about people of the server.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};

use super::exchange::{Answer, Content, Request};
use super::file::TokenUse;
use super::ledger::{Ledger, path_of};

/// Stands for a secret.
const MASK: &str = "***";

/// Stands for a resource of somebody else.
const HIDDEN: &str = "(not shown: this check did not make it)";

/// Answers about the server itself; they hold nobody's data.
const DISCOVERY: [&str; 3] = ["ServiceProviderConfig", "ResourceTypes", "Schemas"];

/// The numbers of a list; a server that writes them as texts shows what is wrong with it.
const COUNTS: [&str; 3] = ["totalResults", "itemsPerPage", "startIndex"];

/// The headers of an answer that tell something about the protocol.
const HEADERS: [&str; 5] = [
    "content-type",
    "location",
    "etag",
    "retry-after",
    "www-authenticate",
];

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Decides what is shown.
pub(super) struct Shown<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) token: &'a SecretString,
}

impl Shown<'_> {
    /// A request, as JSON.
    pub(super) fn request(&self, request: &Request) -> Value {
        let mut headers: Map<String, Value> = request
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(self.text(value))))
            .collect();
        let authorization = match request.token {
            TokenUse::Bearer | TokenUse::Wrong => Some(format!("Bearer {MASK}")),
            TokenUse::Bare => Some(MASK.to_owned()),
            TokenUse::None => None,
        };
        if let Some(authorization) = authorization {
            headers.insert("Authorization".to_owned(), Value::from(authorization));
        }
        json!({
            "method": request.method,
            "path": self.text(&request.path),
            "headers": headers,
            "body": request.body.as_ref().map(|body| self.copy(body)),
        })
    }

    /// An answer, as JSON.
    pub(super) fn answer(&self, request: &Request, answer: &Answer) -> Value {
        let headers: Map<String, Value> = HEADERS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), self.text(answer.header(name)?).into())))
            .collect();
        json!({
            "status": answer.status,
            "milliseconds": u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
            "headers": headers,
            "body": self.body(request, &answer.body),
        })
    }

    /// The body of an answer, less what is nobody's business.
    pub(super) fn body(&self, request: &Request, content: &Content) -> Value {
        match content {
            Content::Empty => Value::Null,
            Content::Other(bytes) => format!("({bytes} bytes that are no JSON)").into(),
            Content::Json(value) if is_discovery(path_of(request)) => self.copy(value),
            Content::Json(value) => self.message(endpoint(path_of(request)), value),
        }
    }

    fn message(&self, endpoint: &str, value: &Value) -> Value {
        let Some(members) = value.as_object() else {
            return shape(value);
        };
        if let Some(resources) = members.get("Resources").and_then(Value::as_array) {
            let mut shown: Map<String, Value> = members
                .iter()
                .map(|(name, value)| (name.clone(), envelope(name, value)))
                .collect();
            let resources = resources
                .iter()
                .map(|resource| self.resource(endpoint, resource));
            shown.insert("Resources".to_owned(), resources.collect());
            return Value::Object(shown);
        }
        let is_error = members
            .get("schemas")
            .and_then(Value::as_array)
            .is_some_and(|schemas| schemas.iter().any(|schema| schema == ERROR));
        if is_error || self.ledger.is_ours(endpoint, value) {
            self.copy(value)
        } else {
            shape(value)
        }
    }

    fn resource(&self, endpoint: &str, resource: &Value) -> Value {
        if self.ledger.is_ours(endpoint, resource) {
            self.copy(resource)
        } else {
            Value::from(HIDDEN)
        }
    }

    /// A copy without secrets, and without references to what others made.
    fn copy(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::from(self.text(text)),
            Value::Array(elements) => elements.iter().map(|element| self.copy(element)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (self.text(name), self.member(name, value)))
                .collect::<Map<_, _>>()
                .into(),
            plain => plain.clone(),
        }
    }

    fn member(&self, name: &str, value: &Value) -> Value {
        match (name.to_lowercase().as_str(), value) {
            ("password", Value::String(_)) => Value::from(MASK),
            ("members", Value::Array(elements)) => self.references("Users", elements),
            ("groups", Value::Array(elements)) => self.references("Groups", elements),
            _ => self.copy(value),
        }
    }

    fn references(&self, endpoint: &str, elements: &[Value]) -> Value {
        let is_known = |element: &Value| {
            let id = element.get("value").and_then(Value::as_str);
            id.is_some_and(|id| self.ledger.knows(endpoint, id))
        };
        let shown = |element: &Value| match is_known(element) {
            true => self.copy(element),
            false => Value::from(HIDDEN),
        };
        elements.iter().map(shown).collect()
    }

    /// A text without the token.
    pub(super) fn text(&self, text: &str) -> String {
        let token = self.token.expose_secret();
        if token.is_empty() {
            return text.to_owned();
        }
        text.replace(token, MASK)
    }
}

/// The first segment of a path.
fn endpoint(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    path.split('/').next().unwrap_or_default()
}

fn is_discovery(path: &str) -> bool {
    DISCOVERY.contains(&endpoint(path))
}

/// Beside the resources, a list has counts and schemas (RFC 7644 §3.4.2); the rest is not ours.
fn envelope(name: &str, value: &Value) -> Value {
    let is_urn = |element: &Value| {
        element
            .as_str()
            .is_some_and(|text| text.starts_with("urn:"))
    };
    let is_of_the_protocol = COUNTS.contains(&name)
        || value
            .as_array()
            .is_some_and(|elements| elements.iter().all(is_urn));
    if is_of_the_protocol {
        value.clone()
    } else {
        shape(value)
    }
}

/// Names and types: enough to see what is wrong with it, too little to learn about anyone.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => "(true or false)".into(),
        Value::Number(_) => "(a number)".into(),
        Value::String(_) => "(a text)".into(),
        Value::Array(elements) => format!("(a list of {})", elements.len()).into(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), shape(value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::{Value, json};

    use super::super::exchange::{Content, Request};
    use super::super::file::{Method, TokenUse};
    use super::super::ledger::Ledger;
    use super::Shown;

    fn request(path: &str, body: Option<Value>) -> Request {
        Request {
            method: Method::Post,
            path: path.to_owned(),
            headers: vec![("X-Echo".to_owned(), "has s3cret-token in it".to_owned())],
            token: TokenUse::Bearer,
            body,
        }
    }

    /// What is shown of a body, to a run that made user 7.
    fn shown(path: &str, body: Value) -> String {
        let token = SecretString::from("s3cret-token");
        let mut ledger = Ledger::new("0c0ffee1");
        let create = request("/Users", Some(json!({"userName": "0c0ffee1"})));
        let asked = ledger.ask(&create).unwrap();
        ledger.adopt(asked, "7");
        let shown = Shown {
            ledger: &ledger,
            token: &token,
        };
        shown
            .body(&request(path, None), &Content::Json(body))
            .to_string()
    }

    #[test]
    fn other_people_are_never_shown() {
        let jane = json!({"id": "99", "userName": "jane.doe@corp.example", "active": true});
        let list = json!({"totalResults": 2, "Resources": [jane, {"id": "7", "title": "mine"}]});
        let text = shown("/Users", list);
        assert!(!text.contains("jane") && text.contains("mine"), "{text}");
        let text = shown("/Users/99", jane.clone());
        assert!(
            !text.contains("jane") && text.contains("userName"),
            "{text}"
        );
        assert!(!shown("/Users", json!([jane])).contains("jane"));
        let namesake = json!({"Resources": [{"id": "7", "description": "jane's group"}]});
        assert!(!shown("/Groups", namesake).contains("jane"));
        let group = json!({"id": "7", "displayName": "0c0ffee1", "members": [{"value": "99", "display": "jane"}, {"value": "7"}]});
        let text = shown("/Groups/7", group);
        assert!(
            !text.contains("jane") && text.contains("\"value\":\"7\""),
            "{text}"
        );
    }

    #[test]
    fn token_and_password_are_masked_wherever_they_stand() {
        let error = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "detail": "no such token: s3cret-token",
        });
        let text = shown("/Users", error);
        assert!(text.contains("no such token: ***"), "{text}");
        let text = shown("/Users/7", json!({"id": "7", "Password": "hunter2"}));
        assert!(!text.contains("hunter2"), "{text}");

        let token = SecretString::from("s3cret-token");
        let ledger = Ledger::new("0c0ffee1");
        let shown = Shown {
            ledger: &ledger,
            token: &token,
        };
        let text = shown
            .request(&request("/Users", Some(json!({"password": "hunter2"}))))
            .to_string();
        assert!(
            !text.contains("s3cret") && !text.contains("hunter2"),
            "{text}"
        );
        assert!(text.contains("Bearer ***"), "{text}");
    }
}
