//! The command line, as a person or a script uses it: the binary itself.

mod binary;
mod check_as;
mod demo;
mod plan;
mod reports;
mod vendor;
