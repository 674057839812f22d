//! The profile as a whole: transport, authentication, verdicts.

use serde_json::{Value, json};

use super::Kind::{
    Any, Pointer, Pointers, Regex, Scalars, Schema, Size, Table, Tables, Text, Word, Words,
};
use super::calls::{PROBE, REQUEST, WHOAMI};
use super::object::OBJECT;
use super::tests_of_profiles::TEST;
use super::variant::VARIANT;
use super::vocabulary;

vocabulary! { PROFILE = "profile", "How scim-bridge manages accounts on one vendor's appliances." {
    "vendor" (required): Text, "The vendor's short name, by which configurations name the profile.";
    "title" (required): Text, "The product, for people.";
    "showable": Pointers, "What may be shown of the body of a failed answer; nothing else of it ever is, and nothing at all of a 5xx.";
    "transport" (required): Table(&TRANSPORT), "How the vendor's API is reached.";
    "auth" (required): Table(&AUTH), "How the bridge proves who it is.";
    "verdict": Tables(&VERDICT), "What answers mean; the first row that fits counts, and the status where none does.";
    "user" (required): Table(&OBJECT), "The vendor's accounts.";
    "group": Table(&OBJECT), "The vendor's groups; leave it out where there are none.";
    "variant": Tables(&VARIANT), "One of the APIs that the product speaks by turns; the first whose conditions hold is spoken, so that the last has none.";
    "test": Tables(&TEST), "A test of the profile: a resource in and exact requests out, or an answer in and its meaning out.";
} }

vocabulary! { TRANSPORT = "transport", "How the vendor's API is reached." {
    "kind" (required): Word(&["rest", "jsonrpc-websocket", "jsonrpc-http"]), "How calls are carried.";
    "base_path": Text, "Stands before every path: begins with a slash, ends without one.";
    "path": Text, "Where JSON-RPC is spoken, from the origin on.";
    "max_request_bytes": Size, "The longest message over a websocket that the vendor takes, in bytes.";
    "headers": Scalars, "Headers of every call.";
    "probe": Table(&PROBE), "A call that reads the product's version, or shows that it is there.";
} }

vocabulary! { AUTH = "auth", "How the bridge proves who it is." {
    "schemes" (required): Schema(schemes), "What the vendor takes, the best first: \"basic\", \"bearer\", \"session\", { header = \"X-Api-Key\" }. None for a websocket, which is logged in.";
    "whoami": Table(&WHOAMI), "Asks for the account that the bridge itself uses, so that it is never touched.";
    "session": Table(&SESSION), "How to log in, for the scheme \"session\".";
    "login": Tables(&LOGIN), "How a websocket is logged in, once for all calls; the best first.";
} }

vocabulary! { LOGIN = "login", "A call that logs a websocket in." {
    "with" (required): Word(&["token", "password"]), "What it takes: a token or API key, or a user name and a password.";
    "request" (required): Table(&REQUEST), "The call, with {{ token }}, or with {{ username }} and {{ password }}.";
    "accepted" (required): Table(&ACCEPTED), "What the answer shows if the login succeeded.";
} }

vocabulary! { ACCEPTED = "accepted", "What the answer to a login shows if it succeeded." {
    "at" (required): Pointer, "The place.";
    "is" (required): Any, "The value there.";
} }

vocabulary! { SESSION = "session", "Login and logout." {
    "login" (required): Table(&REQUEST), "Logs in, with {{ username }} and {{ password }}.";
    "logout": Table(&REQUEST), "Logs out, with {{ session_id }}.";
    "token" (required): Pointer, "Where the answer to the login has the token.";
    "id": Pointer, "Where the answer to the login has the id of the session.";
    "header" (required): Text, "The header that carries the token.";
} }

vocabulary! { PATTERN = "pattern", "What an answer is like: all conditions hold, or it does not fit." {
    "status": Schema(statuses), "HTTP statuses.";
    "code": Schema(codes), "Codes of JSON-RPC errors.";
    "at": Pointers, "Places in the body; one of them has to be there.";
    "is": Any, "The value there.";
    "matches": Regex, "A pattern for the value there.";
    "key": Regex, "A pattern for the way to the value there, such as /errors/login/0.";
    "header": Table(&HEADER), "A header of the answer.";
} }

vocabulary! { VERDICT = "verdict" with PATTERN, "What an answer means: all conditions of the row hold, or it does not fit." {
    "operations": Words(OPERATIONS), "What was being done.";
    "class" (required): Word(CLASSES), "What the answer means; what happens next follows from it.";
} }

vocabulary! { HEADER = "header", "A header of an answer." {
    "name" (required): Text, "Its name, in any case.";
    "pattern" (required): Regex, "A pattern for its value.";
} }

/// The classes of failures.
pub(super) const CLASSES: &[&str] = &[
    "conflict",
    "not_found",
    "invalid",
    "refused",
    "denied",
    "unauthenticated",
    "throttled",
    "unavailable",
    "uncertain",
    "incomplete",
    "protocol",
];

/// What a call can be for.
pub(super) const OPERATIONS: &[&str] = &[
    "probe",
    "login",
    "logout",
    "whoami",
    "find",
    "read",
    "list",
    "create",
    "update",
    "rename",
    "disable",
    "enable",
    "delete",
    "list_members",
    "add_member",
    "remove_member",
    "list_items",
    "add_item",
    "remove_item",
    "look_up",
    "list_held",
    "revoke",
];

fn codes() -> Value {
    let code = json!({ "type": "integer" });
    json!({ "anyOf": [code, { "type": "array", "items": code }] })
}

fn statuses() -> Value {
    let status = json!({ "type": "integer", "minimum": 100, "maximum": 599 });
    json!({ "anyOf": [status, { "type": "array", "items": status }] })
}

fn schemes() -> Value {
    let scheme = json!({ "anyOf": [
        { "enum": ["basic", "bearer", "session"] },
        {
            "type": "object",
            "properties": { "header": { "type": "string", "description": "The header that carries the token." } },
            "required": ["header"],
            "additionalProperties": false,
        },
    ]});
    json!({ "anyOf": [scheme, { "type": "array", "items": scheme }] })
}
