//! The vendors, by name.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// Whose appliance is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// TrueNAS (FreeNAS), REST API v2.0.
    TrueNas,
    /// Fortinet FortiAuthenticator, REST API v1.
    FortiAuthenticator,
    /// HPE Nimble Storage and Alletra 5000/6000, REST API v1.
    Nimble,
    /// Foreman and Red Hat Satellite, REST API v2.
    Foreman,
}

/// A name that is no vendor's.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[error("{0:?} is no vendor; choose truenas, fortiauthenticator, nimble or foreman")]
pub struct UnknownVendor(String);

impl Vendor {
    /// Every vendor, in the order of the documentation.
    pub const ALL: [Self; 4] = [
        Self::TrueNas,
        Self::FortiAuthenticator,
        Self::Nimble,
        Self::Foreman,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrueNas => "truenas",
            Self::FortiAuthenticator => "fortiauthenticator",
            Self::Nimble => "nimble",
            Self::Foreman => "foreman",
        }
    }

    /// The administrator that such an appliance comes with.
    pub fn administrator(self) -> &'static str {
        match self {
            Self::TrueNas => "root",
            Self::FortiAuthenticator | Self::Nimble | Self::Foreman => "admin",
        }
    }

    /// The releases that can be imitated, the default one first.
    pub fn releases(self) -> &'static [&'static str] {
        match self {
            Self::TrueNas => &[
                "24.10.2.4",
                "12.0-U8.1",
                "13.0-U6.8",
                "22.02.4",
                "22.12.4.2",
                "23.10.2",
                "24.04.2.5",
                "25.04.2.6",
                "25.10.6",
                "26",
            ],
            Self::FortiAuthenticator => &["classic", "8.0", "classic-2014"],
            Self::Nimble => &["5.2", "4.4", "6.x"],
            Self::Foreman => &["3.12.0", "2.5", "1.24"],
        }
    }

    /// The release that is simulated unless another one is asked for.
    pub fn default_release(self) -> &'static str {
        self.releases().first().copied().unwrap_or_default()
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Vendor {
    type Err = UnknownVendor;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|vendor| vendor.name() == name)
            .ok_or_else(|| UnknownVendor(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Vendor;

    #[test]
    fn a_vendor_is_named_on_the_command_line_as_it_is_printed() {
        for vendor in Vendor::ALL {
            assert_eq!(vendor.to_string().parse(), Ok(vendor));
        }
        let error = "netapp".parse::<Vendor>().unwrap_err().to_string();
        assert!(
            error.contains("netapp") && error.contains("nimble"),
            "{error}"
        );
    }
}
