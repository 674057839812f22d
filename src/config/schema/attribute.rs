//! The attributes of a declared schema.

use std::sync::Arc;

use crate::config::errors::Findings;
use crate::config::file;
use crate::config::places::KeyPath;
use crate::scim::schema::{Attribute, AttributeType, Mutability, Returned, Uniqueness};

/// What RFC 7643 §2.2 lets only some types have.
struct Traits<'a> {
    case_exact: Option<bool>,
    canonical_values: Option<&'a [String]>,
    reference_types: Option<&'a [String]>,
}

/// Every attribute; those without a usable name are reported and left out.
pub(super) fn attributes(
    declared: &[file::SchemaAttribute],
    list: &KeyPath,
    findings: &mut Findings,
) -> Vec<Arc<Attribute>> {
    let mut attributes: Vec<Arc<Attribute>> = Vec::new();
    for (index, declared) in declared.iter().enumerate() {
        let path = list.item(index);
        let Some(name) = name(declared.name.as_deref(), &attributes, &path, findings) else {
            continue;
        };
        attributes.push(Arc::new(attribute(name, declared, &path, findings)));
    }
    attributes
}

fn attribute(
    name: String,
    declared: &file::SchemaAttribute,
    path: &KeyPath,
    findings: &mut Findings,
) -> Attribute {
    let kind = declared.kind.unwrap_or(AttributeType::String);
    let traits = Traits {
        case_exact: declared.case_exact,
        canonical_values: declared.canonical_values.as_deref(),
        reference_types: declared.reference_types.as_deref(),
    };
    traits.check(kind, path, findings);
    let parts = path.key("sub_attributes");
    check_parts(kind, declared, &parts, findings);
    Attribute {
        name,
        kind,
        multi_valued: declared.multi_valued.unwrap_or(false),
        description: declared.description.clone().unwrap_or_default(),
        required: declared.required.unwrap_or(false),
        canonical_values: traits.canonical_values(),
        case_exact: traits.case_exact(kind),
        mutability: mutability(declared, path, findings),
        returned: declared.returned.unwrap_or(Returned::Default),
        uniqueness: uniqueness(declared, kind, path, findings),
        reference_types: traits.reference_types(kind),
        sub_attributes: sub_attributes(&declared.sub_attributes, &parts, findings),
    }
}

fn sub_attributes(
    declared: &[file::SchemaSubAttribute],
    list: &KeyPath,
    findings: &mut Findings,
) -> Vec<Arc<Attribute>> {
    let mut attributes: Vec<Arc<Attribute>> = Vec::new();
    for (index, declared) in declared.iter().enumerate() {
        let path = list.item(index);
        let Some(name) = name(declared.name.as_deref(), &attributes, &path, findings) else {
            continue;
        };
        let kind = part_kind(&name, declared.kind, &path, findings);
        let traits = Traits {
            case_exact: declared.case_exact,
            canonical_values: declared.canonical_values.as_deref(),
            reference_types: declared.reference_types.as_deref(),
        };
        traits.check(kind, &path, findings);
        attributes.push(Arc::new(Attribute {
            name,
            kind,
            multi_valued: false,
            description: declared.description.clone().unwrap_or_default(),
            required: declared.required.unwrap_or(false),
            canonical_values: traits.canonical_values(),
            case_exact: traits.case_exact(kind),
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Some(Uniqueness::None),
            reference_types: traits.reference_types(kind),
            sub_attributes: Vec::new(),
        }));
    }
    attributes
}

/// RFC 7643 §2.1: a letter, then letters, digits, `-` and `_`; unique without regard to case.
fn name(
    name: Option<&str>,
    taken: &[Arc<Attribute>],
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<String> {
    let key = path.key("name");
    let Some(name) = name else {
        findings.error(
            &key,
            "the attribute has no name",
            "name it, for example name = \"shoeSize\"",
        );
        return None;
    };
    let mut characters = name.chars();
    let begins = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic());
    let goes_on =
        characters.all(|other| other.is_ascii_alphanumeric() || other == '-' || other == '_');
    if !begins || !goes_on {
        findings.error(
            &key,
            format!("{name:?} cannot be the name of an attribute"),
            "begin with a letter, go on with letters, digits, - and _ (RFC 7643 §2.1)",
        );
        return None;
    }
    if taken
        .iter()
        .any(|other| other.name.eq_ignore_ascii_case(name))
    {
        findings.error(
            &key,
            format!("another attribute here is called {name:?} too"),
            "choose another name; upper and lower case do not differ",
        );
        return None;
    }
    Some(name.to_owned())
}

