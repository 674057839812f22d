//! Accounts and groups.

use serde_json::{Value, json};

use super::Kind::{
    Any, Anys, Named, Object, Pointer, Pointers, Regex, Schema, Table, Tables, Text, Texts, Word,
};
use super::calls::{CALL, CREATE, DELETE, LISTING, READ, REQUEST};
use super::row::ROW;
use super::vocabulary;

vocabulary! { OBJECT = "object", "Accounts or groups, as the vendor has them." {
    "key" (required): Text, "The field that names an object uniquely; a row of fields.";
    "key_compare": Word(&["exact", "ci"]), "Whether case matters to the vendor when it compares keys.";
    "namespace": Text, "Objects of one namespace must not share keys; user or group unless said.";
    "wrap": Text, "Bodies become { \"<wrap>\": { ... } }.";
    "id": Pointers, "Where an object shows its id; /id unless said.";
    "protected": Texts, "Keys that are never touched.";
    "protected_when": Schema(flags), "Signs by which the vendor protects an object: a pointer to a boolean, or { at, is }.";
    "temporary_key": Text, "A free key for the way through a cycle of renames, with {{ token }}.";
    "marker": Table(&MARKER), "A field that shows that an object is ours.";
    "state": Table(&STATE), "The field that says whether an account can be used.";
    "find" (required): Table(&LISTING), "Looks an object up, with {{ key }}; the rows that come back are compared with the key again.";
    "read": Table(&READ), "Reads one object.";
    "create" (required): Table(&CREATE), "Creates an object.";
    "update" (required): Table(&CALL), "Changes fields, with {{ id }}.";
    "rename": Table(&CALL), "Changes the key, with {{ id }}; leave it out where the vendor cannot.";
    "disable": Table(&CALL), "Switches an account off, with {{ id }}, where state does not say it all.";
    "enable": Table(&CALL), "Switches an account on, with {{ id }}, where state does not say it all.";
    "delete": Table(&DELETE), "Deletes an object; leave it out where the vendor cannot.";
    "list": Table(&LISTING), "Lists all objects.";
    "members": Table(&MEMBERS), "How the members of a group are read and written.";
    "fields" (required): Named(&ROW), "The translation table: a row for each field of the vendor.";
    "rule": Tables(&RULE), "A rule across fields.";
} }

vocabulary! { MARKER = "marker", "A field that shows that an object is ours." {
    "field" (required): Text, "A field of the table, without a source of its own.";
    "prefix": Text, "Stands before the SCIM id; \"scim:\" unless said.";
} }

vocabulary! { STATE = "state", "The field that says whether an account can be used." {
    "field" (required): Text, "The vendor's field; it has no row in the table.";
    "active": Any, "Its value in an account that can be used; true unless said.";
    "inactive": Any, "Its value in one that cannot; false unless said.";
    "read": Pointer, "Where an answer shows it, if not under its name.";
    "also": Object, "Fields that are written along with switching off.";
    "leave_when": Table(&LEAVE_WHEN), "The vendor's own reasons to keep an account off, which are left alone.";
} }

vocabulary! { LEAVE_WHEN = "leave_when", "The vendor's own reasons to keep an account off." {
    "at": Pointer, "Where an answer shows the reason.";
    "is": Anys, "The values that are reasons of the vendor.";
} }

vocabulary! { MEMBERS = "members", "How the members of a group are read and written." {
    "style" (required): Word(&["list", "objects"]), "The group carries the whole list, or each membership is an object of its own.";
    "read": Pointer, "With list: where a group shows its members.";
    "id": Pointer, "With list: where a member shows its id, the member itself unless said. With objects: where a membership shows its own id, /id unless said.";
    "write": Table(&REQUEST), "With list: writes the whole list, with {{ group_id }} and {{ member_ids }}.";
    "list": Table(&LISTING), "With objects: lists the memberships of a group, with {{ group_id }}.";
    "find": Table(&LISTING), "With objects: looks for one membership, with {{ group_id }} and {{ member_id }}.";
    "add": Table(&REQUEST), "With objects: adds a member, with {{ group_id }} and {{ member_id }}.";
    "remove": Table(&REQUEST), "With objects: takes a membership away, with {{ membership_id }}.";
    "member": Pointer, "With objects: where a membership shows its member.";
    "member_pattern": Regex, "With objects: a pattern whose first group is the member's id, where an address is shown.";
} }

vocabulary! { RULE = "rule", "Where when holds, the required fields have a value and the forbidden ones none." {
    "when" (required): Object, "Fields of the table, each with a value or a list of values.";
    "require": Texts, "Fields that must have a value.";
    "forbid": Texts, "Fields that must not have a value.";
    "message" (required): Text, "What is wrong and what to do, for the operator.";
} }

fn flags() -> Value {
    let flag = json!({ "anyOf": [
        { "type": "string", "pattern": "^/" },
        {
            "type": "object",
            "properties": {
                "at": { "type": "string", "description": "Where an object shows the sign." },
                "is": { "description": "The value that protects." },
            },
            "required": ["at", "is"],
            "additionalProperties": false,
        },
    ]});
    json!({ "anyOf": [flag, { "type": "array", "items": flag }] })
}
