//! JSON-RPC 2.0: its envelopes, and the websocket that carries them. Over HTTP they travel as any
//! other body does.

mod dial;
pub(super) mod envelope;
mod link;
mod pump;
mod socket;

pub(super) use link::Link;
pub(super) use socket::Socket;

#[cfg(test)]
mod tests;
