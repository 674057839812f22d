//! What a request leaves in the log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::http::testing::{Endpoint, TOKEN};

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Lines {
    fn of_requests(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|line| line["target"] == "scim_bridge::http::request_log")
            .collect()
    }
}

#[actix_web::test]
async fn each_request_is_one_line_without_secrets_or_bodies() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::INFO)
        .with_writer(lines.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let endpoint = Endpoint::new();
    let body = json!({"userName": "jane", "password": "tr0ub4dor", "title": "Astronaut"});
    let post = || {
        TestRequest::post()
            .uri("/scim/v2/Users?attributes=userName")
            .insert_header(("X-Request-Id", "gateway-42"))
            .set_json(&body)
    };
    endpoint.ask(post()).await;
    endpoint.ask(post()).await;
    let read = TestRequest::get().uri("/scim/v2/Users?filter=userName+eq+%22secret-name%22");
    endpoint.ask(read).await;

    let requests = lines.of_requests();
    assert_eq!(requests.len(), 2, "reads are for debugging: {requests:?}");
    for (line, status) in requests.iter().zip([201, 409]) {
        assert_eq!(line["status"], status);
        assert_eq!(line["route"], "/scim/v2/Users");
        assert_eq!(line["actor"], "default-token");
        assert_eq!(line["span"]["request_id"], "gateway-42");
        assert_eq!(line["span"]["method"], "POST");
        assert!(line["elapsed_ms"].is_u64());
        let text = line.to_string();
        for secret in [TOKEN, "tr0ub4dor", "Astronaut"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert!(
        requests[1]["detail"]
            .as_str()
            .unwrap()
            .contains("is taken by")
    );
}
