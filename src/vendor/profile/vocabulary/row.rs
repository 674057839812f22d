//! Rows of the translation table.

use serde_json::{Value, json};

use super::super::super::table::transform::names;
use super::Kind::{
    Any, Anys, Flag, Integer, Object, Pointers, Regex, Schema, Size, Table, Tables, Text, Texts,
    Word, Words,
};
use super::calls::REFERENCE;
use super::vocabulary;

vocabulary! { ROW = "row", "How a field of the vendor gets its value, what the vendor takes, and how it is read back. A row has one source at most: from, template, value or choose." {
    "from": Texts, "Paths into the resource as in SCIM filters; the first that is present wins, a + b joins two.";
    "template": Text, "A MiniJinja text with user (or group), groups and appliance; a name without a value means no value.";
    "value": Any, "Always the same.";
    "choose": Tables(&CHOICE), "Lines, each with a group, a role or an entitlement; one that the resource has gives the value.";
    "pick": Word(PICKS), "Which line of choose counts where several fit.";
    "default": Any, "The value where no line of choose fits.";
    "apply": Schema(transforms), "Transforms, in this order.";
    "on": Words(&["create", "change"]), "When the field is sent; both unless said.";
    "when": Text, "A SCIM filter; where it does not hold, the row has no value.";
    "with": Texts, "Fields that travel with a change of this one.";
    "empty": Any, "What a value that went away becomes; \"null\" is JSON's null.";
    "type": Word(&["string", "integer", "boolean", "list", "object"]), "The JSON type of the field.";
    "max_length": Size, "The longest text that the vendor takes, in characters.";
    "too_long": Word(&["truncate", "refuse"]), "What happens to a longer text; refuse unless said.";
    "pattern": Regex, "What the vendor takes.";
    "not_pattern": Regex, "What the vendor refuses although it matches pattern.";
    "min": Integer, "The smallest number.";
    "max": Integer, "The largest number.";
    "one_of": Anys, "The values that the vendor knows.";
    "required": Flag, "Whether a resource without this value cannot be represented.";
    "on_invalid": Word(&["drop", "refuse"]), "What happens to a value that the vendor would not take: left out with a note, or the resource is refused.";
    "secret": Flag, "A password: never part of the table, never shown.";
    "generate": Table(&GENERATE), "How a password is made up.";
    "forbidden": Text, "Characters that the vendor refuses in a password.";
    "omit_when": Object, "Fields with a value or a list of values: where they hold, no password is sent.";
    "reference": Table(&REFERENCE), "The value is the name of another object, whose id is sent.";
    "masked": Flag, "The value is never shown.";
    "read": Pointers, "Where an answer shows the field, if not under its name.";
    "compare": Word(&["exact", "ci", "set", "instant", "never"]), "When two values are the same; exact unless said.";
    "ignore": Anys, "Elements of a list that the vendor adds by itself.";
    "leave_when": Anys, "Values that the vendor sets by itself and that are left alone.";
} }

/// Which lines of a choose count.
pub(super) const PICKS: &[&str] = &["first", "least", "all"];

vocabulary! { CHOICE = "choice", "A line of choose, with one condition." {
    "group": Text, "A group that the user is in, by its displayName or externalId.";
    "role": Text, "A value of the user's roles.";
    "entitlement": Text, "A value of the user's entitlements.";
    "value" (required): Any, "The value of the field.";
} }

vocabulary! { GENERATE = "generate", "How a password is made up." {
    "length": Size, "How many characters; 24 unless said, at least 12.";
    "alphabet": Text, "The characters that it is made of.";
} }

pub(super) fn transforms() -> Value {
    let text = |meaning: &str| json!({ "type": "string", "description": meaning });
    let with = |properties: Value, required: Value| {
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    };
    let step = json!({ "anyOf": [
        { "enum": names() },
        with(json!({ "strip": text("Leaves these characters out; the inside of a regex class.") }), json!(["strip"])),
        with(json!({ "keep": text("Leaves all other characters out; the inside of a regex class.") }), json!(["keep"])),
        with(
            json!({ "replace": text("These characters; the inside of a regex class."), "with": text("What stands in the place of each.") }),
            json!(["replace", "with"]),
        ),
        with(json!({ "prefix": text("Stands before the text.") }), json!(["prefix"])),
        with(json!({ "join": text("Stands between the texts of a list; must come first.") }), json!(["join"])),
    ]});
    json!({ "anyOf": [step, { "type": "array", "items": step }] })
}
