//! The endpoint as a hostile or careless client meets it, and the operators' listener.

mod bulk;
mod directories;
mod extensions;
mod hostile;
mod methods;
mod ops;
mod page;
mod pages;
mod roles;
mod scans;
mod strict;
mod versions;
