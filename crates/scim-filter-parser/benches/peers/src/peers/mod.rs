//! The parsers, each behind the same two functions.

mod ours;
mod scim_filter;
mod scim_proto;
mod scim_v2;

use crate::tree::Tree;

/// A parser.
#[derive(Clone, Copy)]
pub struct Peer {
    /// Its crate.
    pub name: &'static str,
    /// Reads a filter and drops what it read; whether it was one. This is what is timed.
    pub accepts: fn(&str) -> bool,
    /// Reads a filter and says what it means.
    pub read: fn(&str) -> Option<Tree>,
}

/// All of them, ours first.
pub const PEERS: [Peer; 4] = [
    Peer {
        name: "scim-filter-parser",
        accepts: ours::accepts,
        read: ours::read,
    },
    Peer {
        name: "scim_v2",
        accepts: scim_v2::accepts,
        read: scim_v2::read,
    },
    Peer {
        name: "scim_proto",
        accepts: scim_proto::accepts,
        read: scim_proto::read,
    },
    Peer {
        name: "scim-filter",
        accepts: scim_filter::accepts,
        read: scim_filter::read,
    },
];
