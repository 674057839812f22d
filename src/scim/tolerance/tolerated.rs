//! What one request needed.

use std::fmt::Display;
use std::ops::AddAssign;

use super::{Tolerance, Tolerances};
use crate::scim::{ErrorKind, ScimError};

/// How often each tolerance was needed for one request, and the refusal of the first that the
/// directory does not have. Few are needed, so it is a short list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tolerated {
    permitted: Tolerances,
    counts: Vec<(Tolerance, u32)>,
    refusal: Option<Box<ScimError>>,
}

impl Tolerated {
    /// Nothing so far; only these may come.
    pub fn within(permitted: Tolerances) -> Self {
        Self {
            permitted,
            ..Self::default()
        }
    }

    /// Counts one more, or refuses it. `place` is where the client deviates.
    pub fn note(&mut self, tolerance: Tolerance, place: impl Display) {
        self.note_as(tolerance.refusal(), tolerance, place);
    }

    /// The same, with a kind of refusal that follows from the place.
    pub fn note_as(&mut self, kind: ErrorKind, tolerance: Tolerance, place: impl Display) {
        if self.permitted.permit(tolerance) {
            self.count_times(tolerance, 1);
        } else if self.refusal.is_none() {
            let detail = format!(
                "{place}: {}; this directory does not tolerate `{}`",
                tolerance.demand(),
                tolerance.as_str()
            );
            self.refusal = Some(Box::new(ScimError::new(kind, detail)));
        }
    }

    /// Whether the directory has this tolerance.
    pub fn permits(&self, tolerance: Tolerance) -> bool {
        self.permitted.permit(tolerance)
    }

    /// Whether everything so far was tolerable.
    ///
    /// # Errors
    /// The first deviation that the directory does not tolerate.
    pub fn verdict(&self) -> Result<(), ScimError> {
        match &self.refusal {
            Some(error) => Err(error.as_ref().clone()),
            None => Ok(()),
        }
    }

    /// Whether the request was as the RFCs have it; what they permit and only the profiles of
    /// them forbid does not count.
    pub fn is_empty(&self) -> bool {
        self.iter().all(|(tolerance, _)| tolerance.is_in_the_rfcs())
    }

    /// How often this one was needed.
    pub fn count(&self, tolerance: Tolerance) -> u32 {
        self.iter()
            .find(|(noted, _)| *noted == tolerance)
            .map_or(0, |(_, count)| count)
    }

    /// Each tolerance that was needed, with its count, in the order of first need.
    pub fn iter(&self) -> impl Iterator<Item = (Tolerance, u32)> + '_ {
        self.counts.iter().copied()
    }

    fn count_times(&mut self, tolerance: Tolerance, times: u32) {
        match self
            .counts
            .iter_mut()
            .find(|(noted, _)| *noted == tolerance)
        {
            Some((_, count)) => *count = count.saturating_add(times),
            None => self.counts.push((tolerance, times)),
        }
    }
}

impl AddAssign<&Tolerated> for Tolerated {
    fn add_assign(&mut self, other: &Tolerated) {
        for (tolerance, count) in other.iter() {
            self.count_times(tolerance, count);
        }
        if self.refusal.is_none() {
            self.refusal.clone_from(&other.refusal);
        }
    }
}

impl AddAssign for Tolerated {
    fn add_assign(&mut self, other: Tolerated) {
        *self += &other;
    }
}

#[cfg(test)]
mod tests {
    use super::{Tolerance, Tolerances, Tolerated};
    use crate::scim::ErrorKind;

    #[test]
    fn merging_adds_the_counts() {
        let mut all = Tolerated::default();
        all.note(Tolerance::DottedKey, "a.b");
        let mut more = Tolerated::default();
        more.note(Tolerance::DottedKey, "c.d");
        more.note(Tolerance::UrnKey, "urn:x");
        all += more;
        assert_eq!(all.count(Tolerance::DottedKey), 2);
        assert_eq!(all.count(Tolerance::UrnKey), 1);
        assert_eq!(all.count(Tolerance::JsonText), 0);
    }

    #[test]
    fn what_is_not_tolerated_is_refused_by_its_place() {
        let permitted = Tolerances::all().with(Tolerance::DottedKey, false);
        let mut tolerated = Tolerated::within(permitted);
        tolerated.note(Tolerance::UrnKey, "urn:x");
        assert_eq!(tolerated.verdict(), Ok(()));
        tolerated.note(Tolerance::DottedKey, "name.givenName");
        let error = tolerated.verdict().unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidSyntax);
        assert!(error.detail.starts_with("name.givenName: "), "{error}");
        assert!(error.detail.contains("dotted_key"), "{error}");
    }
}
