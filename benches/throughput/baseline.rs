//! What a bare actix-web server can do: one insert of the body (group-committed, FULL), or one read
//! by an indexed name. Nothing is parsed, checked, folded or logged; no second index, no audit.
//! Its connections are tuned as the bridge's are, so that it does not lose by neglect.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, mpsc};

use actix_web::{App, HttpResponse, HttpServer, web};
use rusqlite::{Connection, OptionalExtension as _};
use tokio::sync::oneshot;

use crate::support::people::{document, user_name};

type Row = (String, String, oneshot::Sender<()>);

struct Shared {
    writer: mpsc::Sender<Row>,
    readers: Mutex<Vec<Connection>>,
    path: std::path::PathBuf,
}

/// A running server; stops when dropped.
pub struct Server {
    address: SocketAddr,
    handle: actix_web::dev::ServerHandle,
    thread: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Starts a server whose table already has that many rows.
    pub fn start(rows: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("bare.db");
        let mut connection = open(&path);
        connection
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4096;
                 CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL);",
            )
            .expect("a table");
        fill(&mut connection, rows);
        let (writer, queue) = mpsc::channel();
        std::thread::spawn(move || write(connection, &queue));
        let shared = Arc::new(Shared {
            writer,
            readers: Mutex::new(Vec::new()),
            path,
        });
        let (address, handle, thread) = serve(shared);
        Self {
            address,
            handle,
            thread: Some(thread),
            _folder: folder,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn open(path: &std::path::Path) -> Connection {
    let connection = Connection::open(path).expect("a connection");
    connection
        .execute_batch("PRAGMA cache_size=-16384; PRAGMA mmap_size=1073741824;")
        .expect("a tuned connection");
    connection
}

fn fill(connection: &mut Connection, rows: usize) {
    let transaction = connection.transaction().expect("a transaction");
    for number in 0..rows as u64 {
        transaction
            .prepare_cached("INSERT INTO row (name, body) VALUES (?1, ?2)")
            .expect("a statement")
            .execute((user_name(number), document(number)))
            .expect("a row");
    }
    transaction.commit().expect("a commit");
}

/// One commit for all that is queued, then all answers.
fn write(mut connection: Connection, queue: &mpsc::Receiver<Row>) {
    while let Ok(first) = queue.recv() {
        let transaction = connection.transaction().expect("a transaction");
        let mut answers = Vec::new();
        let mut next = Some(first);
        while let Some((name, body, answer)) = next {
            transaction
                .prepare_cached("INSERT INTO row (name, body) VALUES (?1, ?2)")
                .expect("a statement")
                .execute((name, body))
                .expect("a row");
            answers.push(answer);
            next = if answers.len() < 256 {
                queue.try_recv().ok()
            } else {
                None
            };
        }
        transaction.commit().expect("a commit");
        for answer in answers {
            answer.send(()).ok();
        }
    }
}

fn serve(
    shared: Arc<Shared>,
) -> (
    SocketAddr,
    actix_web::dev::ServerHandle,
    std::thread::JoinHandle<()>,
) {
    let (ready, started) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let counter = Arc::new(std::sync::atomic::AtomicU64::new(0));
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(web::Data::from(Arc::clone(&shared)))
                    .app_data(web::Data::from(Arc::clone(&counter)))
                    .route("/rows", web::post().to(insert))
                    .route("/rows", web::get().to(lookup))
            })
            .disable_signals()
            .bind(("127.0.0.1", 0))
            .expect("a port");
            let address = server.addrs()[0];
            let server = server.run();
            ready.send((address, server.handle())).expect("the starter");
            server.await.expect("the server");
        });
    });
    let (address, handle) = started.recv().expect("a started server");
    (address, handle, thread)
}

async fn insert(
    shared: web::Data<Shared>,
    counter: web::Data<std::sync::atomic::AtomicU64>,
    body: String,
) -> HttpResponse {
    let number = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let (answer, done) = oneshot::channel();
    let row = (number.to_string(), body.clone(), answer);
    shared.writer.send(row).expect("the writer");
    done.await.expect("a commit");
    HttpResponse::Created()
        .content_type("application/json")
        .body(body)
}

#[derive(serde::Deserialize)]
struct Query {
    name: String,
}

async fn lookup(shared: web::Data<Shared>, query: web::Query<Query>) -> HttpResponse {
    let pooled = shared.readers.lock().expect("the readers").pop();
    let connection = pooled.unwrap_or_else(|| open(&shared.path));
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM row WHERE name = ?1")
        .expect("a statement")
        .query_row([&query.name], |row| row.get(0))
        .optional()
        .expect("a read");
    shared.readers.lock().expect("the readers").push(connection);
    match body {
        Some(body) => HttpResponse::Ok()
            .content_type("application/json")
            .body(body),
        None => HttpResponse::NotFound().finish(),
    }
}
