//! What a body says about a local user, read with Django's leniency and its limits.
//!
//! Numbers pass for text and `"false"` for false; names that are unknown, or cannot be written,
//! are ignored.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    countries::is_country,
    dialect::Dialect,
    local_user::{FLAGS, LocalUser, TEXTS},
};

/// Longest user name and password, in characters.
const USERNAME_LENGTH: usize = 253;
const PASSWORD_LENGTH: usize = 50;

/// Highest number of the reasons why an account is disabled.
const LAST_REASON: u64 = 8;

/// An account lives at least so much longer, in seconds.
const SHORTEST_LIFE: i64 = 3600;

/// Fields that only a create takes.
const CREATE_ONLY: &[&str] = &[
    "recovery_by_question",
    "recovery_question",
    "recovery_answer",
];

const TOKEN_TYPES: &[&str] = &["ftk", "ftm", "ftc", "email", "sms", "dual"];
const ACTIVATION_METHODS: &[&str] = &["email", "sms"];

/// Errors by field, each field with a list of texts.
#[derive(Debug, Default)]
pub(super) struct Errors(Map<String, Value>);

/// What the body is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purpose {
    pub(super) dialect: Dialect,
    pub(super) is_create: bool,
    pub(super) takes_password: bool,
    pub(super) now: Timestamp,
}

impl Errors {
    pub(super) fn add(&mut self, field: &str, text: impl Into<String>) {
        let texts = self.0.entry(field).or_insert_with(|| json!([]));
        if let Some(texts) = texts.as_array_mut() {
            texts.push(Value::String(text.into()));
        }
    }

    pub(super) fn required(&mut self, field: &str) {
        self.add(field, "This field is required.");
    }

    /// Nothing, or the object that a reply carries.
    pub(super) fn into_result(self) -> Result<(), Value> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Value::Object(self.0)),
        }
    }

    fn too_long(&mut self, field: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            let text =
                format!("Ensure this value has at most {most} characters (it has {length}).");
            self.add(field, text);
        }
    }

    fn no_choice(&mut self, field: &str, value: &str) {
        let text = format!("Select a valid choice. {value} is not one of the available choices.");
        self.add(field, text);
    }
}

/// The user name of a create.
pub(super) fn username(body: &Map<String, Value>, errors: &mut Errors) -> String {
    let name = body.get("username").map(text).unwrap_or_default();
    if name.is_empty() {
        errors.required("username");
    }
    errors.too_long("username", &name, USERNAME_LENGTH);
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "@.+-_".contains(letter);
    if !name.chars().all(allowed) {
        errors.add(
            "username",
            "Enter a valid value: only letters, numbers and @/./+/-/_ characters.",
        );
    }
    name
}

/// Takes every field of the body that can be written, valid or not; the errors tell.
pub(super) fn fill(
    user: &mut LocalUser,
    body: &Map<String, Value>,
    purpose: Purpose,
    errors: &mut Errors,
) {
    let given = |field: &str| body.get(field).filter(|_| purpose.writes(field));
    for (field, most) in TEXTS {
        if let Some(value) = given(field) {
            let value = text(value);
            if let Some(most) = most {
                errors.too_long(field, &value, *most);
            }
            check_form(field, &value, errors);
            user.set_text(field, value);
        }
    }
    for field in FLAGS {
        if let Some(value) = given(field) {
            user.set_flag(field, flag(value));
        }
    }
    if let Some(value) = given("token_type") {
        user.token_type = choice("token_type", value, TOKEN_TYPES, errors);
    }
    if let Some(value) = given("expires_at") {
        user.expires_at = expiry(value, purpose.now, errors);
    }
    if let Some(value) = given("password") {
        let password = text(value);
        errors.too_long("password", &password, PASSWORD_LENGTH);
        user.password = Some(password).filter(|password| !password.is_empty());
    }
    fill_state(user, given("active").is_some(), given("reason"), errors);
}

/// The reason belongs to the state: a change of one sets the other.
fn fill_state(
    user: &mut LocalUser,
    state_given: bool,
    reason: Option<&Value>,
    errors: &mut Errors,
) {
    if state_given {
        user.reason = 0;
        user.locked_until = None;
    }
    if let Some(value) = reason {
        match text(value).parse() {
            Ok(reason) if reason <= LAST_REASON => user.reason = reason,
            _ => errors.no_choice("reason", &text(value)),
        }
    }
}

impl Purpose {
    fn writes(self, field: &str) -> bool {
        match field {
            "password" => self.takes_password,
            field if CREATE_ONLY.contains(&field) => self.is_create,
            field => self.dialect.has_user_field(field),
        }
    }
}

fn check_form(field: &str, value: &str, errors: &mut Errors) {
    if value.is_empty() {
        return;
    }
    match field {
        "email" if !is_email(value) => errors.add(field, "Enter a valid email address."),
        "mobile_number" if !is_international(value) => errors.add(
            field,
            "Enter a valid phone number: +[country_code]-[number].",
        ),
        "country" if !is_country(value) => errors.no_choice(field, value),
        "ftm_act_method" if !ACTIVATION_METHODS.contains(&value) => {
            errors.no_choice(field, value);
        }
        _ => {}
    }
}

fn choice(field: &str, value: &Value, choices: &[&str], errors: &mut Errors) -> Option<String> {
    let value = text(value);
    if value.is_empty() {
        return None;
    }
    if !choices.contains(&value.as_str()) {
        errors.no_choice(field, &value);
    }
    Some(value)
}

/// An ISO 8601 time, in UTC unless it says otherwise, at least an hour ahead; empty for never.
fn expiry(value: &Value, now: Timestamp, errors: &mut Errors) -> Option<Timestamp> {
    let value = text(value);
    if value.is_empty() {
        return None;
    }
    let parsed = value.parse::<Timestamp>().ok().or_else(|| {
        let naive: civil::DateTime = value.parse().ok()?;
        Some(naive.to_zoned(TimeZone::UTC).ok()?.timestamp())
    });
    match parsed {
        None => errors.add("expires_at", "Enter a valid date/time."),
        Some(time) if time.as_second() < now.as_second().saturating_add(SHORTEST_LIFE) => {
            errors.add(
                "expires_at",
                "Expiration time must be at least an hour in the future.",
            );
        }
        Some(_) => {}
    }
    parsed
}

/// A country code, a hyphen and a number; the hyphen is not optional.
fn is_international(value: &str) -> bool {
    let Some((code, number)) = value
        .strip_prefix('+')
        .and_then(|rest| rest.split_once('-'))
    else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(code) && code.len() <= 4 && digits(number)
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else {
        return false;
    };
    let visible = value.bytes().all(|byte| byte.is_ascii_graphic());
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    visible
        && !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && domain.split('.').all(label)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Django's reading of a boolean in a form.
fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Null => false,
        Value::String(text) => !matches!(text.to_lowercase().as_str(), "" | "false" | "0"),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}
