//! The load driver: keep-alive connections that send the next request when the answer is in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::people::{TOKEN, document, user_name};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub enum Load {
    BareInsert,
    BareLookup(usize),
    ScimCreate,
    ScimLookup(usize),
}

impl Load {
    fn request(self, number: u64, output: &mut Vec<u8>) {
        output.clear();
        match self {
            Self::BareInsert => {
                let body = document(number);
                push(
                    output,
                    &format!(
                        "POST /rows HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    ),
                );
            }
            Self::ScimCreate => {
                let body = document(number);
                push(
                    output,
                    &format!(
                        "POST /scim/v2/Users HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    ),
                );
            }
            Self::BareLookup(size) => {
                let user_name = user_name(spread(number, size));
                push(
                    output,
                    &format!("GET /rows?name={user_name} HTTP/1.1\r\nHost: bench\r\n\r\n"),
                );
            }
            Self::ScimLookup(size) => {
                let user_name = user_name(spread(number, size));
                push(
                    output,
                    &format!(
                        "GET /scim/v2/Users?filter=userName+eq+%22{user_name}%22 HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
                    ),
                );
            }
        }
    }
}

fn push(output: &mut Vec<u8>, text: &str) {
    output.extend_from_slice(text.as_bytes());
}

/// Visits all users without following the order of the index.
fn spread(number: u64, size: usize) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % size as u64
}

/// A server under one load: how much it has answered, in how much time.
pub struct Contestant {
    address: SocketAddr,
    load: Load,
    /// The next request's number, so that no user is created twice.
    next: Arc<AtomicU64>,
    answered: u64,
    driven: Duration,
}

impl Contestant {
    pub fn new(address: SocketAddr, load: Load) -> Self {
        Self {
            address,
            load,
            next: Arc::default(),
            answered: 0,
            driven: Duration::ZERO,
        }
    }

    /// Drives the server for a while without counting.
    pub async fn warm_up(&self, connections: usize, duration: Duration) {
        run(self.address, connections, duration, self.load, &self.next).await;
    }

    /// Drives the server for a while.
    pub async fn drive(&mut self, connections: usize, duration: Duration) {
        let started = Instant::now();
        self.answered += run(self.address, connections, duration, self.load, &self.next).await;
        self.driven += started.elapsed();
    }

    /// Successful answers a second so far.
    pub fn rate(&self) -> f64 {
        self.answered as f64 / self.driven.as_secs_f64()
    }
}

async fn run(
    address: SocketAddr,
    connections: usize,
    duration: Duration,
    load: Load,
    next: &Arc<AtomicU64>,
) -> u64 {
    let until = Instant::now() + duration;
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let next = Arc::clone(next);
        tasks.push(tokio::spawn(connection(address, until, load, next)));
    }
    let mut answered = 0;
    for task in tasks {
        answered += task.await.expect("a connection of the driver");
    }
    answered
}

async fn connection(address: SocketAddr, until: Instant, load: Load, next: Arc<AtomicU64>) -> u64 {
    let mut stream = TcpStream::connect(address).await.expect("the server");
    stream.set_nodelay(true).expect("nodelay");
    let mut request = Vec::new();
    let mut buffer = Vec::new();
    let mut answered = 0;
    while Instant::now() < until {
        load.request(next.fetch_add(1, Ordering::Relaxed), &mut request);
        stream.write_all(&request).await.expect("a request sent");
        read_answer(&mut stream, &mut buffer).await;
        answered += 1;
    }
    answered
}

/// Reads one answer with a `Content-Length`; panics unless it is a success with something in it.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            assert!(
                head.starts_with("http/1.1 20"),
                "{}",
                String::from_utf8_lossy(buffer)
            );
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|text| text.trim().parse().ok())
                .expect("a content length");
            while buffer.len() < end + 4 + length {
                read_more(stream, buffer).await;
            }
            // The empty list is shorter than any user.
            assert!(length >= 400, "nobody was found");
            return;
        }
        read_more(stream, buffer).await;
    }
}

async fn read_more(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    let read = stream.read_buf(buffer).await.expect("an answer");
    assert!(read > 0, "the server closed the connection");
}
