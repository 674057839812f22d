//! The profiles that are compiled in.

use super::Profile;

const NAMES: [&str; 4] = ["truenas", "fortiauthenticator", "nimble", "foreman"];

impl Profile {
    /// The vendors whose profiles are compiled in.
    pub fn builtin_names() -> &'static [&'static str] {
        &NAMES
    }

    /// The text of a profile that is compiled in.
    pub fn builtin(vendor: &str) -> Option<&'static str> {
        match vendor {
            "truenas" => Some(include_str!("../../../config/vendors/truenas/profile.toml")),
            "fortiauthenticator" => Some(include_str!(
                "../../../config/vendors/fortiauthenticator/profile.toml"
            )),
            "nimble" => Some(include_str!("../../../config/vendors/nimble/profile.toml")),
            "foreman" => Some(include_str!("../../../config/vendors/foreman/profile.toml")),
            _ => None,
        }
    }
}
