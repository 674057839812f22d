//! Foreman
