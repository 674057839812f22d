//! Random directories, and random queries about them. Values come out of small sets, so that many
//! filters find something.

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const USER_NAMES: [&str; 9] = [
    "ann",
    "Bob",
    "ÉVE",
    "jane.doe@corp.example",
    "Straße",
    "zoe",
    "e1",
    "Ops",
    "a\\\"b",
];
const GROUP_NAMES: [&str; 4] = ["Ops", "ÉVE", "storage admins", "work"];
const DISPLAY_NAMES: [&str; 4] = ["Ann", "aNN", "Ops", "éve"];
const EXTERNAL_IDS: [&str; 3] = ["e1", "E1", "e2"];
const ADDRESSES: [&str; 4] = ["ann@corp.example", "ANN@corp.example", "bob@x", "work"];
const TYPES: [&str; 3] = ["work", "home", "other"];

/// What a directory holds; group members are positions among users and then groups.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) users: Vec<Value>,
    pub(super) groups: Vec<(Value, Vec<usize>)>,
}

/// A query: text with `$u0` and `$g0` in place of the ids of users and groups. Positions beyond the
/// last begin again.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) filter: Option<String>,
    pub(super) sort_by: Option<&'static str>,
    pub(super) descending: bool,
    pub(super) start_index: u64,
    pub(super) count: Option<u64>,
}

pub(super) fn content() -> impl Strategy<Value = Content> {
    let users = subsequence(USER_NAMES.to_vec(), 2..=7)
        .prop_flat_map(|names| names.into_iter().map(user).collect::<Vec<_>>());
    let groups = subsequence(GROUP_NAMES.to_vec(), 0..=3)
        .prop_flat_map(|names| names.into_iter().map(group).collect::<Vec<_>>());
    (users, groups).prop_map(|(users, groups)| Content { users, groups })
}

fn user(name: &'static str) -> impl Strategy<Value = Value> {
    (
        of(select(&DISPLAY_NAMES[..])),
        of(select(&EXTERNAL_IDS[..])),
        of(any::<bool>()),
        of(select(vec!["Engineer", "engineer II", "work"])),
        vec(email(), 0..3),
        of(select(vec!["Doe", "Ångström", "doe"])),
        of((select(vec!["R", "r", "Grid"]), select(vec!["7", "40017"]))),
    )
        .prop_map(
            move |(display, external, active, title, emails, family, job)| {
                let mut user = json!({"userName": name.replace('\\', "")});
                let mut set = |attribute: &str, value: Option<Value>| {
                    if let Some(value) = value {
                        user[attribute] = value;
                    }
                };
                set("displayName", display.map(Value::from));
                set("externalId", external.map(Value::from));
                set("active", active.map(Value::from));
                set("title", title.map(Value::from));
                set("emails", (!emails.is_empty()).then(|| Value::from(emails)));
                set("name", family.map(|family| json!({"familyName": family})));
                set(
                    ENTERPRISE,
                    job.map(|(department, number)| {
                        json!({"department": department, "employeeNumber": number})
                    }),
                );
                user
            },
        )
}

fn email() -> impl Strategy<Value = Value> {
    (select(&ADDRESSES[..]), of(select(&TYPES[..]))).prop_map(|(value, of)| match of {
        Some(of) => json!({"value": value, "type": of}),
        None => json!({"value": value}),
    })
}

fn group(name: &'static str) -> impl Strategy<Value = (Value, Vec<usize>)> {
    let members = vec(0..8_usize, 0..5);
    (of(select(&EXTERNAL_IDS[..])), members).prop_map(move |(external, members)| {
        let mut group = json!({"displayName": name});
        if let Some(external) = external {
            group["externalId"] = external.into();
        }
        (group, members)
    })
}

pub(super) fn query() -> impl Strategy<Value = Query> {
    let orders = vec![
        "userName",
        "displayName",
        "emails",
        "emails.type",
        "groups.display",
        "members",
        "meta.lastModified",
        "meta.version",
        "active",
        "name.familyName",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        "nonsense",
    ];
    (
        weighted(0.95, filter()),
        weighted(0.3, select(orders)),
        any::<bool>(),
        0..6_u64,
        of(0..5_u64),
    )
        .prop_map(|(filter, sort_by, descending, start_index, count)| Query {
            filter,
            sort_by,
            descending,
            start_index,
            count,
        })
}

fn filter() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => by_index(),
        3 => comparison(path(), literal()),
        1 => path().prop_map(|path| format!("{path} pr")),
        2 => elements(),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            3 => vec(inner.clone(), 2..4).prop_map(|parts| joined(&parts, " and ")),
            1 => vec(inner.clone(), 2..4).prop_map(|parts| joined(&parts, " or ")),
            1 => inner.prop_map(|inner| format!("not ({inner})")),
        ]
    })
}

/// Every part in parentheses now and then, which changes the tree but not the meaning.
fn joined(parts: &[String], word: &str) -> String {
    let parts: Vec<String> = parts.iter().map(|part| format!("({part})")).collect();
    parts.join(word)
}

