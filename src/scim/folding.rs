//! Comparing without regard to case (RFC 7643 §2.2, `caseExact`).

/// The form in which case-insensitive values are compared and indexed: folded in one place, so
/// that the database and the evaluator agree.
pub fn fold(value: &str) -> String {
    value.to_lowercase()
}

/// Whether two values have the same folded form, without making it.
pub fn folds_alike(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    // The lower case of this letter alone depends on its place in the word.
    const SIGMA: char = 'Σ';
    if left.contains(SIGMA) || right.contains(SIGMA) {
        return fold(left) == fold(right);
    }
    let left = left.chars().flat_map(char::to_lowercase);
    left.eq(right.chars().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::{fold, folds_alike};

    #[test]
    fn known_pairs() {
        assert!(folds_alike("ÅNGSTRÖM", "ångström"));
        assert!(folds_alike("ΟΔΟΣ", "οδος"));
        assert!(folds_alike("Jane", "jANE"));
        assert!(!folds_alike("straße", "STRASSE"));
        assert!(!folds_alike("jane", "janet"));
    }

    proptest! {
        #[test]
        fn agrees_with_fold(left in "[aAσςΣäÄİiı ]{0,6}", right in "[aAσςΣäÄİiı ]{0,6}") {
            assert_eq!(folds_alike(&left, &right), fold(&left) == fold(&right));
        }
    }
}
