//! The first look at an argument: known keys, required ones, types, and the values that the
//! models of 24.10 and later check by themselves.
//!
//! CORE stops at the first complaint and leaves the method's name out of the key; later releases
//! collect all complaints and prefix them, in other words since 24.10.

use serde_json::{Map, Value};

use super::email;
use super::names;
use super::release::Family;
use super::reply::{Complaints, Refusal};
use super::schema_fields::{Field, Kind};

/// What is checked: a method's argument.
#[derive(Debug, Clone, Copy)]
pub(super) struct Argument<'a> {
    pub(super) method: &'static str,
    /// The name of the model, as a complaint about its type shows it.
    pub(super) model: &'static str,
    pub(super) fields: &'a [Field],
    pub(super) create: bool,
}

impl<'a> Argument<'a> {
    /// The options of a delete, which CORE files under the method and later releases by name.
    pub(super) fn of_delete(
        family: Family,
        method: &'static str,
        model: &'static str,
        fields: &'a [Field],
    ) -> Self {
        Self {
            method: if family.is_core() { method } else { "options" },
            model,
            fields,
            create: false,
        }
    }

    /// The argument with its values coerced as the family does.
    pub(super) fn check(
        &self,
        family: Family,
        body: &Value,
    ) -> Result<Map<String, Value>, Refusal> {
        let Value::Object(given) = body else {
            let message = if !family.has_models() {
                "A dict was expected".to_owned()
            } else {
                format!(
                    "Input should be a valid dictionary or instance of {}",
                    self.model
                )
            };
            return Err(Refusal::invalid(self.method, message));
        };
        if family.is_core() {
            self.check_core(family, given)
        } else if !family.has_models() {
            self.check_schema(family, given)
        } else {
            self.check_model(family, given)
        }
    }

