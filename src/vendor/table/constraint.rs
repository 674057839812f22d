//! What a vendor takes: type, length, pattern, range, set.

use serde_json::Value;

use super::row::{Constraints, ValueKind};
use super::transform::scalar_text;

/// A value that fits, and what had to be done to it.
#[derive(Debug, PartialEq)]
pub(super) struct Fitted {
    pub(super) value: Value,
    pub(super) shortened: bool,
}

impl Constraints {
    /// Fits a value into the field.
    ///
    /// # Errors
    ///
    /// The end of a sentence that begins with the value: `"is longer than 30 characters"`.
    pub(super) fn fit(&self, value: Value) -> Result<Fitted, String> {
        let value = match self.kind {
            Some(kind) => convert(kind, value)?,
            None => value,
        };
        let (value, shortened) = self.fit_length(value)?;
        self.check_text(&value)?;
        self.check_range(&value)?;
        if !self.one_of.is_empty() && !self.one_of.contains(&value) {
            let known: Vec<String> = self.one_of.iter().filter_map(scalar_text).collect();
            return Err(format!("is none of {}", known.join(", ")));
        }
        Ok(Fitted { value, shortened })
    }

    fn fit_length(&self, value: Value) -> Result<(Value, bool), String> {
        let (Some(limit), Value::String(text)) = (self.max_length, &value) else {
            return Ok((value, false));
        };
        if text.chars().count() <= limit {
            return Ok((value, false));
        }
        if !self.truncate {
            return Err(format!("is longer than {limit} characters"));
        }
        let short: String = text.chars().take(limit).collect();
        Ok((Value::from(short.trim_end()), true))
    }

    fn check_text(&self, value: &Value) -> Result<(), String> {
        let Value::String(text) = value else {
            return Ok(());
        };
        if let Some(pattern) = &self.pattern
            && !pattern.is_match(text)
        {
            return Err(format!("does not match {pattern}"));
        }
        if let Some(pattern) = &self.not_pattern
            && pattern.is_match(text)
        {
            return Err(format!("matches {pattern}"));
        }
        Ok(())
    }

    fn check_range(&self, value: &Value) -> Result<(), String> {
        let Some(number) = value.as_i64() else {
            return Ok(());
        };
        if let Some(min) = self.min
            && number < min
        {
            return Err(format!("is less than {min}"));
        }
        if let Some(max) = self.max
            && number > max
        {
            return Err(format!("is more than {max}"));
        }
        Ok(())
    }
}

fn convert(kind: ValueKind, value: Value) -> Result<Value, String> {
    match (kind, value) {
        (ValueKind::Text, Value::String(text)) => Ok(Value::String(text)),
        (ValueKind::Text, value) => scalar_text(&value)
            .map(Value::String)
            .ok_or_else(|| "is no text".to_owned()),
        (ValueKind::Integer, Value::String(text)) => text
            .trim()
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| "is no whole number".to_owned()),
        (ValueKind::Integer, value) if value.is_i64() || value.is_u64() => Ok(value),
        (ValueKind::Integer, _) => Err("is no whole number".to_owned()),
        (ValueKind::Boolean, Value::Bool(boolean)) => Ok(Value::Bool(boolean)),
        (ValueKind::Boolean, value) => match value.as_str().map(str::to_lowercase).as_deref() {
            Some("true") => Ok(Value::Bool(true)),
            Some("false") => Ok(Value::Bool(false)),
            _ => Err("is neither true nor false".to_owned()),
        },
        (ValueKind::List, Value::Array(list)) => Ok(Value::Array(list)),
        (ValueKind::List, single) => Ok(Value::Array(vec![single])),
        (ValueKind::Object, Value::Object(object)) => Ok(Value::Object(object)),
        (ValueKind::Object, _) => Err("is no object".to_owned()),
    }
}
