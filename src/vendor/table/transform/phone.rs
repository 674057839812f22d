//! `phone_hyphen`: an international number with a hyphen after its country code, `+46-701234567`.

/// Country codes of ITU-T E.164 that have one or two digits; every other one has three.
#[rustfmt::skip]
const SHORT_CODES: &[&str] = &[
    "1", "7",
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
    "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
    "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
];

/// Country codes of ITU-T E.164 that have three digits.
#[rustfmt::skip]
const LONG_CODES: &[&str] = &[
    "211", "212", "213", "216", "218",
    "220", "221", "222", "223", "224", "225", "226", "227", "228", "229",
    "230", "231", "232", "233", "234", "235", "236", "237", "238", "239",
    "240", "241", "242", "243", "244", "245", "246", "247", "248", "249",
    "250", "251", "252", "253", "254", "255", "256", "257", "258",
    "260", "261", "262", "263", "264", "265", "266", "267", "268", "269",
    "290", "291", "297", "298", "299",
    "350", "351", "352", "353", "354", "355", "356", "357", "358", "359",
    "370", "371", "372", "373", "374", "375", "376", "377", "378", "379",
    "380", "381", "382", "383", "385", "386", "387", "389",
    "420", "421", "423",
    "500", "501", "502", "503", "504", "505", "506", "507", "508", "509",
    "590", "591", "592", "593", "594", "595", "596", "597", "598", "599",
    "670", "672", "673", "674", "675", "676", "677", "678", "679",
    "680", "681", "682", "683", "685", "686", "687", "688", "689", "690", "691", "692",
    "800", "808", "850", "852", "853", "855", "856", "870", "878", "880", "881", "882", "883", "886", "888",
    "960", "961", "962", "963", "964", "965", "966", "967", "968",
    "970", "971", "972", "973", "974", "975", "976", "977", "979",
    "992", "993", "994", "995", "996", "998",
];

/// The longest number of E.164, in digits.
const LONGEST: usize = 15;

/// The number as `+<country code>-<rest>`; `None` if it is not international.
///
/// `tel:` URIs (RFC 3966, which RFC 7643 §4.1.2 recommends), blanks, dots, brackets, hyphens and
/// the international prefix `00` are understood. A trunk zero in brackets is left out.
pub(super) fn phone_hyphen(value: &str) -> Option<String> {
    let value = value.trim();
    let value = match value.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => &value[4..],
        _ => value,
    };
    let number = value.split(';').next()?.replace("(0)", "");
    let number = number.trim();
    let international = number
        .strip_prefix('+')
        .or_else(|| number.strip_prefix("00"))?;
    let digits: String = international
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}'))
        .collect();
    if digits.len() > LONGEST || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let code = SHORT_CODES
        .iter()
        .chain(LONG_CODES)
        .find(|code| digits.starts_with(**code))?;
    let rest = digits.strip_prefix(code)?;
    (!rest.is_empty()).then(|| format!("+{code}-{rest}"))
}

#[cfg(test)]
mod tests {
    use super::phone_hyphen;

    #[test]
    fn the_hyphen_stands_after_the_country_code() {
        for (given, expected) in [
            ("+46701234567", Some("+46-701234567")),
            ("+46 70-123 45 67", Some("+46-701234567")),
            ("0046 701234567", Some("+46-701234567")),
            ("+1 (415) 555.0100", Some("+1-4155550100")),
            ("+44 (0)20 7946 0000", Some("+44-2079460000")),
            ("tel:+358-40-1234567;ext=5", Some("+358-401234567")),
            ("TEL:+3725551234", Some("+372-5551234")),
            ("+46-701234567", Some("+46-701234567")),
            ("070-1234567", None),
            ("+46", None),
            ("+999 1234", None),
            ("+46 70 call me", None),
            ("+4670123456789012345", None),
            ("", None),
        ] {
            assert_eq!(phone_hyphen(given).as_deref(), expected, "{given}");
        }
    }
}
