//! Identity providers in their own dialects, and what four appliances look like afterwards.

mod tables;
mod trace;
