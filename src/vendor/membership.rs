//! How the members of a group are read and written.

use regex::Regex;
use serde_json::Value;

use super::exchange::{Answer, Operation, RenderedRequest};
use super::listing::{Cursor, Listing};
use super::object::Address;
use super::pointer::Pointer;
use super::profile::Section;
use super::request::{RenderError, RequestTemplate, Variables, compile_request};

/// The two styles that vendors have.
#[derive(Debug, Clone)]
pub enum Membership {
    /// The group carries the whole list, or a map of its members.
    List(Box<MemberList>),
    /// Each membership is an object of its own.
    Objects(Box<MemberObjects>),
}

/// Members as a list of the group, or as a map, which is written as a whole.
#[derive(Debug, Clone)]
pub struct MemberList {
    read: Pointer,
    shape: Shape,
    write: RequestTemplate,
    base_path: String,
}

/// What the members of a group are, in the group.
#[derive(Debug, Clone)]
enum Shape {
    /// A list, in each element of which the id is there.
    List(Pointer),
    /// An object whose names are the ids.
    Map,
}

/// Members as objects, added and removed one at a time.
#[derive(Debug, Clone)]
pub struct MemberObjects {
    list: Listing,
    find: Listing,
    add: RequestTemplate,
    remove: RequestTemplate,
    member: Pointer,
    member_pattern: Option<Regex>,
    /// Where a membership names its group, if it does.
    group: Option<Pointer>,
    group_pattern: Option<Regex>,
    membership: Pointer,
    base_path: String,
}

/// The words of `style`.
#[derive(Debug, Clone, Copy)]
enum Style {
    List,
    Map,
    Objects,
}

impl Membership {
    /// Reads `[group.members]`.
    pub(crate) fn compile(section: &Section<'_>, base_path: &str) -> Option<Self> {
        let style = section.required_choice(
            "style",
            &[
                ("list", Style::List),
                ("map", Style::Map),
                ("objects", Style::Objects),
            ],
        );
        if style.is_none() {
            section.leave_rest();
        }
        match style? {
            Style::List => {
                let id = if section.has("id") {
                    section.pointer("id")
                } else {
                    Pointer::parse("").ok()
                };
                MemberList::compile(section, id.map(Shape::List), base_path)
            }
            Style::Map => MemberList::compile(section, Some(Shape::Map), base_path),
            Style::Objects => {
                return MemberObjects::compile(section, base_path)
                    .map(Box::new)
                    .map(Self::Objects);
            }
        }
        .map(Box::new)
        .map(Self::List)
    }
}

impl MemberList {
    fn compile(section: &Section<'_>, shape: Option<Shape>, base_path: &str) -> Option<Self> {
        let read = section.required_text("read");
        let write = section
            .required_section("write")
            .and_then(|inner| compile_request(&inner, &["group_id", "group_key", "member_ids"]));
        Some(Self {
            read: section.as_pointer("read", &read?)?,
            shape: shape?,
            write: write?,
            base_path: base_path.to_owned(),
        })
    }

    /// The members that a group shows; `None` if it does not show them, or shows something else.
    pub(super) fn read(&self, group: &Value) -> Option<Vec<String>> {
        let members = self.read.find(group)?;
        match &self.shape {
            Shape::List(id) => members
                .as_array()?
                .iter()
                .map(|member| super::object_id(id.find(member)?))
                .collect(),
            Shape::Map => Some(members.as_object()?.keys().cloned().collect()),
        }
    }

    /// Writes the whole list.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn write_request(
        &self,
        group: Address<'_>,
        member_ids: &[String],
    ) -> Result<RenderedRequest, RenderError> {
        let variables = Variables::new()
            .with("group_id", group.id)
            .with("group_key", group.key)
            .with("member_ids", member_ids.to_vec());
        self.write
            .render(Operation::AddMember, &self.base_path, &variables)
    }
}

