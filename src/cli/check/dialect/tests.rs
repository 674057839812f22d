//! Runs against a small server with one fault at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::cleanup::{clean_up, left_behind};
use super::exchange::Server;
use super::file::{Dialect, parse};
use super::player::Player;
use super::report::{PartReport, StepResult};
use super::variables::fixed;

const RUN: &str = "0c0ffee1";

/// What is wrong with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// Every search finds somebody else.
    IgnoresFilters,
    /// A creation is done, and answered with 500.
    FailsAfterCreating,
    /// A creation is answered with an id and nothing else.
    AnswersIdAlone,
    /// A deletion is answered, and not done.
    KeepsDeleted,
    /// A PATCH is never answered.
    HangsOnPatch,
    /// Every other request is one too many.
    Throttles,
    /// Nobody may in.
    RefusesAll,
}

struct Fake {
    fault: Fault,
    users: Mutex<BTreeMap<String, Value>>,
    journal: Mutex<Vec<String>>,
    hanging: Notify,
}

impl Fake {
    /// Starts it with one user of its own, Jane, whose id is 99.
    fn start(fault: Fault) -> (Arc<Self>, Server) {
        crate::cli::assemble::install_tls_provider();
        let jane = json!({"id": "99", "userName": "jane.doe@corp.example"});
        let fake = Arc::new(Self {
            fault,
            users: Mutex::new([("99".to_owned(), jane)].into()),
            journal: Mutex::default(),
            hanging: Notify::new(),
        });
        let data = Data::from(Arc::clone(&fake));
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
        actix_web::rt::spawn(server.run());
        let token = SecretString::from("a-token-of-the-test");
        let server = Server::new(&url.parse().unwrap(), token, Vec::new()).unwrap();
        (fake, server)
    }

    fn journal(&self) -> Vec<String> {
        self.journal.lock().unwrap().clone()
    }

    /// Who is there besides Jane.
    fn others(&self) -> usize {
        self.users.lock().unwrap().len() - 1
    }

    fn create(&self, mut user: Value) -> (u16, Value) {
        let id = (100 + self.others()).to_string();
        user["id"] = json!(id);
        self.users.lock().unwrap().insert(id.clone(), user.clone());
        match self.fault {
            Fault::FailsAfterCreating => (500, json!({})),
            Fault::AnswersIdAlone => (201, json!({"id": id})),
            _ => (201, user),
        }
    }

    fn list(&self, query: &str) -> (u16, Value) {
        let users = self.users.lock().unwrap();
        let ignore = self.fault == Fault::IgnoresFilters;
        let found: Vec<&Value> = users
            .values()
            .filter(|user| ignore || query.contains(&user["userName"].as_str().unwrap()[..12]))
            .collect();
        (
            200,
            json!({"totalResults": found.len(), "Resources": found}),
        )
    }

    fn delete(&self, id: &str) -> (u16, Value) {
        if self.fault == Fault::KeepsDeleted {
            return (204, Value::Null);
        }
        match self.users.lock().unwrap().remove(id) {
            Some(_) => (204, Value::Null),
            None => (404, json!({})),
        }
    }

    fn read(&self, id: &str) -> (u16, Value) {
        match self.users.lock().unwrap().get(id) {
            Some(user) => (200, user.clone()),
            None => (404, json!({})),
        }
    }
}

async fn answer(fake: Data<Fake>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let line = format!("{} {}", request.method(), request.path());
    fake.journal.lock().unwrap().push(line.clone());
    let turn = fake.journal.lock().unwrap().len();
    if fake.fault == Fault::Throttles && turn > 3 && turn.is_multiple_of(2) {
        let mut response = HttpResponse::TooManyRequests();
        return response.insert_header(("retry-after", "0")).finish();
    }
    let id = request.path().rsplit('/').next().unwrap_or_default();
    let (status, body) = match line.split(' ').next().unwrap() {
        _ if fake.fault == Fault::RefusesAll => (401, json!({})),
        "POST" => fake.create(serde_json::from_slice(&body).unwrap()),
        "PATCH" if fake.fault == Fault::HangsOnPatch => {
            fake.hanging.notify_one();
            std::future::pending().await
        }
        "DELETE" => fake.delete(id),
        "GET" if id == "Users" => fake.list(request.query_string()),
        _ => fake.read(id),
    };
    let mut response = HttpResponse::build(status.try_into().unwrap());
    if body.is_null() {
        return response.finish();
    }
    response.json(body)
}

/// Look for, create, change, leave.
fn dialect() -> Dialect {
    parse(
        r#"
        client = "test"
        title = "Test"
        [variables]
        login = "t-{{ run }}-ada"
        [[part]]
        name = "users"
        [[part.step]]
        name = "look"
        essential = true
        method = "GET"
        path = '/Users?filter=userName%20eq%20"{{ login }}"'
        expect.status = [200]
        save.found = "/Resources/0/id"
        [[part.step]]
        name = "change whoever was found"
        level = "should"
        method = "PATCH"
        path = "/Users/{{ found }}"
        body = '{"Operations": []}'
        expect.status = [200]
        [[part.step]]
        name = "create"
        method = "POST"
        path = "/Users"
        body = '{"userName": "{{ login }}"}'
        expect.status = [201]
        expect.json."/userName" = "{{ login }}"
        save.id = "/id"
        [[part.step]]
        name = "change"
        method = "PATCH"
        path = "/Users/{{ id }}"
        body = '{"Operations": []}'
        expect.status = [200]
        "#,
    )
    .unwrap()
}

