//! Appliances that fail, in every way that they have.

mod crash;
mod kill;
mod lost_replies;
mod nonsense;
mod outage;
