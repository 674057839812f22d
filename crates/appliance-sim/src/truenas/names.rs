//! What may be the name of a user or a group. Each family has its own idea, some have three.

/// The longest user name on CORE.
pub(super) const CORE_MAXIMUM: usize = 16;
/// The longest local user name on SCALE.
const MAXIMUM: usize = 32;

/// What the old check, which 24.10 still runs after its models, refuses anywhere in a name.
const BLACKLIST: &str = " ,\t:+&#%^()!@~*?<>=|\\/\"";

/// The check of CORE and, for groups and once more for users, of 24.10.
pub(super) fn blacklist_complaint(name: &str) -> Option<String> {
    if name.starts_with('-') {
        return Some("Name must begin with an alphanumeric character and not a \"-\".".to_owned());
    }
    if dollar_within(name) {
        return Some("The character $ is only allowed as the final character.".to_owned());
    }
    let invalid: Vec<String> = name
        .chars()
        // Only one bit of a code point says "not ASCII" here, so that some letters slip through.
        .filter(|letter| BLACKLIST.contains(*letter) || u32::from(*letter) & 0x80 != 0)
        .map(String::from)
        .collect();
    (!invalid.is_empty())
        .then(|| format!("name contains invalid characters: {}", invalid.join(", ")))
}

/// The rule of 22.12 to 24.04.
pub(super) fn schema_complaint(name: &str) -> Option<String> {
    let first = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-$.".contains(letter);
    let message = if name.chars().count() > MAXIMUM {
        "The value may not exceed 32 characters"
    } else if !name.starts_with(first) {
        "The name must begin with a letter or an underscore"
    } else if !name.chars().all(allowed) || dollar_within(name) {
        "The name contains characters that are not allowed, or a $ before its end"
    } else {
        return None;
    };
    Some(message.to_owned())
}

/// The local half of 24.10's union.
pub(super) fn local_union_complaint(name: &str) -> Option<String> {
    let failed = |message: &str| Some(format!("Assertion failed, {message}"));
    if name.is_empty() {
        return failed("Username must be at least 1 character in length");
    }
    if name.chars().count() > MAXIMUM {
        return failed("Username cannot exceed 32 charaters in length");
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return failed("Username must start with a letter or an underscore");
    }
    union_characters(name, "")
}

/// The remote half, meant for directory services, which lets much through.
pub(super) fn remote_union_complaint(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some(
            "Assertion failed, Username must be at least 1 character in length".to_owned(),
        );
    }
    union_characters(name, "\\")
}

fn union_characters(name: &str, more: &str) -> Option<String> {
    let allowed = |letter: char| {
        letter.is_ascii_alphanumeric() || "_-$.".contains(letter) || more.contains(letter)
    };
    if !name.chars().all(allowed) {
        return Some(format!(
            "Assertion failed, Valid characters for a username are: '{}'",
            listed(&format!("_-$.{more}"))
        ));
    }
    dollar_within(name)
        .then(|| "Assertion failed, Username must end with a dollar sign character".to_owned())
}

/// User names from 25.04 on.
pub(super) fn user_model_complaint(name: &str) -> Option<String> {
    let Some(first) = name.chars().next() else {
        return Some("Value error, Must be at least 1 character in length".to_owned());
    };
    if name.chars().count() > MAXIMUM {
        return Some("Value error, Cannot exceed 32 charaters in length".to_owned());
    }
    if !(first.is_ascii_alphabetic() || first == '_') {
        return Some(format!("Value error, Cannot start with \"'{first}'\""));
    }
    model_characters(name)
}

/// Group names from 25.04 on.
pub(super) fn group_model_complaint(name: &str) -> Option<String> {
    let Some(first) = name.chars().next() else {
        return Some("Value error, Must be at least 1 character in length".to_owned());
    };
    if first == '-' {
        return Some(format!("Value error, Cannot start with \"'{first}'\""));
    }
    model_characters(name)
}

fn model_characters(name: &str) -> Option<String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    (!name.chars().all(allowed))
        .then(|| format!("Value error, Valid characters are: '{}'", listed("_-.")))
}

fn dollar_within(name: &str) -> bool {
    name.strip_suffix('$').unwrap_or(name).contains('$')
}

fn listed(punctuation: &str) -> String {
    ('a'..='z')
        .chain('A'..='Z')
        .chain('0'..='9')
        .chain(punctuation.chars())
        .map(String::from)
        .collect::<Vec<_>>()
        .join(", ")
}
