//! The tests that a profile carries.

use super::Kind::{Any, Flag, Integer, Object, Scalars, Size, Table, Tables, Text, Texts, Word};
use super::profile::OPERATIONS;
use super::vocabulary;

vocabulary! { TEST = "test", "A test of the profile: a resource in and exact requests out, or an answer in and its meaning out." {
    "name" (required): Text, "What the test shows.";
    "variant": Texts, "The variants that it is about; the last one unless said.";
    "user": Object, "A SCIM User.";
    "group": Object, "A SCIM Group.";
    "of_group": Flag, "An answer is about a group.";
    "before": Object, "What the resource was when its object was written last.";
    "groups": Tables(&SUBJECT_GROUP), "The groups that the user is in.";
    "requests": Tables(&EXPECTED_REQUEST), "The requests that must come out; the object's id is 7.";
    "overrides": Object, "Rows of an appliance, in the shape of a profile, for this test only.";
    "references": Object, "The ids of names that are looked up.";
    "collections": Object, "Exactly the items that must come out, by collection.";
    "held": Texts, "What of the answer must be revoked.";
    "fields": Object, "Exactly the fields that must come out.";
    "violations": Texts, "The fields for which the resource cannot be represented.";
    "operation": Word(OPERATIONS), "What was asked, for a test of an answer.";
    "answer": Table(&ANSWER), "An answer of the vendor.";
    "class": Word(CLASSES_AND_SUCCESS), "What the answer must mean.";
    "created_id": Text, "The id that the answer must give; \"find\" if none.";
    "observed": Object, "What must be read: id, key, active, left_alone, protected, members, marker, fields.";
} }

vocabulary! { SUBJECT_GROUP = "subject_group", "A group that the user of a test is in." {
    "id": Text, "Its SCIM id.";
    "display": Text, "Its displayName.";
    "external_id": Text, "Its externalId.";
} }

vocabulary! { EXPECTED_REQUEST = "expected_request", "A request that must come out." {
    "op" (required): Word(OPERATIONS), "The operation.";
    "position": Size, "Which of several requests, from 1.";
    "fallback": Flag, "Of a switch: the requests where the vendor does not obey.";
    "collection": Text, "Of an item: its collection.";
    "field": Text, "Of a look-up: the field whose name is looked up.";
    "call": Text, "The JSON-RPC method that is called.";
    "params": Any, "What the call is given.";
    "method": Text, "Its HTTP method.";
    "path": Text, "Its path from the origin on, with its query.";
    "headers": Object, "The headers that the profile gives it.";
    "body": Any, "Its body; \"null\" is JSON's null, secrets are ********.";
} }

vocabulary! { ANSWER = "answer", "An answer of the vendor." {
    "status": Integer, "The HTTP status; 200 unless said.";
    "code": Integer, "The code of a JSON-RPC error, whose error object is the body.";
    "headers": Scalars, "Its headers.";
    "body": Any, "The JSON body; \"null\" is JSON's null.";
    "unreadable": Flag, "There is a body that is no JSON.";
} }

/// What an answer can mean.
const CLASSES_AND_SUCCESS: &[&str] = &[
    "success",
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
