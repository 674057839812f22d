//! A SCIM client that sends what the test says.

use reqwest::{Client, Method};
use serde_json::{Value, json};

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A client with a token.
#[derive(Clone)]
pub struct Scim {
    client: Client,
    base_url: String,
    token: Option<String>,
}

impl Reply {
    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
    pub text: String,
}

/// A PATCH body with these operations.
fn patch_body(operations: Value) -> Value {
    json!({"schemas": [PATCH], "Operations": operations})
}

impl Scim {
    pub fn new(base_url: String, token: Option<String>) -> Self {
        scim_bridge::cli::assemble::install_tls_provider();
        let client = Client::builder().no_proxy().build().unwrap();
        Self {
            client,
            base_url,
            token,
        }
    }

    /// Sends a request with a body as it stands.
    pub async fn send_raw(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Vec<u8>,
    ) -> Reply {
        self.send_with(method, path, content_type, &[], body).await
    }

    /// Sends a request with headers of the test's own.
    pub async fn send_with(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Reply {
        let url = format!("{}{path}", self.base_url);
        let mut request = self.client.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply {
            status,
            headers,
            body,
            text,
        }
    }

    /// Sends a request; `None` if the server is gone.
    pub async fn try_send(&self, method: Method, path: &str, body: &Value) -> Option<u16> {
        let url = format!("{}{path}", self.base_url);
        let mut request = self.client.request(method, url).json(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Some(request.send().await.ok()?.status().as_u16())
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let bytes = body
            .map(|body| body.to_string().into_bytes())
            .unwrap_or_default();
        let content_type = body.map(|_| "application/scim+json");
        self.send_raw(method, path, content_type, bytes).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    /// Creates a resource and returns its id.
    pub async fn create(&self, endpoint: &str, body: Value) -> String {
        let reply = self.send(Method::POST, endpoint, Some(&body)).await;
        assert_eq!(reply.status, 201, "POST {endpoint}: {}", reply.text);
        reply.body["id"].as_str().unwrap().to_owned()
    }

    /// Creates a user with a name and returns its id.
    pub async fn create_user(&self, user_name: &str) -> String {
        self.create("/Users", user(user_name)).await
    }

    /// Creates a group with members and returns its id.
    pub async fn create_group(&self, display_name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        let body = json!({"schemas": [GROUP], "displayName": display_name, "members": members});
        self.create("/Groups", body).await
    }

    /// Sends a PATCH that must succeed.
    pub async fn patch(&self, path: &str, operations: Value) -> Value {
        let reply = self
            .send(Method::PATCH, path, Some(&patch_body(operations)))
            .await;
        assert!(
            reply.status == 200 || reply.status == 204,
            "PATCH {path}: {}",
            reply.text
        );
        reply.body
    }

    /// Sets one attribute.
    pub async fn set(&self, id: &str, path: &str, value: Value) {
        self.patch(
            &format!("/Users/{id}"),
            json!([{"op": "replace", "path": path, "value": value}]),
        )
        .await;
    }

    /// Removes one attribute.
    pub async fn clear(&self, id: &str, path: &str) {
        self.patch(
            &format!("/Users/{id}"),
            json!([{"op": "remove", "path": path}]),
        )
        .await;
    }

    pub async fn delete(&self, path: &str) {
        let reply = self.send(Method::DELETE, path, None).await;
        assert_eq!(reply.status, 204, "DELETE {path}: {}", reply.text);
    }
}

/// A plain user whose attributes follow from the name.
pub fn user(user_name: &str) -> Value {
    let local = user_name.split('@').next().unwrap_or(user_name);
    let (given, family) = local.split_once('.').unwrap_or((local, "Person"));
    json!({
        "schemas": [USER],
        "userName": user_name,
        "externalId": format!("ext-{local}"),
        "name": {"givenName": capital(given), "familyName": capital(family)},
        "displayName": format!("{} {}", capital(given), capital(family)),
        "emails": [{"value": format!("{local}@corp.example"), "type": "work", "primary": true}],
        "active": true,
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
