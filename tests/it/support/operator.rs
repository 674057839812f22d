//! What an administrator does on an appliance by hand, through the vendor's own API. The calls stand
//! in the simulator's journal beside the bridge's.

use appliance_sim::{RunningSimulator, Vendor};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// An administrator of an appliance.
pub struct Operator<'a> {
    simulator: &'a RunningSimulator,
    client: Client,
}

impl<'a> Operator<'a> {
    pub fn of(simulator: &'a RunningSimulator) -> Self {
        Self {
            simulator,
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Makes a call that must succeed; an empty body is null.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let (status, text) = self.send(method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, Some(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Value {
        self.call(Method::PUT, path, Some(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Value {
        self.call(Method::DELETE, path, None).await
    }

    /// Whether a password opens an account.
    pub async fn password_opens(&self, username: &str, password: &str) -> bool {
        let url = self.simulator.url();
        if self.simulator.options().vendor == Vendor::Nimble {
            return match self.log_in(username, password).await {
                Some(session) => {
                    self.log_out(&session).await;
                    true
                }
                None => false,
            };
        }
        let answer: Value = self
            .client
            .post(format!("{url}/_sim/password"))
            .json(&json!({"username": username, "password": password}))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        answer["matches"].as_bool().unwrap()
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, String) {
        let options = self.simulator.options();
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.simulator.url()));
        let mut session = None;
        if options.vendor == Vendor::Nimble {
            let opened = self.log_in(&options.username, &options.password).await;
            let opened = opened.expect("the administrator can log in");
            request = request.header("x-auth-token", opened.token.clone());
            session = Some(opened);
        } else {
            request = request.basic_auth(&options.username, Some(&options.password));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        if let Some(session) = session {
            self.log_out(&session).await;
        }
        (status, text)
    }

    async fn log_in(&self, username: &str, password: &str) -> Option<Session> {
        let login = json!({"data": {"username": username, "password": password}});
        let response = self
            .client
            .post(format!("{}/v1/tokens", self.simulator.url()))
            .json(&login)
            .send()
            .await
            .unwrap();
        if !response.status().is_success() {
            return None;
        }
        let answer: Value = response.json().await.unwrap();
        let text = |key: &str| answer["data"][key].as_str().unwrap().to_owned();
        Some(Session {
            id: text("id"),
            token: text("session_token"),
        })
    }

    async fn log_out(&self, session: &Session) {
        let url = format!("{}/v1/tokens/{}", self.simulator.url(), session.id);
        self.client
            .delete(url)
            .header("x-auth-token", &session.token)
            .send()
            .await
            .unwrap();
    }
}

/// A session of an array.
struct Session {
    id: String,
    token: String,
}
