//! What the delivery promises, seen from the appliances.

mod appliances_come_and_go;
mod collisions;
mod guard;
mod names;
mod passwords;
mod recreate;
mod scopes;
