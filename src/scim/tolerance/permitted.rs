//! Which tolerances a directory has.

use super::Tolerance;

/// A set of tolerances: all of them, unless an operator wants clients to keep to the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerances {
    /// One bit for each tolerance that is refused.
    refused: u64,
}

impl Default for Tolerances {
    fn default() -> Self {
        Self::all()
    }
}

impl Tolerances {
    /// Everything is tolerated.
    pub fn all() -> Self {
        Self { refused: 0 }
    }

    /// Nothing is.
    pub fn none() -> Self {
        Tolerance::ALL
            .into_iter()
            .fold(Self::all(), |set, one| set.with(one, false))
    }

    /// The same, but for one of them.
    #[must_use]
    pub fn with(self, tolerance: Tolerance, tolerated: bool) -> Self {
        let refused = if tolerated {
            self.refused & !bit(tolerance)
        } else {
            self.refused | bit(tolerance)
        };
        Self { refused }
    }

    /// Whether this one is tolerated.
    pub fn permit(self, tolerance: Tolerance) -> bool {
        self.refused & bit(tolerance) == 0
    }

    /// Whether none is: what the interoperability profile asks of a service.
    pub fn are_none(self) -> bool {
        self == Self::none()
    }
}

fn bit(tolerance: Tolerance) -> u64 {
    // The enum has no fields, and no more than 64 variants: the test below counts them.
    1 << (tolerance as u64)
}

#[cfg(test)]
mod tests {
    use super::{Tolerance, Tolerances};

    #[test]
    fn each_can_be_switched_alone() {
        assert!(Tolerance::ALL.len() <= 64);
        for one in Tolerance::ALL {
            let without = Tolerances::all().with(one, false);
            let only = Tolerances::none().with(one, true);
            for other in Tolerance::ALL {
                assert_eq!(without.permit(other), other != one, "{one:?}");
                assert_eq!(only.permit(other), other == one, "{one:?}");
            }
            assert!(!only.are_none());
        }
        assert!(Tolerances::none().are_none());
    }
}
