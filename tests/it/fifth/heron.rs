//! A made-up badge server, whose API differs from every built-in vendor's: an account's number stands
//! in a header, accounts are addressed by name, PUT creates and changes, members are a map.
//!
//! The description that `docs/vendor-profiles.md` builds a profile from is this program's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::http::header::{IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, guard, web};
use serde_json::{Map, Value, json};

use super::server::{Server, cut_off, serve};

/// The key that clients have to show.
pub const KEY: &str = "heron-key-0123456789";

const KEY_HEADER: &str = "X-Heron-Key";
const NUMBER_HEADER: &str = "X-Badge-Number";

/// The texts that a badge has.
const TEXTS: [&str; 3] = ["holder", "mail", "language"];

/// A badge or a team.
#[derive(Clone, Default)]
struct Entry {
    number: u64,
    fields: Map<String, Value>,
    members: BTreeSet<u64>,
}

#[derive(Default)]
struct State {
    last_number: u64,
    /// How many of the next answers to writes are lost.
    losing: usize,
    /// Methods and paths of the writes so far.
    writes: Vec<String>,
    badges: BTreeMap<String, Entry>,
    teams: BTreeMap<String, Entry>,
}

/// The running badge server.
#[derive(Clone, Default)]
pub struct Heron {
    state: Arc<Mutex<State>>,
}

impl Heron {
    /// Starts it on a port of its own.
    pub fn start() -> (Self, Server) {
        let heron = Self::default();
        let data = web::Data::new(heron.clone());
        let server = serve(move |app| {
            // Who shows no key sees nothing else.
            let behind_the_key = web::scope("/v1")
                .guard(guard::Header(KEY_HEADER, KEY))
                .route("/badges", web::get().to(list))
                .route("/badges/{name}", web::get().to(read_badge))
                .route("/badges/{name}", web::put().to(put_badge))
                .route("/badges/{name}", web::delete().to(delete_badge))
                .route("/badges/{name}/name", web::post().to(rename_badge))
                .route("/teams/{name}", web::get().to(read_team))
                .route("/teams/{name}", web::put().to(put_team))
                .route("/teams/{name}", web::delete().to(delete_team))
                .route("/teams/{name}/members", web::put().to(put_members));
            app.app_data(data.clone())
                .service(behind_the_key)
                .default_service(web::to(async || fault(401, "who-are-you")));
        });
        (heron, server)
    }

    /// A badge as the server holds it, with its number.
    pub fn badge(&self, name: &str) -> Option<Value> {
        let state = self.state.lock().unwrap();
        let badge = state.badges.get(name)?;
        let mut shown = badge.fields.clone();
        shown.insert("number".into(), badge.number.into());
        Some(Value::Object(shown))
    }

    /// The names of a team's members.
    pub fn team(&self, name: &str) -> Option<BTreeSet<String>> {
        let state = self.state.lock().unwrap();
        let team = state.teams.get(name)?;
        let named = |number: &u64| {
            let mut badges = state.badges.iter();
            badges
                .find(|(_, badge)| badge.number == *number)
                .map(|(name, _)| name.clone())
        };
        Some(team.members.iter().filter_map(named).collect())
    }

    /// Makes a badge by hand, and puts it into a team.
    pub fn make_by_hand(&self, name: &str, team: Option<&str>) {
        let mut state = self.state.lock().unwrap();
        state.last_number += 1;
        let number = state.last_number;
        state.badges.insert(name.to_owned(), new_badge(number));
        if let Some(team) = team.and_then(|team| state.teams.get_mut(team)) {
            team.members.insert(number);
        }
    }

    /// Takes a badge away by hand.
    pub fn remove_by_hand(&self, name: &str) {
        let removed = self.state.lock().unwrap().badges.remove(name);
        assert!(removed.is_some(), "there was a badge {name:?}");
    }

    /// Handles the next write, and loses its answer.
    pub fn lose_next_answer(&self) {
        self.state.lock().unwrap().losing += 1;
    }

