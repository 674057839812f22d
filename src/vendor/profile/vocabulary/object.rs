//! Accounts and groups.

use serde_json::{Value, json};

use super::Kind::{
    Any, Anys, Flag, Named, Object, Pointer, Regex, Schema, Table, Tables, Text, Texts, Word,
};
use super::calls::{
    ACTION, CALL, CREATE, DELETE, FIND, LISTING, READ, REQUEST, UPDATE, object_identities,
};
use super::row::{CHOICE, PICKS, ROW, transforms};
use super::vocabulary;

vocabulary! { OBJECT = "object", "Accounts or groups, as the vendor has them." {
    "key" (required): Text, "The field that names an object uniquely; a row of fields.";
    "key_compare": Word(&["exact", "ci"]), "Whether case matters to the vendor when it compares keys.";
    "namespace": Text, "Objects of one namespace must not share keys; user or group unless said.";
    "wrap": Text, "Bodies become { \"<wrap>\": { ... } }.";
    "id": Schema(object_identities), "Where an object shows its id: a pointer, { header, pattern } where an answer is about one object, or several of them in order; /id unless said.";
    "protected": Texts, "Keys that are never touched.";
    "protected_when": Schema(flags), "Signs by which the vendor protects an object: a pointer to a boolean, or { at, is }.";
    "temporary_key": Text, "A free key for the way through a cycle of renames, with {{ token }}.";
    "without_password": Object, "Fields and values that take the place of a password, for accounts that have none; leave it out where the vendor wants one.";
    "marker": Table(&MARKER), "A field that shows that an object is ours.";
    "state": Table(&STATE), "The field that says whether an account can be used.";
    "find" (required): Table(&FIND), "Looks an object up, with {{ key }}; the rows that come back are compared with the key again.";
    "read": Table(&READ), "Reads one object.";
    "create" (required): Table(&CREATE), "Creates an object.";
    "update" (required): Table(&UPDATE), "Changes fields, with {{ id }}.";
    "rename": Table(&CALL), "Changes the key, with {{ id }}; leave it out where the vendor cannot.";
    "disable": Table(&ACTION), "Switches an account off, with {{ id }}, where state does not say it all.";
    "enable": Table(&ACTION), "Switches an account on, with {{ id }}, where state does not say it all.";
    "delete": Table(&DELETE), "Deletes an object; leave it out where the vendor cannot.";
    "list": Table(&LISTING), "Lists all objects.";
    "revoke": Table(&REVOKE), "Ends what a person still holds: sessions, tokens.";
    "collection": Named(&COLLECTION), "Sub-objects of an account, such as keys or attributes.";
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
    "needs": Texts, "Fields without a value of which an account is kept off.";
    "leave_when": Table(&LEAVE_WHEN), "The vendor's own reasons to keep an account off, which are left alone.";
} }

vocabulary! { LEAVE_WHEN = "leave_when", "The vendor's own reasons to keep an account off." {
    "at": Pointer, "Where an answer shows the reason.";
    "is": Anys, "The values that are reasons of the vendor.";
} }

vocabulary! { MEMBERS = "members", "How the members of a group are read and written." {
    "style" (required): Word(&["list", "map", "objects"]), "The group carries the whole list, or an object whose names are the ids, or each membership is an object of its own.";
    "read": Pointer, "With list and map: where a group shows its members.";
    "id": Pointer, "With list: where a member shows its id, the member itself unless said. With objects: where a membership shows its own id, /id unless said.";
    "write": Table(&REQUEST), "With list and map: writes all members, with {{ group_id }}, {{ group_key }} and {{ member_ids }}.";
    "list": Table(&LISTING), "With objects: lists the memberships of a group, with {{ group_id }}.";
    "find": Table(&LISTING), "With objects: looks for one membership, with {{ group_id }} and {{ member_id }}.";
    "add": Table(&REQUEST), "With objects: adds a member, with {{ group_id }} and {{ member_id }}.";
    "remove": Table(&REQUEST), "With objects: takes a membership away, with {{ membership_id }}.";
    "member": Pointer, "With objects: where a membership shows its member.";
    "group": Pointer, "With objects: where a membership shows its group.";
    "group_pattern": Regex, "With objects: a pattern whose first group is the group's id, where an address is shown.";
    "member_pattern": Regex, "With objects: a pattern whose first group is the member's id, where an address is shown.";
} }

vocabulary! { REVOKE = "revoke", "Ends what a person still holds: lists it and removes each, along with switching off." {
    "list" (required): Table(&LISTING), "Lists what is held, with {{ id }} and {{ key }}.";
    "id": Pointer, "Where a row shows its own id; /id unless said.";
    "owner" (required): Table(&OWNER), "Where a row shows whose it is; others are left alone.";
    "skip_when": Schema(flags), "Signs of rows that are left alone: a pointer to a boolean, or { at, is }.";
    "remove" (required): Table(&REQUEST), "Removes one, with {{ item_id }}.";
    "before_delete": Flag, "Whether it is done before an account is deleted, too.";
} }

vocabulary! { OWNER = "owner", "Where a row shows whose it is." {
    "at" (required): Pointer, "The place.";
    "is" (required): Word(&["id", "key"]), "Whether it shows the account's id or its key.";
} }

vocabulary! { COLLECTION = "collection", "Sub-objects of an account; only what the bridge added is its own." {
    "list" (required): Table(&LISTING), "Lists the items of an account, with {{ id }}.";
    "id": Pointer, "Where an item shows its own id; /id unless said.";
    "add" (required): Table(&REQUEST), "Adds an item, with {{ id }}; its body is made of the item's fields.";
    "wrap": Text, "The body of add becomes { \"<wrap>\": { ... } }.";
    "remove" (required): Table(&REQUEST), "Removes an item, with {{ id }} and {{ item_id }}.";
    "same": Texts, "The fields that make two items the same; all unless said.";
    "item" (required): Table(&ITEM), "How a value becomes the fields of an item.";
    "from": Texts, "Paths into the resource as in SCIM filters; each value is an item.";
    "template": Text, "A MiniJinja text; one item.";
    "value": Any, "Always the same item.";
    "choose": Tables(&CHOICE), "Items by group, role or entitlement.";
    "default": Any, "The item where no line of choose fits.";
    "pick": Word(PICKS), "Which lines of choose count.";
    "apply": Schema(transforms), "Transforms of each value, in this order.";
    "when": Text, "A SCIM filter; where it does not hold, there are no items.";
    "on_invalid": Word(&["drop", "refuse"]), "What happens to a value that is no item: left out with a note, or the resource is refused.";
} }

vocabulary! { ITEM = "item", "How a value becomes the fields of an item." {
    "pattern" (required): Regex, "A pattern whose named groups are the fields.";
    "default": Object, "Fields that the pattern does not give.";
} }

vocabulary! { RULE = "rule" either &[&["when"], &["without"]], "Where when and without hold, the required fields have a value and the forbidden ones none." {
    "when": Object, "Fields of the table, each with a value or a list of values.";
    "without": Texts, "The rule holds only where these fields have no value.";
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
