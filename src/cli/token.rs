//! `scim-bridge token new`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A new token: recognisable by its prefix, 256 random bits.
pub fn generate() -> String {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes);
    format!("scimb_{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The SHA-256 of a token, in hexadecimal, as the configuration wants it.
pub fn digest_hex(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
