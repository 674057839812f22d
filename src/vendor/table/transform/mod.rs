//! The closed set of transforms that a row may `apply`, in the order in which it names them.
//!
//! | transform | takes | gives |
//! | --- | --- | --- |
//! | `"local_part"` | text | what stands before the last `@` |
//! | `"lower"`, `"upper"`, `"trim"` | text | the same in other letters, or without blanks around it |
//! | `"ascii"` | text | the nearest ASCII text: `Jörg` is `Jorg`, `Łukasz` is `Lukasz`; pictures go |
//! | `"alphanumeric"` | text | its letters and digits only |
//! | `"letter_first"` | text | without what stands before its first letter |
//! | `"digits"` | text | its ASCII digits only |
//! | `"single_line"` | text | its lines joined by `", "`, control characters left out |
//! | `"phone_hyphen"` | text | an international number as `+46-701234567`; others have no value |
//! | `"country_alpha2"` | text | the ISO 3166-1 code of two letters; unknown countries have no value |
//! | `"locale_short"` | text | language and region of a language tag (`en`, `en-GB`); others have no value |
//! | `{ strip = "a-z" }` | text | without these characters (the inside of a regex class) |
//! | `{ keep = "a-z" }` | text | only these characters |
//! | `{ replace = "a-z", with = "_" }` | text | each of these characters replaced |
//! | `{ prefix = "x" }` | text | with that before it |
//! | `{ join = ", " }` | list of texts | one text; must come first |
//! | `"not"` | boolean | the opposite |

mod compile;
mod countries;
mod country;
mod locale;
mod phone;

use regex::Regex;
use serde_json::Value;

pub(super) use compile::compile;
pub(crate) use compile::names;

/// One step from a SCIM value to a vendor's.
#[derive(Debug, Clone)]
pub(crate) enum Transform {
    /// A function of a text.
    Text(TextFunction),
    /// Every match is replaced.
    Replace(Regex, String),
    /// A text is put before it.
    Prefix(String),
    /// A list becomes one text.
    Join(String),
    /// The opposite.
    Not,
}

/// The functions of one text that need nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextFunction {
    LocalPart,
    Lower,
    Upper,
    Trim,
    Ascii,
    Alphanumeric,
    LetterFirst,
    Digits,
    SingleLine,
    PhoneHyphen,
    CountryAlpha2,
    LocaleShort,
}

impl Transform {
    /// The value after this step.
    ///
    /// # Errors
    ///
    /// The end of a sentence that begins with the value: `"is no international number"`.
    pub(crate) fn apply(&self, value: Value) -> Result<Value, String> {
        match (self, value) {
            (Self::Not, Value::Bool(boolean)) => Ok(Value::Bool(!boolean)),
            (Self::Not, _) => Err("is neither true nor false".to_owned()),
            (Self::Join(separator), Value::Array(list)) => {
                let texts: Vec<String> = list.iter().filter_map(scalar_text).collect();
                Ok(Value::String(texts.join(separator)))
            }
            (Self::Join(_), value) => Ok(value),
            (step, value) => match scalar_text(&value) {
                Some(text) => step.apply_to_text(text).map(Value::String),
                None => Err("is no text".to_owned()),
            },
        }
    }

    fn apply_to_text(&self, text: String) -> Result<String, String> {
        Ok(match self {
            Self::Text(function) => return function.apply(&text),
            Self::Replace(pattern, with) => pattern
                .replace_all(&text, regex::NoExpand(with))
                .into_owned(),
            Self::Prefix(prefix) => format!("{prefix}{text}"),
            Self::Join(_) | Self::Not => text,
        })
    }
}

impl TextFunction {
    fn apply(self, text: &str) -> Result<String, String> {
        Ok(match self {
            Self::LocalPart => text
                .rsplit_once('@')
                .map_or(text, |(local, _)| local)
                .to_owned(),
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Trim => text.trim().to_owned(),
            Self::Ascii => ascii(text),
            Self::Alphanumeric => text.chars().filter(|c| c.is_alphanumeric()).collect(),
            Self::LetterFirst => text
                .trim_start_matches(|c: char| !c.is_alphabetic())
                .to_owned(),
            Self::Digits => text.chars().filter(char::is_ascii_digit).collect(),
            Self::SingleLine => single_line(text),
            Self::PhoneHyphen => {
                phone::phone_hyphen(text).ok_or("is no international number (+46 ...)")?
            }
            Self::CountryAlpha2 => {
                country::country_alpha2(text).ok_or("is no country of ISO 3166-1")?
            }
            Self::LocaleShort => {
                locale::locale_short(text).ok_or("is no language tag like en or en-GB")?
            }
        })
    }
}

/// A picture has a name in ASCII too, but nobody is called that.
fn ascii(text: &str) -> String {
    let written: String = text.chars().filter(|c| !is_picture(*c)).collect();
    deunicode::deunicode_with_tofu(&written, "")
}

/// Emoji and symbols, with what joins and colours them.
fn is_picture(character: char) -> bool {
    matches!(character,
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' | '\u{fe00}'..='\u{fe0f}' | '\u{200d}')
}

fn single_line(text: &str) -> String {
    let lines: Vec<String> = text
        .split(['\n', '\r', '\u{2028}', '\u{2029}'])
        .map(|line| {
            line.chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect::<String>()
                .trim()
                .trim_end_matches(',')
                .to_owned()
        })
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(", ")
}

/// A single value as text.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests;
