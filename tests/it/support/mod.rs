//! A site for a test: a bridge in process, simulated appliances, a SCIM client.

mod accounts;
mod client;
mod operator;
mod process;
mod site;
mod truenas_rpc;

pub use accounts::{Account, group_members, read_account, read_accounts};
pub use client::{PATCH, Reply, Scim, USER, user};
pub use operator::Operator;
pub use process::Process;
pub use site::{PARTNERS_TOKEN, Site, SiteBuilder, read_certificate_of};
