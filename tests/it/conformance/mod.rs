//! The endpoint as a hostile or careless client meets it, and the operators' listener.

mod extensions;
mod hostile;
mod ops;
mod strict;
