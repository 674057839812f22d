//! A client on one connection that it keeps.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::people::TOKEN;

/// A connection to the bridge.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the bridge");
        stream.set_nodelay(true).expect("nodelay");
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Sends a request to a path below `/scim/v2` and reads the answer.
    pub async fn send(&mut self, method: &str, path: &str, body: &str) -> Answer {
        let request = format!(
            "{method} /scim/v2{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\n\
             Content-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let sending = self.stream.write_all(request.as_bytes());
        sending.await.expect("a request sent");
        self.read().await
    }

    /// Sends a request that has to succeed.
    pub async fn ask(&mut self, method: &str, path: &str, body: &str) -> String {
        let answer = self.send(method, path, body).await;
        assert!(
            (200..300).contains(&answer.status),
            "{method} {path}: {} {}",
            answer.status,
            answer.body
        );
        answer.body
    }

    async fn read(&mut self) -> Answer {
        self.buffer.clear();
        let end = loop {
            let ends = |window: &[u8]| window == b"\r\n\r\n";
            if let Some(end) = self.buffer.windows(4).position(ends) {
                break end;
            }
            self.more().await;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|text| text.parse().ok())
            .expect("a status");
        // 204 has no length.
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .map_or(0, |text| text.trim().parse().expect("a length"));
        let begin = end + 4;
        while self.buffer.len() < begin + length {
            self.more().await;
        }
        let body = String::from_utf8_lossy(&self.buffer[begin..begin + length]).into_owned();
        Answer { status, body }
    }

    async fn more(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await;
        assert!(read.expect("an answer") > 0, "the bridge hung up");
    }
}

/// A query string's value.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
