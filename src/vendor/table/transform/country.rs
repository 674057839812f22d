//! `country_alpha2`: a country in any usual spelling becomes its ISO 3166-1 code of two letters.

use super::countries::{COUNTRIES, OTHER_NAMES};

/// The code of a country given as a code of two or three letters or as a name.
pub(super) fn country_alpha2(value: &str) -> Option<String> {
    let wanted = folded(value);
    COUNTRIES
        .iter()
        .find(|(alpha2, alpha3, name)| {
            [alpha2, alpha3, name]
                .into_iter()
                .any(|known| folded(known) == wanted)
        })
        .map(|(alpha2, _, _)| *alpha2)
        .or_else(|| {
            OTHER_NAMES
                .iter()
                .find(|(name, _)| folded(name) == wanted)
                .map(|(_, alpha2)| *alpha2)
        })
        .map(str::to_owned)
}

/// Without accents, case and punctuation: `Côte d’Ivoire` is `cote divoire`.
fn folded(name: &str) -> String {
    deunicode::deunicode(name)
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || *character == ' ')
        .collect::<String>()
        .trim()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::country_alpha2;

    #[test]
    fn codes_and_names() {
        for (given, expected) in [
            ("SE", Some("SE")),
            ("se", Some("SE")),
            ("SWE", Some("SE")),
            ("Sweden", Some("SE")),
            ("united states of america", Some("US")),
            ("Cote d'Ivoire", Some("CI")),
            ("Côte d’Ivoire", Some("CI")),
            ("Türkiye", Some("TR")),
            ("Turkey", Some("TR")),
            ("Atlantis", None),
            ("XX", None),
            ("", None),
        ] {
            assert_eq!(country_alpha2(given).as_deref(), expected, "{given}");
        }
    }
}
