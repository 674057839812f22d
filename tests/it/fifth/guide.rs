//! `docs/vendor-profiles.md` and the profiles that it builds say the same.

use scim_bridge::vendor::Profile;

use super::PROFILES;

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn guide() -> String {
    read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/vendor-profiles.md"
    ))
}

fn profile(vendor: &str) -> String {
    read(&format!("{PROFILES}/{vendor}/profile.toml"))
}

/// The guide's blocks of TOML.
fn blocks(guide: &str) -> Vec<&str> {
    guide
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().trim_end())
        .collect()
}

#[test]
fn every_block_of_the_guide_stands_in_a_profile() {
    let (heron, larch) = (profile("heron"), profile("larch"));
    let guide = guide();
    let blocks = blocks(&guide);
    assert!(blocks.len() >= 10, "{}", blocks.len());
    for block in blocks {
        assert!(
            heron.contains(block) || larch.contains(block),
            "no profile of the guide says\n{block}"
        );
    }
}

#[test]
fn every_line_of_the_profiles_is_explained_in_the_guide() {
    let guide = guide();
    let explained: Vec<&str> = blocks(&guide)
        .iter()
        .flat_map(|block| block.lines())
        .collect();
    for vendor in ["heron", "larch"] {
        let text = profile(vendor);
        // The tests of a profile begin behind everything else; the guide shows a few of them.
        let (described, _) = text.split_once("[[test]]").unwrap();
        for line in described.lines() {
            let says_something = !line.is_empty() && !line.starts_with('#');
            assert!(
                !says_something || explained.contains(&line),
                "the guide does not show this line of {vendor}: {line}"
            );
        }
    }
}

#[test]
fn the_profiles_are_right_and_their_tests_hold() {
    for vendor in ["heron", "larch"] {
        let profile = Profile::compile(vendor, &profile(vendor), &toml::Table::new());
        let profile = profile.unwrap_or_else(|errors| panic!("{errors}"));
        assert!(profile.test_count() >= 5, "{vendor}");
        let failures = profile.run_tests();
        assert!(failures.is_empty(), "{vendor}: {failures:#?}");
    }
}