/// What an index answers.
fn by_index() -> impl Strategy<Value = String> {
    let text = |paths: &[&'static str], values: &[&'static str]| {
        (select(paths.to_vec()), select(values.to_vec()))
            .prop_map(|(path, value)| format!("{path} eq \"{value}\""))
    };
    let names: Vec<&str> = [&USER_NAMES[..], &["ANN", "BOB", "éve", "STRASSE"]].concat();
    let user_name = [
        "userName",
        "USERNAME",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName",
    ];
    let display_name = [
        "displayName",
        "urn:ietf:params:scim:schemas:core:2.0:Group:displayName",
    ];
    prop_oneof![
        text(&user_name, &names),
        text(
            &display_name,
            &[&DISPLAY_NAMES[..], &GROUP_NAMES[..]].concat()
        ),
        text(&["externalId"], &EXTERNAL_IDS),
        text(&["emails", "emails.value"], &ADDRESSES),
        (select(&TYPES[..]), select(&ADDRESSES[..]), any::<bool>()).prop_map(
            |(of, value, inside)| match inside {
                true => format!("emails[type eq \"{of}\" and value eq \"{value}\"]"),
                false => format!("emails[type eq \"{of}\"].value eq \"{value}\""),
            }
        ),
        id().prop_map(|id| format!("id eq \"{id}\"")),
        membership(),
    ]
}

/// The id of a user or of a group, if there is one.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![user_id(), group_id()]
}

fn user_id() -> impl Strategy<Value = String> {
    (0..7_u8).prop_map(|position| format!("$u{position}"))
}

fn group_id() -> impl Strategy<Value = String> {
    (0..3_u8).prop_map(|position| format!("$g{position}"))
}

fn membership() -> impl Strategy<Value = String> {
    let of_user = group_id().prop_map(|id| ("groups", id));
    let of_group = id().prop_map(|id| ("members", id));
    let more = prop_oneof![
        Just("display pr".to_owned()),
        comparison(Just("display".to_owned()), literal()),
        comparison(Just("type".to_owned()), literal()),
    ];
    (prop_oneof![of_user, of_group], of(more), 0..3_u8).prop_map(|((attribute, id), more, form)| {
        match (more, form) {
            (Some(more), _) => format!("{attribute}[{more} and value eq \"{id}\"]"),
            (None, 0) => format!("{attribute} eq \"{id}\""),
            (None, 1) => format!("{attribute}.value eq \"{id}\""),
            (None, _) => format!("{attribute}[value eq \"{id}\"]"),
        }
    })
}

fn comparison(
    path: impl Strategy<Value = String>,
    literal: impl Strategy<Value = String>,
) -> impl Strategy<Value = String> {
    let operators = ["eq", "EQ", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
    (path, select(operators.to_vec()), literal)
        .prop_map(|(path, operator, literal)| format!("{path} {operator} {literal}"))
}

fn path() -> impl Strategy<Value = String> {
    let paths = [
        "userName",
        "displayName",
        "externalId",
        "id",
        "title",
        "active",
        "name",
        "name.familyName",
        "emails",
        "emails.value",
        "emails.type",
        "emails.primary",
        "groups",
        "groups.value",
        "groups.display",
        "groups.type",
        "members",
        "members.value",
        "members.display",
        "members.type",
        "meta.created",
        "meta.lastModified",
        "meta.resourceType",
        "meta.version",
        "schemas",
        "enterprise.department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:core:2.0:User:id",
        "urn:ietf:params:scim:schemas:core:2.0:Group:externalId",
        "urn:ietf:params:scim:schemas:core:2.0:User:members",
        "shoeSize",
    ];
    select(paths.to_vec()).prop_map(str::to_owned)
}

fn literal() -> impl Strategy<Value = String> {
    let texts = [
        &USER_NAMES[..],
        &DISPLAY_NAMES,
        &EXTERNAL_IDS,
        &ADDRESSES,
        &TYPES,
        &["", "$u1", "$g0", "User", "direct", "a", "true", "-"],
        &["1970-01-01T00:00:03Z", "1970-01-01T01:00:05.000+01:00"],
    ]
    .concat();
    prop_oneof![
        8 => select(texts).prop_map(|text| format!("\"{text}\"")),
        2 => select(vec!["true", "false", "null", "7", "40017", "-1.5e3"]).prop_map(str::to_owned),
    ]
}

/// `emails[...]`, with and without a part of what is found.
fn elements() -> impl Strategy<Value = String> {
    let part = || select(vec!["value", "type", "primary", "display"]).prop_map(str::to_owned);
    let condition = prop_oneof![
        4 => comparison(part(), literal()),
        1 => part().prop_map(|part| format!("{part} pr")),
    ];
    let inner = condition.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..3).prop_map(|parts| joined(&parts, " and ")),
            vec(inner.clone(), 2..3).prop_map(|parts| joined(&parts, " or ")),
            inner.prop_map(|inner| format!("not ({inner})")),
        ]
    });
    let attributes = ["emails", "groups", "members", "schemas"];
    let rest = prop_oneof![
        2 => Just(String::new()),
        1 => Just(".value pr".to_owned()),
        1 => comparison(Just(".value".to_owned()), literal()),
    ];
    (select(attributes.to_vec()), inner, rest)
        .prop_map(|(attribute, inner, rest)| format!("{attribute}[{inner}]{rest}"))
}