    fn field(&self, family: Family, name: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.name == name && field.is_taken(family, self.create))
    }

    fn check_core(
        &self,
        family: Family,
        given: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Refusal> {
        if let Some(name) = given.keys().find(|name| self.field(family, name).is_none()) {
            return Err(Refusal::invalid(name, "Field was not expected"));
        }
        let mut checked = Map::new();
        for field in self.fields {
            match given.get(field.name) {
                None if field.required && self.create => {
                    return Err(Refusal::invalid(field.name, "attribute required"));
                }
                None => {}
                Some(value) => {
                    let value = coerced(family, field, value)
                        .map_err(|message| Refusal::invalid(field.name, message))?;
                    checked.insert(field.name.to_owned(), value);
                }
            }
        }
        Ok(checked)
    }

    /// SCALE before its models: the types of CORE, but every complaint, under the method's name.
    /// What is unknown is told before anything else is looked at.
    fn check_schema(
        &self,
        family: Family,
        given: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Refusal> {
        let mut complaints = Complaints::of(self.method);
        for name in given.keys() {
            if self.field(family, name).is_none() {
                complaints.add(name, "Field was not expected");
            }
        }
        complaints.check()?;
        let mut complaints = Complaints::of(self.method);
        let mut checked = Map::new();
        for field in self.fields {
            match given.get(field.name) {
                None if field.required && self.create => {
                    complaints.add(field.name, "attribute required");
                }
                None => {}
                Some(value) => match coerced(family, field, value) {
                    Ok(value) => {
                        self.check_schema_value(family, field, &value, &mut complaints);
                        checked.insert(field.name.to_owned(), value);
                    }
                    Err(message) => complaints.add(field.name, message),
                },
            }
        }
        complaints.check()?;
        Ok(checked)
    }

    fn check_schema_value(
        &self,
        family: Family,
        field: &Field,
        value: &Value,
        complaints: &mut Complaints,
    ) {
        let text = value.as_str().unwrap_or_default();
        match field.name {
            // The one complaint without the method's name.
            "username" if family >= Family::Scale2212 && self.method.starts_with("user_") => {
                if let Some(message) = names::schema_complaint(text) {
                    complaints.add_bare("username", message);
                }
            }
            "email" if !value.is_null() => {
                if let Some(message) = email::minimal_complaint(text) {
                    complaints.add("email", message);
                }
            }
            "uid" | "gid" if family >= Family::Scale2310 => {
                if let Some(message) = number_complaint(value) {
                    complaints.add(field.name, message);
                }
            }
            _ => {}
        }
    }

    fn check_model(
        &self,
        family: Family,
        given: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Refusal> {
        let mut complaints = Complaints::of(self.method);
        for field in self.fields {
            if !field.is_taken(family, self.create) {
                continue;
            }
            match given.get(field.name) {
                None if field.required && self.create => {
                    complaints.add(field.name, "Field required");
                }
                None => {}
                Some(value) => self.check_model_value(family, field, value, &mut complaints),
            }
        }
        for name in given.keys() {
            if self.field(family, name).is_none() {
                complaints.add(name, self.unknown_key(family));
            }
        }
        complaints.check()?;
        Ok(given.clone())
    }

    /// The options of a delete went to the typed models later than the rest.
    fn unknown_key(&self, family: Family) -> &'static str {
        if self.method == "options" && family == Family::Scale2410 {
            "Field was not expected"
        } else {
            "Extra inputs are not permitted"
        }
    }

    fn check_model_value(
        &self,
        family: Family,
        field: &Field,
        value: &Value,
        complaints: &mut Complaints,
    ) {
        if value.is_null() && field.nullable_since.is_some_and(|since| family >= since) {
            return;
        }
        if field.name == "username" && self.method.starts_with("user_") {
            return check_username(family, value, complaints);
        }
        match model_type(field.kind, value) {
            Ok(()) => {
                if let Some(message) = model_value(family, self.method, field.name, value) {
                    complaints.add(field.name, message);
                }
            }
            Err((suffix, message)) => complaints.add(&format!("{}{suffix}", field.name), message),
        }
    }
}

/// The types before the models: numbers become text and the other way round.
fn coerced(family: Family, field: &Field, value: &Value) -> Result<Value, String> {
    if value.is_null() {
        return if field.nullable_since.is_some_and(|since| family >= since) {
            Ok(Value::Null)
        } else {
            Err("null not allowed".to_owned())
        };
    }
    let coerced = match (field.kind, value) {
        (Kind::Text, Value::Number(number)) => Some(Value::String(number.to_string())),
        (Kind::Number, Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
        _ => None,
    };
    let value = coerced.unwrap_or_else(|| value.clone());
    match model_type(field.kind, &value) {
        Ok(()) => Ok(value),
        Err(_) => Err(core_type_message(field.kind).to_owned()),
    }
}

fn core_type_message(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "Not a boolean",
        Kind::Text => "Not a string",
        Kind::Number | Kind::IdMap => "Not an integer",
        Kind::Texts | Kind::Numbers => "Not a list",
        Kind::Object => "A dict was expected",
    }
}

/// The suffix of the key and the message, if the type is wrong.
fn model_type(kind: Kind, value: &Value) -> Result<(), (String, &'static str)> {
    const NO_TEXT: &str = "Input should be a valid string";
    const NO_NUMBER: &str = "Input should be a valid integer";
    let complain = |message| Err((String::new(), message));
    let elements = |fits: fn(&Value) -> bool, message| match value.as_array() {
        None => Err((String::new(), "Input should be a valid list")),
        Some(list) => match list.iter().position(|element| !fits(element)) {
            None => Ok(()),
            Some(index) => Err((format!(".{index}"), message)),
        },
    };
    match kind {
        Kind::Flag if !value.is_boolean() => complain("Input should be a valid boolean"),
        Kind::Text if !value.is_string() => complain(NO_TEXT),
        Kind::Number if !value.is_i64() => complain(NO_NUMBER),
        Kind::Object if !value.is_object() => complain("Input should be a valid dictionary"),
        Kind::IdMap if !(value.is_null() || value.is_i64() || value == "DIRECT") => {
            complain(NO_NUMBER)
        }
        Kind::Texts => elements(Value::is_string, NO_TEXT),
        Kind::Numbers => elements(Value::is_i64, NO_NUMBER),
        _ => Ok(()),
    }
}

/// What the models of 24.10 and later say about a value of the right type.
fn model_value(family: Family, method: &str, field: &str, value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    match field {
        "uid" | "gid" => number_complaint(value),
        "full_name" if text.is_empty() => Some(TOO_SHORT.to_owned()),
        "full_name" if family >= Family::Scale2510 && text.contains('\n') => {
            Some("Value error, The newline character is not allowed.".to_owned())
        }
        "password" if family >= Family::Scale2510 && text.is_empty() => Some(TOO_SHORT.to_owned()),
        "email" if family.checks_mail_strictly() => email::strict_complaint(text),
        // 26 lets an empty one in, and stumbles over it when it replies.
        "email" if family >= Family::Scale26 && text.is_empty() => None,
        "email" => email::minimal_complaint(text),
        "name" if method.starts_with("group_") && family >= Family::Scale2504 => {
            names::group_model_complaint(text)
        }
        _ => None,
    }
}

fn number_complaint(value: &Value) -> Option<String> {
    /// The largest uid or gid.
    const MAXIMUM: i64 = 90_000_000;
    match value.as_i64() {
        Some(number) if number > MAXIMUM => {
            Some(format!("Input should be less than or equal to {MAXIMUM}"))
        }
        Some(number) if number < 0 => Some("Input should be greater than or equal to 0".to_owned()),
        _ => None,
    }
}

const TOO_SHORT: &str = "String should have at least 1 character";

/// In 24.10 the type is a union of two, and a refusal shows what each of them said.
fn check_username(family: Family, value: &Value, complaints: &mut Complaints) {
    const NO_TEXT: &str = "Input should be a valid string";
    if family >= Family::Scale2504 {
        match value.as_str().map(names::user_model_complaint) {
            None => complaints.add("username", NO_TEXT),
            Some(Some(message)) => complaints.add("username", message),
            Some(None) => {}
        }
        return;
    }
    let (local, remote) = match value.as_str() {
        None => (Some(NO_TEXT.to_owned()), Some(NO_TEXT.to_owned())),
        Some(name) => (
            names::local_union_complaint(name),
            names::remote_union_complaint(name),
        ),
    };
    if let (Some(local), Some(remote)) = (local, remote) {
        let key = |validator| format!("username.function-after[{validator}(), constrained-str]");
        complaints.add(&key("validate_local_username"), local);
        complaints.add(&key("validate_remote_username"), remote);
    }
}
