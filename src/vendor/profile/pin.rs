//! An administrator says which variant an appliance speaks, or which release it is, instead of
//! having it asked.

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::Profile;
use super::release::ReleaseNumber;

/// Why a profile cannot be pinned so. The messages name neither file nor key: the caller knows them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PinError {
    /// The profile has no variants.
    #[error("the profile {vendor} is the same for every release, and has nothing to choose")]
    NoVariants {
        /// The profile's vendor.
        vendor: String,
    },
    /// No variant has that name.
    #[error("the profile {vendor} has no variant {given:?}; there are {known}")]
    Unknown {
        /// The profile's vendor.
        vendor: String,
        /// What was given.
        given: String,
        /// The names that there are.
        known: String,
    },
    /// The release is no number.
    #[error("{given:?} is no number of a release; write it like \"24.10\"")]
    NoNumber {
        /// What was given.
        given: String,
    },
    /// No variant is for that release.
    #[error("no variant of the profile {vendor} is for release {given}")]
    NoneFits {
        /// The profile's vendor.
        vendor: String,
        /// What was given.
        given: String,
    },
}

impl Profile {
    /// The profile for an appliance that speaks `variant`, or is of release `version`. What is left
    /// to find out is asked as usual.
    ///
    /// # Errors
    ///
    /// Where the profile has nothing that fits.
    pub fn pinned(
        mut self,
        variant: Option<&str>,
        version: Option<&str>,
    ) -> Result<Self, PinError> {
        if variant.is_none() && version.is_none() {
            return Ok(self);
        }
        let vendor = self.vendor.clone();
        if self.variants.is_empty() {
            return Err(PinError::NoVariants { vendor });
        }
        let known: Vec<String> = self.variants.iter().map(|one| one.name.clone()).collect();
        if let Some(given) = version {
            let release = ReleaseNumber::find(given).ok_or_else(|| PinError::NoNumber {
                given: given.to_owned(),
            })?;
            self.variants.retain(|one| one.includes(&release));
            for one in &mut self.variants {
                (one.from, one.before) = (None, None);
            }
        }
        if let Some(given) = variant {
            self.variants.retain(|one| one.name == given);
            if !known.iter().any(|name| name == given) {
                return Err(PinError::Unknown {
                    vendor,
                    given: given.to_owned(),
                    known: known.join(", "),
                });
            }
            for one in &mut self.variants {
                one.probe = None;
                (one.from, one.before) = (None, None);
            }
        }
        let Some(assumed) = self.variants.last() else {
            return Err(PinError::NoneFits {
                vendor,
                given: version.or(variant).unwrap_or_default().to_owned(),
            });
        };
        let assumed = Self::clone(&assumed.profile);
        let digest = digest(&self.digest, variant, version);
        Ok(Self {
            variants: self.variants,
            digest,
            ..assumed
        })
    }
}

/// A pin changes what is desired, as the profile's text does.
fn digest(profile: &str, variant: Option<&str>, version: Option<&str>) -> String {
    Sha256::digest(format!("{profile} {variant:?} {version:?}").as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
