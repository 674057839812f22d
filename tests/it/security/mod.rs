//! TLS on both sides.

mod tls;
