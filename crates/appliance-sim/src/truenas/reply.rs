//! How the REST layer says yes and no.

use serde_json::{Map, Value, json};

use crate::exchange::Response;

/// `ENOENT`: what is referred to is not there.
pub(super) const ENOENT: u16 = 2;
/// `EACCES`: not allowed.
pub(super) const EACCES: u16 = 13;
/// `EFAULT`: what old releases answer for an unknown primary group.
pub(super) const EFAULT: u16 = 14;
/// `EBUSY`: too many attempts.
pub(super) const EBUSY: u16 = 16;
/// `EEXIST`: taken.
pub(super) const EEXIST: u16 = 17;
/// `EINVAL`: everything else.
pub(super) const EINVAL: u16 = 22;
/// The middleware's own number for a call before the login.
pub(super) const ENOTAUTHENTICATED: u16 = 207;

const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// One complaint of a validation error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) key: String,
    pub(super) message: String,
    pub(super) errno: u16,
}

/// Why a call was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A plain text answer of the web framework.
    Text(u16, &'static str),
    /// 422 with complaints by key.
    Validation(Vec<Complaint>),
    /// 422 with one message.
    Call { message: String, errno: u16 },
    /// 422 under the key `null`: the row of an update or delete does not exist.
    NoSuchRow(String),
    /// 404 with an empty message: the row of a read does not exist.
    NotFound,
    /// Over JSON-RPC: there is no such method.
    UnknownMethod,
    /// CORE's answer to a body that is no JSON.
    NotJson(String),
    /// 500 with a traceback: an exception that nobody caught.
    Unhandled {
        exception: &'static str,
        message: String,
    },
}

impl Refusal {
    /// The framework's page for an exception outside the call itself.
    pub(super) const BROKEN: Self = Self::Text(
        500,
        "500 Internal Server Error\n\nServer got itself in trouble",
    );
    pub(super) const NO_UPGRADE: Self = Self::Text(400, "400: No WebSocket UPGRADE hdr");
    pub(super) const NO_ROUTE: Self = Self::Text(404, "404: Not Found");
    pub(super) const WRONG_METHOD: Self = Self::Text(405, "405: Method Not Allowed");
    pub(super) const UNAUTHORIZED: Self = Self::Text(401, "401: Unauthorized");
    pub(super) const FORBIDDEN: Self = Self::Text(403, "403: Forbidden");

    /// One complaint.
    pub(super) fn invalid(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Validation(vec![Complaint {
            key: key.into(),
            message: message.into(),
            errno: EINVAL,
        }])
    }

    pub(super) fn call(message: impl Into<String>, errno: u16) -> Self {
        Self::Call {
            message: message.into(),
            errno,
        }
    }

    pub(super) fn into_response(self) -> Response {
        match self {
            Self::Text(status, text) => Response::text(status, TEXT, text),
            Self::Validation(complaints) => Response::json(422, JSON, &by_key(complaints)),
            Self::Call { message, errno } => {
                Response::json(422, JSON, &json!({"message": message, "errno": errno}))
            }
            Self::NoSuchRow(message) => Response::json(
                422,
                JSON,
                &json!({"null": [{"message": message, "errno": ENOENT}]}),
            ),
            Self::NotFound | Self::UnknownMethod => {
                Response::json(404, JSON, &json!({"message": ""}))
            }
            Self::NotJson(message) => {
                Response::json(400, "application/json", &json!({"message": message}))
            }
            Self::Unhandled { exception, message } => {
                let traceback = format!(
                    "Traceback (most recent call last):\n  File \"middlewared/restful.py\", line 1, in do\n{exception}: {message}\n"
                );
                Response::json(
                    500,
                    JSON,
                    &json!({"message": message, "traceback": traceback}),
                )
            }
        }
    }
}

/// Complaints that add up until they are checked.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    prefix: String,
    list: Vec<Complaint>,
}

impl Complaints {
    /// Keys are prefixed with the name of the method, `user_create` for example.
    pub(super) fn of(method: &str) -> Self {
        Self {
            prefix: format!("{method}."),
            list: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.add_errno(field, message, EINVAL);
    }

    /// Under the key as it is.
    pub(super) fn add_bare(&mut self, key: &str, message: impl Into<String>) {
        self.list.push(Complaint {
            key: key.to_owned(),
            message: message.into(),
            errno: EINVAL,
        });
    }

    pub(super) fn add_errno(&mut self, field: &str, message: impl Into<String>, errno: u16) {
        self.list.push(Complaint {
            key: format!("{}{field}", self.prefix),
            message: message.into(),
            errno,
        });
    }

    pub(super) fn check(self) -> Result<(), Refusal> {
        if self.list.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Validation(self.list))
        }
    }
}

/// Agrees to a socket; the server adds the rest of the handshake.
pub(super) fn switching_protocols() -> Response {
    Response {
        status: 101,
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// The same answer with its JSON declared as text.
pub(super) fn as_text(mut response: Response) -> Response {
    for (name, value) in &mut response.headers {
        if name == "content-type" {
            TEXT.clone_into(value);
        }
    }
    response
}

pub(super) fn ok(body: &Value) -> Response {
    Response::json(200, JSON, body)
}

fn by_key(complaints: Vec<Complaint>) -> Value {
    let mut grouped = Map::new();
    for complaint in complaints {
        let entry = json!({"message": complaint.message, "errno": complaint.errno});
        match grouped.get_mut(&complaint.key) {
            Some(Value::Array(list)) => list.push(entry),
            _ => {
                grouped.insert(complaint.key, Value::Array(vec![entry]));
            }
        }
    }
    Value::Object(grouped)
}
