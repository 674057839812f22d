//! The edge against a server that answers whatever a test says.

mod answers;
mod fixed;
mod harness;
mod secrets;
mod server;
mod session;
mod tls;
