//! The listener for operators.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};

use crate::directory::testing::World;
use crate::http::{HealthSource, OpsState, ops_app};
use crate::telemetry::{Clock, Metrics};

struct Delivery(Result<(), String>);

impl HealthSource for Delivery {
    fn name(&self) -> &'static str {
        "delivery"
    }

    fn ready(&self) -> Result<(), String> {
        self.0.clone()
    }
}

async fn get(path: &str, delivery: Result<(), String>) -> (StatusCode, String) {
    let world = World::new();
    let metrics = Arc::new(Metrics::new());
    metrics.set_breaker("nas-1", "open");
    let state = web::Data::new(OpsState {
        store: Arc::clone(&world.store),
        sources: vec![Arc::new(Delivery(delivery))],
        metrics,
        clock: Arc::clone(&world.clock) as Arc<dyn Clock>,
    });
    let service = init_service(App::new().configure(ops_app(state))).await;
    let request = TestRequest::get().uri(path).to_request();
    let response = call_service(&service, request).await;
    let status = response.status();
    let body = read_body(response).await;
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[actix_web::test]
async fn it_is_ready_when_store_and_delivery_are() {
    let (status, body) = get("/readyz", Ok(())).await;
    assert_eq!(status, 200, "{body}");
    assert!(body.contains(r#""store":"ok","delivery":"ok""#), "{body}");
}

#[actix_web::test]
async fn what_is_missing_is_told_and_does_not_make_the_process_unhealthy() {
    let stopped = || Err("the delivery has stopped; restart the daemon".to_owned());
    let (status, body) = get("/readyz", stopped()).await;
    assert_eq!(status, 503);
    assert!(body.contains("restart the daemon"), "{body}");
    assert_eq!(get("/healthz", stopped()).await.0, 200);
}

#[actix_web::test]
async fn metrics_are_a_page_for_prometheus() {
    let (status, page) = get("/metrics", Ok(())).await;
    assert_eq!(status, 200);
    let line = r#"scim_bridge_breaker_state{appliance="nas-1",state="open"} 1"#;
    assert!(page.contains(line) && page.ends_with("# EOF\n"), "{page}");
}
