//! Calls: requests, lists and their pages.

use serde_json::{Value, json};

use super::Kind::{Any, Pointer, Scalars, Schema, Size, Table, Tables, Text, Texts, Word};
use super::vocabulary;

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What makes a request one over HTTP, and what a call of JSON-RPC.
const REQUEST_KINDS: &[&[&str]] = &[&["method", "path"], &["call"]];

vocabulary! { REQUEST = "request" either REQUEST_KINDS, "One request: method and path, or of JSON-RPC call and params. {{ name }} puts in a declared variable, encoded for its place; inside a longer text it says how: {{ key | quoted }}, {{ id | segment }}." {
    "method": Word(METHODS), "The HTTP method.";
    "path": Text, "Below the base path, beginning with a slash; parameters stand under query.";
    "query": Scalars, "Query parameters.";
    "headers": Scalars, "Headers of this call.";
    "body": Any, "The JSON body, where it is not made of the fields.";
    "call": Text, "The method that a JSON-RPC transport calls, in place of method and path.";
    "params": Any, "What the call is given, a list or a table; \"{{ fields }}\" is where the method takes the fields.";
} }

vocabulary! { PROBE = "probe" with REQUEST, "A request that reads the product's version, or shows that it is there." {
    "version": Pointer, "Where the answer has the version.";
} }

vocabulary! { WHOAMI = "whoami" with REQUEST, "A request that says who the bridge is." {
    "key" (required): Pointer, "Where the answer has the key of the account.";
} }

vocabulary! { CALL = "call", "An operation." {
    "request" (required): Table(&REQUEST), "The request.";
} }

vocabulary! { UPDATE = "update", "Changes fields." {
    "request" (required): Table(&REQUEST), "The request, with {{ id }}; its body is made of the fields that changed.";
    "confirm": Word(CONFIRMS), "What proves that it was obeyed: nothing more than its success, the object in its reply, or a read.";
} }

vocabulary! { ACTION = "action", "An operation of one request or of several." {
    "request": Table(&STEP), "The request, with {{ id }} and {{ key }}.";
    "steps": Tables(&STEP), "Several requests, one after the other; each does no harm when it is sent again.";
    "confirm": Word(CONFIRMS), "What proves that it was obeyed: nothing more than its success, the object in its reply, or a read.";
    "fallback": Tables(&STEP), "What is done where the vendor does not obey.";
} }

vocabulary! { STEP = "step" with REQUEST, "A request of an operation." {
    "fields": Texts, "Fields of the table that go into the body.";
} }

const CONFIRMS: &[&str] = &["none", "reply", "read"];

vocabulary! { LISTING = "listing", "A request that answers with several objects." {
    "request" (required): Table(&REQUEST), "The request.";
    "items": Pointer, "Where the answer has the list; the whole body unless said.";
    "paging": Table(&PAGING), "How the vendor cuts the list; all at once unless said.";
} }

vocabulary! { FIND = "find" with LISTING, "Looks an object up." {
    "object": Pointer, "In the place of items: where the answer has the one object that it is about.";
} }

vocabulary! { REFERENCE = "reference" with LISTING, "Looks an object of the vendor up by its name, with {{ name }}, and takes its id for the value." {
    "match" (required): Pointer, "Where a row shows the name.";
    "id": Pointer, "Where a row shows the id; /id unless said.";
} }

vocabulary! { PAGING = "paging", "How a vendor cuts a list." {
    "style" (required): Word(&["none", "offset", "page", "next", "keyset"]), "Not at all, by the rows so far, by the number of the page from 1, by a link to the next page, or behind the last row so far.";
    "offset": Text, "The parameter with the number of rows so far.";
    "page": Text, "The parameter with the number of the page.";
    "size": Text, "The parameter with the size of a page.";
    "per_page": Size, "How many rows a page has; 100 unless said.";
    "total": Pointer, "Where the answer says how many rows there are in all.";
    "next": Pointer, "Where the answer has the link to the next page; only its query is followed.";
    "after": Text, "With keyset: the parameter that repeats what the last row shows.";
    "by": Pointer, "With keyset: where a row shows it.";
    "more": Pointer, "With keyset: where the answer says whether there is more; until a page is empty unless said.";
} }

vocabulary! { READ = "read", "Reads one object." {
    "request" (required): Table(&REQUEST), "The request, with {{ id }}.";
    "at": Pointer, "Where the answer has the object; the whole body unless said.";
} }

vocabulary! { CREATE = "create", "Creates an object of the fields." {
    "request" (required): Table(&REQUEST), "The request; its body is made of the fields.";
    "confirm": Word(CONFIRMS), "What proves that it was obeyed: nothing more than its success, the object in its reply, or a read.";
    "id": Schema(identities), "Where the answer has the new id: a pointer, { header, pattern }, \"find\" to look for it, or several of them in order.";
} }

vocabulary! { DELETE = "delete", "Deletes an object." {
    "request" (required): Table(&REQUEST), "The request, with {{ id }} in its path.";
    "fallback": Word(&["disable", "none"]), "What happens to an account whose state forbids its deletion.";
} }

/// Where an object shows its id.
pub(super) fn object_identities() -> Value {
    identities_of("^($|/)")
}

fn identities() -> Value {
    identities_of("^(find|$|/)")
}

fn identities_of(texts: &str) -> Value {
    let identity = json!({ "anyOf": [
        { "type": "string", "pattern": texts },
        {
            "type": "object",
            "properties": {
                "header": { "type": "string", "description": "The name of the header." },
                "pattern": { "type": "string", "description": "A pattern whose first group is the id." },
            },
            "required": ["header", "pattern"],
            "additionalProperties": false,
        },
    ]});
    json!({ "anyOf": [identity, { "type": "array", "items": identity }] })
}
