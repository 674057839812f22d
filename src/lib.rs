//! scim-bridge.
