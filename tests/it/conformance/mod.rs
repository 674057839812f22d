//! The endpoint as a hostile or careless client meets it, and the operators' listener.

mod bulk;
mod hostile;
mod methods;
mod ops;
mod page;
mod pages;
mod versions;
