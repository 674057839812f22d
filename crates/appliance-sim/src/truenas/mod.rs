//! TrueNAS: users and groups of the REST API v2.0 and of JSON-RPC, from CORE 12.0 to 26.

mod api_key;
mod appliance;
mod auth;
mod body;
mod builtin;
mod email;
mod filter;
mod group_view;
mod groups;
mod knobs;
mod names;
mod number_pool;
mod passwords;
mod privileges;
mod query;
mod reads;
mod release;
mod reply;
mod routes;
mod rpc;
mod schema;
mod schema_fields;
mod settings;
mod state;
mod system;
mod user_keys;
mod user_rules;
mod user_view;
mod users;

#[cfg(test)]
mod tests;

pub(crate) use appliance::TrueNas;

use crate::exchange::{Request, Response, Simulator};
use crate::socket::Sockets;

impl Simulator for TrueNas {
    fn handle(&mut self, request: &Request) -> Response {
        if let Some(response) = knobs::answer(self, request) {
            return response;
        }
        if rpc::opens_socket(self, request) {
            return reply::switching_protocols();
        }
        let response = match routes::answer(self, request) {
            Ok(body) => reply::ok(&body),
            Err(refusal) => refusal.into_response(),
        };
        match self.family.sends_json_as_text() {
            true => reply::as_text(response),
            false => response,
        }
    }

    fn sockets(&mut self) -> Option<&mut dyn Sockets> {
        self.family
            .rpc_versions()
            .is_some()
            .then_some(self as &mut dyn Sockets)
    }
}
