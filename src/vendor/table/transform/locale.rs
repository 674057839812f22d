//! `locale_short`: language and region of a language tag.

/// `en`, `en-GB` or `en_GB`, from language tags (RFC 5646) and from the priority lists that
/// `preferredLanguage` may hold (RFC 7643 §4.1.1: as in `Accept-Language`). A script is left out.
pub(super) fn locale_short(value: &str) -> Option<String> {
    let first = value.split([',', ';']).next()?.trim();
    let separator = if first.contains('_') { '_' } else { '-' };
    let mut subtags = first.split(['-', '_']);
    let language = subtags.next().filter(|tag| is_two_letters(tag))?;
    let language = language.to_ascii_lowercase();
    Some(match subtags.find(|tag| is_two_letters(tag)) {
        Some(region) => format!("{language}{separator}{}", region.to_ascii_uppercase()),
        None => language,
    })
}

fn is_two_letters(tag: &str) -> bool {
    tag.len() == 2 && tag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::locale_short;

    #[test]
    fn language_and_region() {
        for (given, expected) in [
            ("en", Some("en")),
            ("EN-gb", Some("en-GB")),
            ("pt_BR", Some("pt_BR")),
            ("zh-Hant-TW", Some("zh-TW")),
            ("da, en-gb;q=0.8, en;q=0.7", Some("da")),
            ("english", None),
            ("haw", None),
            ("", None),
        ] {
            assert_eq!(locale_short(given).as_deref(), expected, "{given}");
        }
    }
}
