//! The endpoint as a hostile or careless client meets it, and the operators' listener.

mod bulk;
mod extensions;
mod hostile;
mod methods;
mod ops;
mod page;
mod pages;
mod scans;
mod strict;
mod versions;
