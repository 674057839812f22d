//! Input that is made to hurt.

use crate::{ErrorKind, Options, parse_filter, parse_filter_with, parse_path};

fn unlimited() -> Options {
    Options {
        max_depth: usize::MAX,
        max_terms: usize::MAX,
        max_bytes: usize::MAX,
        ..Options::default()
    }
}

fn nested(depth: usize, open: &str) -> String {
    format!("{}a pr{}", open.repeat(depth), ")".repeat(depth))
}

fn chain(terms: usize, connective: &str) -> String {
    vec!["id eq \"x\""; terms].join(connective)
}

#[test]
fn nesting_is_bounded_where_it_goes_too_deep() {
    for open in ["(", "not (", "( "] {
        assert!(parse_filter(&nested(64, open)).is_ok(), "{open}");
        let error = parse_filter(&nested(65, open)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooDeep { limit: 64 }, "{open}");
        assert_eq!(error.offset, 64 * open.len(), "{open}");
    }
}

#[test]
fn brackets_count_as_nesting() {
    let inner = nested(63, "(");
    assert!(parse_filter(&format!("a[{inner}]")).is_ok());
    assert!(parse_path(&format!("a[{inner}]")).is_ok());
    let error = parse_path(&format!("a[({inner})]")).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooDeep { limit: 64 });
    let error = parse_filter(&format!("({inner} and b[c pr])").replace("a pr", "a[b pr]"));
    assert_eq!(error.unwrap_err().kind, ErrorKind::TooDeep { limit: 64 });
}

/// Not even where the caller allows everything, and on an eighth of the stack that Rust's threads
/// have: a filter is read, printed, compared and dropped far down in a server's own calls.
#[test]
fn no_nesting_overflows_the_stack() {
    let hostile = move || {
        for open in ["(", "not ("] {
            for depth in [10_000, 1_000_000] {
                let error = parse_filter_with(&nested(depth, open), &unlimited()).unwrap_err();
                assert_eq!(error.kind, ErrorKind::TooDeep { limit: 128 });
            }
            let deepest = parse_filter_with(&nested(128, open), &unlimited()).unwrap();
            assert_eq!(
                parse_filter_with(&deepest.to_string(), &unlimited()),
                Ok(deepest)
            );
        }
    };
    std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(hostile)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn terms_are_bounded_where_there_are_too_many() {
    for connective in [" or ", " and "] {
        assert!(parse_filter(&chain(1000, connective)).is_ok());
        let error = parse_filter(&chain(1001, connective)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooManyTerms { limit: 1000 });
        assert_eq!(
            error.offset,
            chain(1000, connective).len() + connective.len()
        );
    }
}

#[test]
fn terms_in_brackets_count() {
    let options = Options {
        max_terms: 3,
        ..Options::default()
    };
    assert!(parse_filter_with("a[b pr and c pr]", &options).is_ok());
    let error = parse_filter_with("a[b pr and c pr] or d pr", &options).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooManyTerms { limit: 3 });
}

/// Every term is charged when it is read: an exact budget shows that none is read a second time, at
/// any depth and behind any begin that two productions share.
#[test]
fn no_term_is_read_twice() {
    let mut input = String::from("x pr");
    let mut terms = 1;
    for _ in 0..20 {
        input = format!("((not ({input}) and y eq 1) or e[t eq 2].v pr)");
        terms += 3;
    }
    let exactly = Options {
        max_terms: terms,
        ..unlimited()
    };
    assert!(parse_filter_with(&input, &exactly).is_ok());
    let one_less = Options {
        max_terms: terms - 1,
        ..unlimited()
    };
    assert!(parse_filter_with(&input, &one_less).is_err());
}

#[test]
fn length_is_bounded_before_anything_is_read() {
    let long = chain(100_000, " or ");
    let error = parse_filter(&long).unwrap_err();
    assert_eq!(
        (error.offset, error.kind),
        (65_536, ErrorKind::TooLong { limit: 65_536 })
    );
    let options = Options {
        max_bytes: 7,
        ..Options::default()
    };
    assert!(parse_filter_with("a eq 12", &options).is_ok());
    let error = parse_filter_with("a eq 1ä", &options).unwrap_err();
    assert_eq!(
        (error.offset, error.found.as_str()),
        (6, "ä"),
        "an offset is between characters"
    );
}

#[test]
fn a_hundred_thousand_terms_are_no_trouble_where_the_caller_allows_them() {
    let long = chain(100_000, " or ");
    let filter = parse_filter_with(&long, &unlimited()).unwrap();
    assert_eq!(filter.to_string(), long);
    let bounded = Options {
        max_bytes: usize::MAX,
        ..Options::default()
    };
    let error = parse_filter_with(&long, &bounded).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooManyTerms { limit: 1000 });
}