/// RFC 7643 §2.3.8: parts of a complex attribute are simple; §2.4: `primary` is a boolean.
fn part_kind(
    name: &str,
    kind: Option<AttributeType>,
    path: &KeyPath,
    findings: &mut Findings,
) -> AttributeType {
    let kind = kind.unwrap_or(AttributeType::String);
    if kind == AttributeType::Complex {
        findings.error(
            &path.key("type"),
            "a sub-attribute cannot be complex",
            "choose a simple type, or make an attribute of its own of it",
        );
    }
    if name.eq_ignore_ascii_case("primary") && kind != AttributeType::Boolean {
        findings.error(
            &path.key("type"),
            "primary says which value is preferred",
            "write type = \"boolean\", or choose another name",
        );
    }
    kind
}

fn check_parts(
    kind: AttributeType,
    declared: &file::SchemaAttribute,
    parts: &KeyPath,
    findings: &mut Findings,
) {
    match (
        kind == AttributeType::Complex,
        declared.sub_attributes.is_empty(),
    ) {
        (true, true) => findings.error(
            parts,
            "the attribute is complex and has no parts",
            "declare at least one sub-attribute, or choose a simple type",
        ),
        (false, false) => findings.error(
            parts,
            format!("the attribute is of type {kind}, which has no parts"),
            "write type = \"complex\", or take the sub-attributes out",
        ),
        (true, false) | (false, true) => {}
    }
}

fn mutability(
    declared: &file::SchemaAttribute,
    path: &KeyPath,
    findings: &mut Findings,
) -> Mutability {
    let mutability = declared.mutability.unwrap_or(Mutability::ReadWrite);
    let problem = match mutability {
        Mutability::ReadWrite | Mutability::Immutable => return mutability,
        Mutability::ReadOnly => "nothing would ever fill an attribute that clients cannot write",
        Mutability::WriteOnly => "this release keeps no secrets of extensions",
    };
    findings.error(
        &path.key("mutability"),
        problem,
        "write \"readWrite\" or \"immutable\"; returned = \"never\" keeps a value out of answers",
    );
    mutability
}

fn uniqueness(
    declared: &file::SchemaAttribute,
    kind: AttributeType,
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<Uniqueness> {
    if !matches!(declared.uniqueness, None | Some(Uniqueness::None)) {
        findings.error(
            &path.key("uniqueness"),
            "this release does not enforce the uniqueness of declared attributes",
            "write uniqueness = \"none\", or leave it out",
        );
    }
    (kind != AttributeType::Complex).then_some(Uniqueness::None)
}

impl Traits<'_> {
    fn check(&self, kind: AttributeType, path: &KeyPath, findings: &mut Findings) {
        let is_text = matches!(
            kind,
            AttributeType::String | AttributeType::Reference | AttributeType::Binary
        );
        if self.case_exact.is_some() && !is_text {
            findings.error(
                &path.key("case_exact"),
                format!("a value of type {kind} has no upper and lower case"),
                "take case_exact out",
            );
        }
        if self.canonical_values.is_some() && kind != AttributeType::String {
            findings.error(
                &path.key("canonical_values"),
                format!("canonical values are texts, and the attribute is of type {kind}"),
                "take canonical_values out, or write type = \"string\"",
            );
        }
        if self.reference_types.is_some() && kind != AttributeType::Reference {
            findings.error(
                &path.key("reference_types"),
                format!("only references have them, and the attribute is of type {kind}"),
                "take reference_types out, or write type = \"reference\"",
            );
        }
    }

    /// RFC 7643 §2.3.6, §2.3.7: binaries and references are case exact.
    fn case_exact(&self, kind: AttributeType) -> Option<bool> {
        match kind {
            AttributeType::Binary | AttributeType::Reference => {
                Some(self.case_exact.unwrap_or(true))
            }
            AttributeType::String => Some(self.case_exact.unwrap_or(false)),
            _ => None,
        }
    }

    fn canonical_values(&self) -> Vec<String> {
        self.canonical_values.unwrap_or_default().to_vec()
    }

    fn reference_types(&self, kind: AttributeType) -> Vec<String> {
        match (kind, self.reference_types) {
            (AttributeType::Reference, None) => vec!["external".to_owned()],
            (_, types) => types.unwrap_or_default().to_vec(),
        }
    }
}
