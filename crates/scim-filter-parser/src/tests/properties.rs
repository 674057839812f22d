//! What holds of any tree and of any text.

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest};

use super::strategies::{Dialect, filter, path, tokens};
use crate::{Options, ParseError, parse_filter, parse_filter_with, parse_path, parse_path_with};

/// The error points into `input` and its message can be made.
fn assert_points_into(input: &str, error: Option<&ParseError>) {
    let Some(error) = error else { return };
    assert!(input.is_char_boundary(error.offset), "{input:?}: {error:?}");
    assert!(error.offset <= input.len(), "{input:?}: {error:?}");
    assert_eq!(
        error.found.is_empty(),
        error.offset == input.len(),
        "{input:?}: {error:?}"
    );
    assert!(
        error
            .to_string()
            .starts_with(&format!("at offset {}: ", error.offset))
    );
}

fn assert_survives(input: &str) {
    let strict = Options {
        bare_words: false,
        max_depth: 3,
        max_terms: 3,
        max_bytes: 40,
    };
    assert_points_into(input, parse_filter(input).as_ref().err());
    assert_points_into(input, parse_path(input).as_ref().err());
    assert_points_into(input, parse_filter_with(input, &strict).as_ref().err());
    assert_points_into(input, parse_path_with(input, &strict).as_ref().err());
}

proptest! {
    #[test]
    fn a_filter_prints_as_what_it_was_read_from(tree in filter(Dialect::Ours)) {
        let printed = tree.to_string();
        prop_assert_eq!(parse_filter(&printed), Ok(tree), "{}", printed);
    }

    #[test]
    fn a_path_prints_as_what_it_was_read_from(tree in path(Dialect::Ours)) {
        let printed = tree.to_string();
        prop_assert_eq!(parse_path(&printed), Ok(tree), "{}", printed);
    }

    #[test]
    fn what_was_read_from_any_text_prints_and_reads_again(tokens in tokens()) {
        let input = tokens.join(" ");
        if let Ok(tree) = parse_filter(&input) {
            prop_assert_eq!(parse_filter(&tree.to_string()), Ok(tree));
        }
        if let Ok(tree) = parse_path(&input) {
            prop_assert_eq!(parse_path(&tree.to_string()), Ok(tree));
        }
    }

    #[test]
    fn any_text_is_survived(input in any::<String>()) {
        assert_survives(&input);
    }

    #[test]
    fn any_tokens_are_survived(tokens in tokens()) {
        assert_survives(&tokens.concat());
        assert_survives(&tokens.join(" "));
    }

    /// A filter that is cut off, or that holds a foreign character, is where most bad input comes
    /// from.
    #[test]
    fn any_damage_is_survived(
        (printed, at) in filter(Dialect::Ours)
            .prop_map(|tree| tree.to_string())
            .prop_flat_map(|printed| {
                let end = printed.len();
                (Just(printed), 0..=end)
            }),
        foreign in any::<char>(),
    ) {
        let (before, after) = printed.split_at(printed.floor_char_boundary(at));
        assert_survives(before);
        assert_survives(after);
        assert_survives(&format!("{before}{foreign}{after}"));
    }

    #[test]
    fn blanks_around_change_nothing(tree in filter(Dialect::Ours), blanks in "[ \t\r\n]{0,4}") {
        let printed = format!("{blanks}{tree}{blanks}");
        prop_assert!(parse_filter(&printed) == Ok(tree), "{}", printed);
    }
}