    /// The writes so far, with method and path.
    pub fn writes(&self) -> Vec<String> {
        self.state.lock().unwrap().writes.clone()
    }
}

impl State {
    /// Answers a write that has been handled.
    fn answer(&mut self, request: &HttpRequest, answer: HttpResponse) -> HttpResponse {
        self.writes
            .push(format!("{} {}", request.method(), request.path()));
        match self.losing {
            0 => answer,
            _ => {
                self.losing -= 1;
                cut_off()
            }
        }
    }
}

fn new_badge(number: u64) -> Entry {
    let mut fields: Map<String, Value> = TEXTS
        .iter()
        .map(|name| ((*name).to_owned(), json!("")))
        .collect();
    fields.insert("enabled".into(), json!(true));
    Entry {
        number,
        fields,
        members: BTreeSet::new(),
    }
}

fn fault(status: u16, code: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(json!({"fault": code}))
}

fn numbered(mut answer: HttpResponseBuilder, number: u64) -> HttpResponseBuilder {
    answer.insert_header((NUMBER_HEADER, number.to_string()));
    answer
}

/// Whether the caller's condition on the existence of the entry fails (RFC 9110 §13.1).
fn condition_fails(request: &HttpRequest, exists: bool) -> bool {
    let star = |name| {
        request
            .headers()
            .get(name)
            .is_some_and(|value: &actix_web::http::header::HeaderValue| value == "*")
    };
    (exists && star(IF_NONE_MATCH)) || (!exists && star(IF_MATCH))
}

/// The first field that a badge does not have, or that has the wrong type.
fn refused_field(fields: &Map<String, Value>) -> Option<&str> {
    fields.iter().find_map(|(name, value)| {
        let fits = match name.as_str() {
            "enabled" => value.is_boolean(),
            text => TEXTS.contains(&text) && value.as_str().is_some_and(|text| text.len() <= 60),
        };
        (!fits).then_some(name.as_str())
    })
}

