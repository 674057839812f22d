//! A SCIM server as somebody might write it in an afternoon: it works, until a client looks closer.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use actix_web::web::{Bytes, Data, Query};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

const JANE: &str = "/scim/Users/1";

/// It asks for no token, answers 200 where 201 is due and 500 where 409 is, stores what it gets
/// without looking at types, empties a group when one member is removed, adds Jane to every list
/// that is not filtered, and repeats the token in its errors.
pub struct BrokenServer {
    url: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// By path.
    resources: Mutex<BTreeMap<String, Value>>,
    writes: Mutex<Vec<String>>,
}

impl BrokenServer {
    pub async fn start() -> Self {
        let state = Arc::new(State::default());
        let jane = json!({"id": "1", "userName": "jane.doe@corp.example", "active": true});
        state
            .resources
            .lock()
            .unwrap()
            .insert(JANE.to_owned(), jane);
        let data = Data::from(Arc::clone(&state));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .default_service(web::to(answer))
        })
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
        let url = format!("http://{}/scim", server.addrs()[0]);
        tokio::spawn(server.run());
        Self { url, state }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The names of all users and groups.
    pub fn names(&self) -> Vec<String> {
        let resources = self.state.resources.lock().unwrap();
        let name = |resource: &Value| {
            let name = resource.get("userName").or(resource.get("displayName"));
            name.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        resources.values().map(name).collect()
    }

    pub fn jane_was_written_to(&self) -> bool {
        self.state
            .writes
            .lock()
            .unwrap()
            .iter()
            .any(|path| path == JANE)
    }
}

async fn answer(
    state: Data<State>,
    request: HttpRequest,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    let path = request.path().to_owned();
    let method = request.method().as_str();
    if method != "GET" {
        state.writes.lock().unwrap().push(path.clone());
    }
    let mut resources = state.resources.lock().unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    match method {
        "GET" if path.matches('/').count() == 2 => {
            let found = search(&resources, &path, query.get("filter"));
            HttpResponse::Ok().json(json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": found.len(),
                "Resources": found,
            }))
        }
        "POST" => create(&mut resources, &path, body, &request),
        "PATCH" => match resources.get_mut(&path) {
            Some(resource) => {
                patch(resource, &body);
                HttpResponse::Ok().json(resource)
            }
            None => HttpResponse::NotFound().body("no such thing"),
        },
        "DELETE" if resources.remove(&path).is_some() => HttpResponse::NoContent().finish(),
        _ => match resources.get(&path) {
            Some(resource) => HttpResponse::Ok().json(resource),
            None => HttpResponse::NotFound().body("no such thing"),
        },
    }
}

/// Finds by any attribute that has the filter's value; without a filter, everybody.
fn search(
    resources: &BTreeMap<String, Value>,
    collection: &str,
    filter: Option<&String>,
) -> Vec<Value> {
    let wanted = filter.and_then(|filter| filter.split('"').nth(1));
    resources
        .iter()
        .filter(|(path, _)| path.starts_with(&format!("{collection}/")))
        .map(|(_, resource)| resource.clone())
        .filter(|resource| {
            wanted.is_none_or(|wanted| {
                let mut values = resource.as_object().unwrap().values();
                values.any(|value| value == wanted)
            })
        })
        .collect()
}

fn create(
    resources: &mut BTreeMap<String, Value>,
    collection: &str,
    mut body: Value,
    request: &HttpRequest,
) -> HttpResponse {
    let name = body["userName"].clone();
    if !name.is_null() && resources.values().any(|other| other["userName"] == name) {
        let token = request
            .headers()
            .get("authorization")
            .unwrap()
            .to_str()
            .unwrap();
        return HttpResponse::InternalServerError().json(json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "500",
            "detail": format!("duplicate key; the request had {token}"),
        }));
    }
    let id = (resources.len() + 1).to_string();
    body["id"] = json!(id);
    resources.insert(format!("{collection}/{id}"), body.clone());
    HttpResponse::Ok().json(body)
}

/// Understands plain paths only.
fn patch(resource: &mut Value, body: &Value) {
    for operation in body["Operations"].as_array().into_iter().flatten() {
        let Some(path) = operation["path"].as_str() else {
            continue;
        };
        let removes = operation["op"].as_str().unwrap_or_default().to_lowercase() == "remove";
        resource[path] = match removes {
            true => json!([]),
            false => operation["value"].clone(),
        };
    }
}
