//! The command line, as a user runs it.

mod check_as;
