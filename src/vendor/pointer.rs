//! JSON pointers (RFC 6901) with `*` for any one step, as profiles use them to read answers.

use serde_json::Value;

/// A pointer into an answer. The empty one means the whole body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Any,
}

impl Pointer {
    /// Reads `""`, `"/a/b"`, `"/items/*/name"`.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, for the author of a profile.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self { steps: Vec::new() });
        }
        let Some(rest) = text.strip_prefix('/') else {
            return Err(format!(
                "the pointer \"{text}\" does not begin with a slash"
            ));
        };
        let steps = rest
            .split('/')
            .map(|token| match token {
                "*" => Step::Any,
                // RFC 6901 §4: first ~1, then ~0.
                name => Step::Name(name.replace("~1", "/").replace("~0", "~")),
            })
            .collect();
        Ok(Self { steps })
    }

    /// The first value that it points at.
    pub fn find<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.find_all(value)
            .into_iter()
            .next()
            .map(|(_, found)| found)
    }

    /// What an object shows here: of a pointer with `*` the list of all values, else the first.
    /// `None` if the object says nothing; an empty list says that there are none, which one whose
    /// elements lack what is pointed at does not.
    pub fn shown(&self, value: &Value) -> Option<Value> {
        let Some(first_any) = self.steps.iter().position(|step| *step == Step::Any) else {
            return self.find(value).cloned();
        };
        let container = Self {
            steps: self.steps.iter().take(first_any).cloned().collect(),
        };
        let elements = match container.find(value)? {
            Value::Array(list) => list.len(),
            Value::Object(object) => object.len(),
            _ => 0,
        };
        let found = self.find_all(value);
        if found.is_empty() && elements > 0 {
            return None;
        }
        Some(found.into_iter().map(|(_, found)| found.clone()).collect())
    }

    /// Every value that it points at, with the way to it (`/errors/login/0`).
    pub fn find_all<'a>(&self, value: &'a Value) -> Vec<(String, &'a Value)> {
        let mut found = vec![(String::new(), value)];
        for step in &self.steps {
            found = found
                .into_iter()
                .flat_map(|(way, value)| descend(&way, value, step))
                .collect();
        }
        found
    }
}

fn descend<'a>(way: &str, value: &'a Value, step: &Step) -> Vec<(String, &'a Value)> {
    match (value, step) {
        (Value::Object(object), Step::Name(name)) => object
            .get(name)
            .map(|inner| (format!("{way}/{name}"), inner))
            .into_iter()
            .collect(),
        (Value::Object(object), Step::Any) => object
            .iter()
            .map(|(name, inner)| (format!("{way}/{name}"), inner))
            .collect(),
        (Value::Array(list), Step::Name(name)) => name
            .parse::<usize>()
            .ok()
            .and_then(|index| list.get(index))
            .map(|inner| (format!("{way}/{name}"), inner))
            .into_iter()
            .collect(),
        (Value::Array(list), Step::Any) => list
            .iter()
            .enumerate()
            .map(|(index, inner)| (format!("{way}/{index}"), inner))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Pointer;

    #[test]
    fn names_indices_and_any() {
        let body = json!({"a.b": [{"errno": 17}, {"errno": 22}], "message": "x"});
        let all = Pointer::parse("/*/*/errno").unwrap();
        let found: Vec<_> = all
            .find_all(&body)
            .into_iter()
            .map(|(way, value)| (way, value.as_i64()))
            .collect();
        assert_eq!(
            found,
            [
                ("/a.b/0/errno".to_owned(), Some(17)),
                ("/a.b/1/errno".to_owned(), Some(22))
            ]
        );
        let second = Pointer::parse("/a.b/1/errno").unwrap();
        assert_eq!(second.find(&body), Some(&json!(22)));
        assert_eq!(Pointer::parse("").unwrap().find(&body), Some(&body));
        assert_eq!(Pointer::parse("/message/0").unwrap().find(&body), None);
    }

    #[test]
    fn what_is_shown_of_a_list() {
        let roles = Pointer::parse("/roles/*/id").unwrap();
        assert_eq!(
            roles.shown(&json!({"roles": [{"id": 1}, {"id": 2}]})),
            Some(json!([1, 2]))
        );
        assert_eq!(roles.shown(&json!({"roles": []})), Some(json!([])));
        assert_eq!(roles.shown(&json!({"name": "x"})), None);
        assert_eq!(roles.shown(&json!({"roles": [{"name": "x"}]})), None);
    }

    #[test]
    fn escapes_and_faults() {
        let body = json!({"a/b": {"~": 1}});
        assert_eq!(
            Pointer::parse("/a~1b/~0").unwrap().find(&body),
            Some(&json!(1))
        );
        assert!(Pointer::parse("a").is_err());
    }
}
