//! Text that looks like a password hash or a token, and is none.
//!
//! The simulators keep passwords as they got them; what they show to callers only has to have the
//! right shape and to change whenever the password changes.

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// So many letters and digits, the same for the same seed.
pub(crate) fn letters(seed: u64, length: usize) -> String {
    let mut state = seed;
    (0..length)
        .map(|_| {
            let index = usize::try_from(split_mix(&mut state) % 62).unwrap_or_default();
            char::from(LETTERS.get(index).copied().unwrap_or(b'0'))
        })
        .collect()
}

/// One step of the `SplitMix64` generator.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
