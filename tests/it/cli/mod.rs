//! The command line, as a person or a script uses it: the binary itself.

mod binary;
mod demo;
mod plan;
mod reports;