impl MemberObjects {
    fn compile(section: &Section<'_>, base_path: &str) -> Option<Self> {
        let listing = |key: &'static str, declared: &[&str]| {
            section
                .required_section(key)
                .and_then(|inner| Listing::compile(&inner, declared))
        };
        let request = |key: &'static str, declared: &[&str]| {
            section
                .required_section(key)
                .and_then(|inner| compile_request(&inner, declared))
        };
        let list = listing("list", &["group_id"]);
        let find = listing("find", &["group_id", "member_id"]);
        let add = request("add", &["group_id", "member_id"]);
        let remove = request("remove", &["membership_id"]);
        let member = section.required_text("member");
        let member_pattern = section.regex("member_pattern");
        let group = section.pointer("group");
        let group_pattern = section.regex("group_pattern");
        let membership = section.text("id").unwrap_or_else(|| "/id".to_owned());
        Some(Self {
            list: list?,
            find: find?,
            add: add?,
            remove: remove?,
            member: section.as_pointer("member", &member?)?,
            member_pattern,
            group,
            group_pattern,
            membership: section.as_pointer("id", &membership)?,
            base_path: base_path.to_owned(),
        })
    }

    /// Lists the memberships of a group, one page.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn list_request(
        &self,
        group_id: &str,
        cursor: &Cursor,
    ) -> Result<RenderedRequest, RenderError> {
        self.list.render(
            Operation::ListMembers,
            &self.base_path,
            &Variables::new().with("group_id", group_id),
            cursor,
        )
    }

    /// Where the list goes on; `None` if it is complete.
    ///
    /// # Errors
    ///
    /// What makes the list incomplete.
    pub fn next_page(&self, cursor: &Cursor, answer: &Answer) -> Result<Option<Cursor>, String> {
        self.list.next(cursor, answer)
    }

    /// Looks for the membership of one member.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn find_request(
        &self,
        group_id: &str,
        member_id: &str,
    ) -> Result<RenderedRequest, RenderError> {
        self.find.request.render(
            Operation::ListMembers,
            &self.base_path,
            &both(group_id, member_id),
        )
    }

    /// The memberships of a group in an answer: the member's id and the membership's own. They
    /// still have to be compared with the member that was asked for. A vendor that ignores the
    /// filter shows other groups' memberships too, which are left out where the profile says how
    /// to tell.
    ///
    /// # Errors
    ///
    /// What is missing in the answer.
    pub fn read(&self, answer: &Answer, group_id: &str) -> Result<Vec<(String, String)>, String> {
        self.list
            .rows(answer)
            .or_else(|_| self.find.rows(answer))?
            .iter()
            .filter(|row| self.is_of(row, group_id))
            .map(|row| {
                let member = self.member_of(row);
                let membership = self.membership.find(row).and_then(super::object_id);
                member.zip(membership).ok_or_else(|| {
                    "a membership of the answer lacks its id or its member".to_owned()
                })
            })
            .collect()
    }

    fn member_of(&self, row: &Value) -> Option<String> {
        id_at(row, &self.member, self.member_pattern.as_ref())
    }

    /// Whether a membership is this group's. One that does not name its group is not trusted to be.
    fn is_of(&self, row: &Value, group_id: &str) -> bool {
        match &self.group {
            None => true,
            Some(group) => {
                id_at(row, group, self.group_pattern.as_ref()).as_deref() == Some(group_id)
            }
        }
    }

    /// Adds one member.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn add_request(
        &self,
        group_id: &str,
        member_id: &str,
    ) -> Result<RenderedRequest, RenderError> {
        self.add.render(
            Operation::AddMember,
            &self.base_path,
            &both(group_id, member_id),
        )
    }

    /// Takes one membership away.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn remove_request(&self, membership_id: &str) -> Result<RenderedRequest, RenderError> {
        self.remove.render(
            Operation::RemoveMember,
            &self.base_path,
            &Variables::new().with("membership_id", membership_id),
        )
    }
}

/// The id at a pointer, or what the pattern's first group finds in it.
fn id_at(row: &Value, at: &Pointer, pattern: Option<&Regex>) -> Option<String> {
    let shown = super::object_id(at.find(row)?)?;
    match pattern {
        None => Some(shown),
        Some(pattern) => pattern
            .captures(&shown)?
            .get(1)
            .map(|id| id.as_str().to_owned()),
    }
}

fn both(group_id: &str, member_id: &str) -> Variables {
    Variables::new()
        .with("group_id", group_id)
        .with("member_id", member_id)
}
