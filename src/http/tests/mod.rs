//! The two listeners as their clients see them.

mod listeners;
mod logs;
mod ops;
mod protocol;
mod refusals;
