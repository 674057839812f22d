//! `[directory.*]`: the name spaces of identity providers.

mod assignable;
mod name;
mod token;

use std::collections::BTreeMap;

use super::errors::Findings;
use super::file;
use super::places::KeyPath;
use super::schema::schemas;
use super::secrets::Files;
use super::tolerances::tolerances;
use crate::directory::DirectorySettings;

use assignable::assignables;
pub(super) use assignable::assignables_reach_a_table;
use name::check_name;
use token::tokens;

/// The directory at `/scim/v2`, which there always is.
pub const DEFAULT_DIRECTORY: &str = "default";

/// Every directory, `default` first.
pub(super) fn directories(
    directories: &BTreeMap<String, file::Directory>,
    files: &Files,
    findings: &mut Findings,
) -> Vec<DirectorySettings> {
    let mut settings: Vec<DirectorySettings> = Vec::with_capacity(directories.len());
    let (default, further): (Vec<_>, Vec<_>) = directories
        .iter()
        .partition(|(name, _)| *name == DEFAULT_DIRECTORY);
    for (name, directory) in default.into_iter().chain(further) {
        let section = KeyPath::new("directory").key(name);
        check_name(name, &section, findings);
        let tokens = tokens(
            &directory.token,
            &settings,
            &section.key("token"),
            files,
            findings,
        );
        settings.push(DirectorySettings {
            name: name.clone(),
            tokens,
            unique_group_names: directory.unique_group_names,
            patch_no_content: directory.patch_answer == file::PatchAnswer::NoContent,
            match_parked_by_user_name: directory.match_parked_by_user_name,
            accept_unknown_members: directory.unknown_member_on_create
                == file::UnknownMember::Accept,
            tolerances: tolerances(directory, &section, findings),
            schemas: schemas(&directory.schema, &section.key("schema"), findings),
            assignables: assignables(directory, &section, findings),
        });
    }
    settings
}