/// Plays all of it and cleans up; what was found, and what was left.
async fn run(server: &Server) -> (Vec<PartReport>, Vec<String>) {
    let mut player = Player::new(server, RUN, fixed());
    player.play(&dialect()).await.unwrap();
    clean_up(server, &mut player.ledger).await;
    (player.parts, left_behind(&player.ledger))
}

fn result<'a>(parts: &'a [PartReport], step: &str) -> &'a StepResult {
    let steps = &parts[0].steps;
    &steps
        .iter()
        .find(|report| report.name == step)
        .unwrap()
        .result
}

#[actix_web::test]
async fn a_run_leaves_nothing_behind() {
    let (fake, server) = Fake::start(Fault::None);
    let (parts, left) = run(&server).await;
    assert_eq!(result(&parts, "create"), &StepResult::Holds);
    assert_eq!(result(&parts, "change"), &StepResult::Holds);
    assert_eq!((fake.others(), left.len()), (0, 0), "{left:?}");
}

#[actix_web::test]
async fn whom_the_server_hands_out_by_mistake_is_not_touched() {
    let (fake, server) = Fake::start(Fault::IgnoresFilters);
    let (parts, _) = run(&server).await;
    let StepResult::NotPlayed(reason) = result(&parts, "change whoever was found") else {
        panic!("{parts:?}");
    };
    assert!(reason.contains("did not make"), "{reason}");
    let journal = fake.journal();
    let writes = journal.iter().filter(|line| !line.starts_with("GET"));
    assert_eq!(
        writes.filter(|line| line.ends_with("/99")).count(),
        0,
        "{journal:?}"
    );
    assert_eq!(fake.others(), 0);
    let shown = format!("{parts:?}");
    assert!(!shown.contains("jane"), "{shown}");
}

#[actix_web::test]
async fn what_was_made_without_saying_so_is_found_and_deleted() {
    let (fake, server) = Fake::start(Fault::FailsAfterCreating);
    let (parts, left) = run(&server).await;
    assert_eq!(
        result(&parts, "create"),
        &StepResult::Fails(vec!["the status is 500, expected 201".to_owned()])
    );
    assert_eq!((fake.others(), left.len()), (0, 0), "{left:?}");
}

#[actix_web::test]
async fn an_id_alone_is_taken_after_a_look() {
    let (fake, server) = Fake::start(Fault::AnswersIdAlone);
    let (parts, left) = run(&server).await;
    assert_eq!(result(&parts, "change"), &StepResult::Holds);
    assert_eq!((fake.others(), left.len()), (0, 0), "{left:?}");
}

#[actix_web::test]
async fn a_server_that_throttles_is_cleaned_up_all_the_same() {
    let (fake, server) = Fake::start(Fault::Throttles);
    let (_, left) = run(&server).await;
    assert_eq!((fake.others(), left.len()), (0, 0), "{left:?}");
    let journal = fake.journal();
    let deletions = journal.iter().filter(|line| line.starts_with("DELETE"));
    assert_eq!(deletions.count(), 2, "{journal:?}");
}

#[actix_web::test]
async fn what_stays_in_spite_of_a_deletion_is_told() {
    let (_, server) = Fake::start(Fault::KeepsDeleted);
    let (_, left) = run(&server).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("t-0c0ffee1-ada"), "{left:?}");
}

#[actix_web::test]
async fn an_interrupted_run_cleans_up() {
    let (fake, server) = Fake::start(Fault::HangsOnPatch);
    let mut player = Player::new(&server, RUN, fixed());
    let dialect = dialect();
    tokio::select! {
        _ = player.play(&dialect) => panic!("the PATCH is never answered"),
        () = fake.hanging.notified() => {}
    }
    assert_eq!(fake.others(), 1);
    clean_up(&server, &mut player.ledger).await;
    assert_eq!(fake.others(), 0);
    assert_eq!(player.parts[0].steps.len(), 3, "what was found is kept");
}

#[actix_web::test]
async fn without_what_is_essential_the_rest_is_not_tried() {
    let (fake, server) = Fake::start(Fault::RefusesAll);
    let (parts, left) = run(&server).await;
    let StepResult::NotPlayed(reason) = result(&parts, "create") else {
        panic!("{parts:?}");
    };
    assert!(reason.contains("without \"look\""), "{reason}");
    assert_eq!(fake.journal().len(), 1);
    assert!(left.is_empty());
}

#[actix_web::test]
async fn a_server_that_is_away_is_asked_no_more_than_once() {
    crate::cli::assemble::install_tls_provider();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/scim", closed.local_addr().unwrap());
    drop(closed);
    let token = SecretString::from("a-token-of-the-test");
    let server = Server::new(&url.parse().unwrap(), token, Vec::new()).unwrap();
    let (parts, left) = run(&server).await;
    let StepResult::Fails(problems) = result(&parts, "look") else {
        panic!("{parts:?}");
    };
    assert!(problems[0].contains("cannot be reached"), "{problems:?}");
    assert!(matches!(result(&parts, "create"), StepResult::NotPlayed(_)));
    assert!(left.is_empty(), "nothing was asked for: {left:?}");
}
