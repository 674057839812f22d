//! Which release is imitated, and what differs between the families.

use crate::error::UnknownRelease;
use crate::vendor::Vendor;

/// A family of releases that behave alike, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// TrueNAS CORE 12.0, on FreeBSD.
    Core12,
    /// TrueNAS CORE 13.0, on FreeBSD.
    Core13,
    /// TrueNAS SCALE 22.02, on Linux like all that follow.
    Scale2202,
    /// TrueNAS SCALE 22.12.
    Scale2212,
    /// TrueNAS SCALE 23.10.
    Scale2310,
    /// TrueNAS SCALE 24.04.
    Scale2404,
    /// TrueNAS SCALE 24.10.
    Scale2410,
    /// TrueNAS 25.04.
    Scale2504,
    /// TrueNAS 25.10.
    Scale2510,
    /// TrueNAS 26, which has JSON-RPC alone.
    Scale26,
}

impl Family {
    pub(super) fn of(release: &str) -> Result<Self, UnknownRelease> {
        match release {
            "12.0-U8.1" => Ok(Self::Core12),
            "13.0-U6.8" => Ok(Self::Core13),
            "22.02.4" => Ok(Self::Scale2202),
            "22.12.4.2" => Ok(Self::Scale2212),
            "23.10.2" => Ok(Self::Scale2310),
            "24.04.2.5" => Ok(Self::Scale2404),
            "24.10.2.4" => Ok(Self::Scale2410),
            "25.04.2.6" => Ok(Self::Scale2504),
            "25.10.6" => Ok(Self::Scale2510),
            "26" => Ok(Self::Scale26),
            _ => Err(UnknownRelease::new(Vendor::TrueNas, release)),
        }
    }

    /// What `system.version` answers.
    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Core12 => "TrueNAS-12.0-U8.1",
            Self::Core13 => "TrueNAS-13.0-U6.8",
            Self::Scale2202 => "TrueNAS-SCALE-22.02.4",
            Self::Scale2212 => "TrueNAS-SCALE-22.12.4.2",
            Self::Scale2310 => "TrueNAS-SCALE-23.10.2",
            Self::Scale2404 => "TrueNAS-SCALE-24.04.2.5",
            Self::Scale2410 => "TrueNAS-SCALE-24.10.2.4",
            Self::Scale2504 => "TrueNAS-25.04.2.6",
            Self::Scale2510 => "TrueNAS-25.10.6",
            Self::Scale26 => "TrueNAS-26.0.0-BETA.3",
        }
    }

    /// The JSON-RPC versions of `GET /api/versions`, for the families that have that path.
    pub(super) fn rpc_versions(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Scale2504 => Some(&["v25.04.0", "v25.04.1", "v25.04.2"]),
            Self::Scale2510 => Some(&[
                "v25.04.0", "v25.04.1", "v25.04.2", "v25.10.0", "v25.10.1", "v25.10.2",
            ]),
            Self::Scale26 => Some(&[
                "v25.04.0", "v25.04.1", "v25.04.2", "v25.10.0", "v25.10.1", "v25.10.2", "v26.0.0",
            ]),
            _ => None,
        }
    }

    /// 26 dropped the REST API.
    pub(super) fn has_rest(self) -> bool {
        self < Self::Scale26
    }

    /// Whether mail addresses are checked by a strict library.
    pub(super) fn checks_mail_strictly(self) -> bool {
        (Self::Scale2410..=Self::Scale2510).contains(&self)
    }

    pub(super) fn is_core(self) -> bool {
        self <= Self::Core13
    }

    /// JSON went out as plain text.
    pub(super) fn sends_json_as_text(self) -> bool {
        self == Self::Core12
    }

    /// Only root may use the API.
    pub(super) fn admits_only_root(self) -> bool {
        self <= Self::Scale2202
    }

    /// Whether arguments are checked by typed models, whose complaints differ from those before.
    pub(super) fn has_models(self) -> bool {
        self >= Self::Scale2410
    }

    /// Sudo is two flags and a list, from 22.12 on two lists.
    pub(super) fn has_sudo_flags(self) -> bool {
        self <= Self::Scale2202
    }

    /// Where numeric user and group ids for people begin.
    pub(super) fn first_free_number(self) -> i64 {
        if self <= Self::Scale2202 { 1000 } else { 3000 }
    }

    /// The home of an account that has none.
    pub(super) fn no_home(self) -> &'static str {
        if self <= Self::Scale2310 {
            "/nonexistent"
        } else {
            "/var/empty"
        }
    }

    pub(super) fn default_shell(self) -> &'static str {
        if self.is_core() {
            "/bin/csh"
        } else {
            "/usr/bin/zsh"
        }
    }

    pub(super) fn shells(self) -> &'static [(&'static str, &'static str)] {
        if self.is_core() {
            &[
                ("/bin/sh", "sh"),
                ("/bin/csh", "csh"),
                ("/bin/tcsh", "tcsh"),
                ("/usr/local/bin/bash", "bash"),
                ("/usr/local/bin/zsh", "zsh"),
                ("/usr/sbin/nologin", "nologin"),
            ]
        } else {
            &[
                ("/usr/sbin/nologin", "nologin"),
                ("/usr/bin/sh", "sh"),
                ("/usr/bin/bash", "bash"),
                ("/usr/bin/rbash", "rbash"),
                ("/usr/bin/dash", "dash"),
                ("/usr/bin/zsh", "zsh"),
                ("/usr/bin/tmux", "tmux"),
            ]
        }
    }

    /// From 25.04 on, create and update of a user answer with the user, password and all.
    pub(super) fn replies_with_the_user(self) -> bool {
        self >= Self::Scale2504
    }

    /// CORE applies `offset` in SQL and once more in Python.
    pub(super) fn doubles_offset(self) -> bool {
        self.is_core()
    }

    /// From 25.04.1 on, lists end with an account that is in no table.
    pub(super) fn appends_container_root(self) -> bool {
        self >= Self::Scale2504
    }
}