async fn list(
    heron: web::Data<Heron>,
    query: web::Query<BTreeMap<String, String>>,
) -> HttpResponse {
    let after = query.get("after").cloned().unwrap_or_default();
    let limit = query
        .get("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(10_usize);
    let state = heron.state.lock().unwrap();
    let rest: Vec<_> = state
        .badges
        .iter()
        .filter(|(name, _)| **name > after)
        .collect();
    let badges: Vec<Value> = rest
        .iter()
        .take(limit)
        .map(|(name, badge)| {
            let mut shown = badge.fields.clone();
            shown.insert("name".into(), json!(name));
            shown.insert("number".into(), json!(badge.number));
            Value::Object(shown)
        })
        .collect();
    HttpResponse::Ok().json(json!({"badges": badges, "more": rest.len() > limit}))
}

async fn read_badge(heron: web::Data<Heron>, name: web::Path<String>) -> HttpResponse {
    let state = heron.state.lock().unwrap();
    match state.badges.get(name.as_str()) {
        None => fault(404, "no-such-badge"),
        Some(badge) => {
            let mut shown = badge.fields.clone();
            shown.insert("name".into(), json!(name.as_str()));
            numbered(HttpResponse::Ok(), badge.number).json(shown)
        }
    }
}

async fn put_badge(
    request: HttpRequest,
    heron: web::Data<Heron>,
    name: web::Path<String>,
    fields: web::Json<Map<String, Value>>,
) -> HttpResponse {
    let mut state = heron.state.lock().unwrap();
    let exists = state.badges.contains_key(name.as_str());
    if condition_fails(&request, exists) {
        return fault(
            412,
            if exists {
                "badge-exists"
            } else {
                "no-such-badge"
            },
        );
    }
    if let Some(field) = refused_field(&fields) {
        return HttpResponse::UnprocessableEntity()
            .json(json!({"fault": "bad-field", "field": field}));
    }
    if !exists {
        state.last_number += 1;
        let number = state.last_number;
        state.badges.insert(name.to_string(), new_badge(number));
    }
    let badge = state.badges.get_mut(name.as_str()).unwrap();
    badge.fields.extend(fields.into_inner());
    let number = badge.number;
    let answer = if exists {
        HttpResponse::NoContent()
    } else {
        HttpResponse::Created()
    };
    state.answer(&request, numbered(answer, number).finish())
}

async fn rename_badge(
    request: HttpRequest,
    heron: web::Data<Heron>,
    name: web::Path<String>,
    body: web::Json<Value>,
) -> HttpResponse {
    let mut state = heron.state.lock().unwrap();
    let Some(to) = body["to"].as_str() else {
        return fault(422, "bad-field");
    };
    if state.badges.contains_key(to) {
        return fault(412, "badge-exists");
    }
    match state.badges.remove(name.as_str()) {
        None => fault(404, "no-such-badge"),
        Some(badge) => {
            state.badges.insert(to.to_owned(), badge);
            state.answer(&request, HttpResponse::NoContent().finish())
        }
    }
}

async fn delete_badge(
    request: HttpRequest,
    heron: web::Data<Heron>,
    name: web::Path<String>,
) -> HttpResponse {
    let mut state = heron.state.lock().unwrap();
    match state.badges.remove(name.as_str()) {
        None => fault(404, "no-such-badge"),
        Some(badge) => {
            for team in state.teams.values_mut() {
                team.members.remove(&badge.number);
            }
            state.answer(&request, HttpResponse::NoContent().finish())
        }
    }
}

async fn read_team(heron: web::Data<Heron>, name: web::Path<String>) -> HttpResponse {
    let state = heron.state.lock().unwrap();
    match state.teams.get(name.as_str()) {
        None => fault(404, "no-such-team"),
        Some(team) => {
            let members: Map<String, Value> = team
                .members
                .iter()
                .map(|number| (number.to_string(), json!({"since": "2026-11-01"})))
                .collect();
            numbered(HttpResponse::Ok(), team.number)
                .json(json!({"name": name.as_str(), "members": members}))
        }
    }
}

async fn put_team(
    request: HttpRequest,
    heron: web::Data<Heron>,
    name: web::Path<String>,
) -> HttpResponse {
    let mut state = heron.state.lock().unwrap();
    let exists = state.teams.contains_key(name.as_str());
    if condition_fails(&request, exists) {
        return fault(
            412,
            if exists {
                "team-exists"
            } else {
                "no-such-team"
            },
        );
    }
    if exists {
        return HttpResponse::NoContent().finish();
    }
    state.last_number += 1;
    let number = state.last_number;
    let team = Entry {
        number,
        ..Entry::default()
    };
    state.teams.insert(name.to_string(), team);
    numbered(HttpResponse::Created(), number).finish()
}

async fn delete_team(heron: web::Data<Heron>, name: web::Path<String>) -> HttpResponse {
    let mut state = heron.state.lock().unwrap();
    match state.teams.remove(name.as_str()) {
        None => fault(404, "no-such-team"),
        Some(_) => HttpResponse::NoContent().finish(),
    }
}

async fn put_members(
    request: HttpRequest,
    heron: web::Data<Heron>,
    name: web::Path<String>,
    members: web::Json<Map<String, Value>>,
) -> HttpResponse {
    let mut state = heron.state.lock().unwrap();
    let known: BTreeSet<u64> = state.badges.values().map(|badge| badge.number).collect();
    let mut numbers = BTreeSet::new();
    for number in members.keys() {
        match number.parse().ok().filter(|number| known.contains(number)) {
            Some(number) => numbers.insert(number),
            None => return fault(422, "no-such-member"),
        };
    }
    match state.teams.get_mut(name.as_str()) {
        None => fault(404, "no-such-team"),
        Some(team) => {
            team.members = numbers;
            state.answer(&request, HttpResponse::NoContent().finish())
        }
    }
}
