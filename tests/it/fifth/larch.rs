//! A made-up telephone system that speaks JSON-RPC 2.0 over plain HTTP: one address, named parameters,
//! every answer with status 200, errors told apart by their code.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::server::{Server, cut_off, serve};

/// The token that clients have to show.
pub const TOKEN: &str = "larch-token-0123456789";

const EXISTS: i64 = 101;
const UNKNOWN: i64 = 102;
const BAD_VALUE: i64 = 103;
const NOT_LOGGED_IN: i64 = 401;

#[derive(Default)]
struct State {
    last: u64,
    subscribers: BTreeMap<String, Map<String, Value>>,
    methods: Vec<String>,
    /// How many of the next answers to additions are lost.
    losing: usize,
}

/// The running telephone system.
#[derive(Clone, Default)]
pub struct Larch {
    state: Arc<Mutex<State>>,
}

/// An error of the telephone system.
struct Fault(i64, &'static str, Value);

impl Larch {
    /// Starts it on a port of its own.
    pub fn start() -> (Self, Server) {
        let larch = Self::default();
        let data = web::Data::new(larch.clone());
        let server = serve(move |app| {
            app.app_data(data.clone())
                .route("/rpc", web::post().to(answer));
        });
        (larch, server)
    }

    /// A subscriber as the system holds it.
    pub fn subscriber(&self, login: &str) -> Option<Value> {
        let state = self.state.lock().unwrap();
        state
            .subscribers
            .values()
            .find(|subscriber| subscriber["login"] == login)
            .cloned()
            .map(Value::Object)
    }

    /// Handles the next addition, and loses its answer.
    pub fn lose_next_addition(&self) {
        self.state.lock().unwrap().losing += 1;
    }

    /// Makes a subscriber by hand.
    pub fn make_by_hand(&self, login: &str) {
        let subscriber = json!({"subscriber": {"login": login}});
        assert!(self.state.lock().unwrap().add(&subscriber).is_ok());
    }

    /// The methods that were called so far.
    pub fn methods(&self) -> Vec<String> {
        self.state.lock().unwrap().methods.clone()
    }
}

async fn answer(
    request: HttpRequest,
    larch: web::Data<Larch>,
    call: web::Json<Value>,
) -> HttpResponse {
    let bearer = format!("Bearer {TOKEN}");
    let known = request
        .headers()
        .get("authorization")
        .is_some_and(|value| value.as_bytes() == bearer.as_bytes());
    let outcome = if known {
        larch.perform(call["method"].as_str().unwrap_or_default(), &call["params"])
    } else {
        Err(Fault(NOT_LOGGED_IN, "not logged in", Value::Null))
    };
    if call["method"] == "subscriber.add" && larch.loses() {
        return cut_off();
    }
    let id = call["id"].clone();
    HttpResponse::Ok().json(match outcome {
        Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        Err(Fault(code, message, data)) => json!({
            "jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message, "data": data},
        }),
    })
}

impl Larch {
    fn loses(&self) -> bool {
        let mut state = self.state.lock().unwrap();
        let loses = state.losing > 0;
        state.losing = state.losing.saturating_sub(1);
        loses
    }

    fn perform(&self, method: &str, params: &Value) -> Result<Value, Fault> {
        let mut state = self.state.lock().unwrap();
        state.methods.push(method.to_owned());
        match method {
            "system.about" => Ok(json!({"product": "Larch", "version": "4.2"})),
            "subscriber.search" => Ok(state.search(params)),
            "subscriber.add" => state.add(params),
            "subscriber.modify" => state.modify(params),
            "subscriber.retire" => state.retire(params),
            _ => Err(Fault(-32601, "method not found", Value::Null)),
        }
    }
}

impl State {
    fn search(&self, params: &Value) -> Value {
        let wanted = &params["login"];
        let found: Vec<&Map<String, Value>> = self
            .subscribers
            .values()
            .filter(|subscriber| wanted.is_null() || subscriber["login"] == *wanted)
            .collect();
        json!({"subscribers": found})
    }

    fn add(&mut self, params: &Value) -> Result<Value, Fault> {
        let fields = checked(&params["subscriber"])?;
        if self
            .subscribers
            .values()
            .any(|other| other["login"] == fields["login"])
        {
            return Err(Fault(EXISTS, "login exists", json!({"field": "login"})));
        }
        self.last += 1;
        let reference = format!("S-{}", self.last);
        let mut subscriber = fields.clone();
        subscriber.insert("ref".into(), json!(reference));
        self.subscribers.insert(reference.clone(), subscriber);
        Ok(json!(reference))
    }

    fn modify(&mut self, params: &Value) -> Result<Value, Fault> {
        let changes = checked(&params["changes"])?;
        let subscriber = self
            .subscribers
            .get_mut(params["ref"].as_str().unwrap_or_default())
            .ok_or(Fault(UNKNOWN, "unknown subscriber", Value::Null))?;
        subscriber.extend(changes.clone());
        Ok(json!(true))
    }

    fn retire(&mut self, params: &Value) -> Result<Value, Fault> {
        self.subscribers
            .remove(params["ref"].as_str().unwrap_or_default())
            .map(|_| json!(true))
            .ok_or(Fault(UNKNOWN, "unknown subscriber", Value::Null))
    }
}

/// The fields, if the system takes them.
fn checked(fields: &Value) -> Result<&Map<String, Value>, Fault> {
    let known = ["login", "label", "extension", "barred"];
    let Some(fields) = fields.as_object() else {
        return Err(Fault(-32602, "invalid params", Value::Null));
    };
    let wrong = fields.iter().find(|(name, value)| {
        !known.contains(&name.as_str())
            || (*name == "extension"
                && !value
                    .as_str()
                    .is_some_and(|text| text.chars().all(|digit| digit.is_ascii_digit())))
    });
    match wrong {
        None => Ok(fields),
        Some((name, _)) => Err(Fault(BAD_VALUE, "bad value", json!({"field": name}))),
    }
}
