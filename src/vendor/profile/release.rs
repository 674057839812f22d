//! Numbers of releases, as they stand in whatever a product says its version is.

use std::fmt;

/// The first dotted number of a version text: `TrueNAS-SCALE-24.10.2.4` is 24.10.2.4. Compared part
/// by part, so that 24.10 comes after 24.4.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReleaseNumber(Vec<u64>);

impl ReleaseNumber {
    /// The number in a text; `None` if it holds none.
    pub fn find(text: &str) -> Option<Self> {
        let begin = text.find(|character: char| character.is_ascii_digit())?;
        let number: String = text
            .chars()
            .skip(text.get(..begin)?.chars().count())
            .take_while(|character| character.is_ascii_digit() || *character == '.')
            .collect();
        number
            .split('.')
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().ok())
            .collect::<Option<_>>()
            .map(Self)
    }
}

impl fmt::Display for ReleaseNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(u64::to_string).collect();
        formatter.write_str(&parts.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::ReleaseNumber;

    fn number(text: &str) -> ReleaseNumber {
        ReleaseNumber::find(text).unwrap()
    }

    #[test]
    fn the_number_is_found_in_what_products_say() {
        for (text, expected) in [
            ("TrueNAS-13.0-U6.8", "13.0"),
            ("TrueNAS-SCALE-24.10.2.4", "24.10.2.4"),
            ("25.10.6", "25.10.6"),
            ("v5.2.", "5.2"),
        ] {
            assert_eq!(number(text).to_string(), expected);
        }
        for text in ["", "master", "99999999999999999999999999.1"] {
            assert_eq!(ReleaseNumber::find(text), None, "{text}");
        }
    }

    #[test]
    fn releases_are_ordered_part_by_part() {
        let ordered = [
            "13.0",
            "22.02.4",
            "22.12",
            "22.12.4.2",
            "24.04",
            "24.10",
            "26",
        ];
        for pair in ordered.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
    }
}
