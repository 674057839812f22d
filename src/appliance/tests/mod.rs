//! The edge against a server that answers whatever a test says.

mod answers;
mod fixed;
mod harness;
mod rpc_http;
mod rpc_server;
mod secrets;
mod server;
mod session;
mod socket;
mod tls;
mod variants;
