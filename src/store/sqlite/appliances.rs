//! The appliances that the configuration knows.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::links::become_due;
use super::sql::{Result, all, execute, first, from_json, to_json};
use super::sweeps;
use crate::scim::ResourceKind;
use crate::store::{RegisterAppliance, SweepKind};

/// An appliance as an earlier configuration knew it.
struct Known {
    directories: BTreeSet<String>,
    kinds: Vec<String>,
    digest: String,
    detached: bool,
}

pub(super) fn register(
    connection: &Connection,
    appliances: &[RegisterAppliance],
    now_ms: i64,
) -> Result<()> {
    for appliance in appliances {
        register_one(connection, appliance, now_ms)?;
    }
    let named: BTreeSet<&str> = appliances.iter().map(|known| known.name.as_str()).collect();
    for name in all(connection, "SELECT name FROM appliance", [], |row| {
        Ok(row.get(0)?)
    })? {
        let name: String = name;
        if !named.contains(name.as_str()) {
            execute(
                connection,
                "UPDATE appliance SET detached = 1 WHERE name = ?1",
                [name],
            )?;
        }
    }
    Ok(())
}

fn register_one(connection: &Connection, appliance: &RegisterAppliance, now_ms: i64) -> Result<()> {
    let known = known(connection, &appliance.name)?;
    let kinds: Vec<&str> = appliance.kinds.iter().map(|kind| kind.as_str()).collect();
    let directories = to_json("list of directories", &appliance.directories)?;
    execute(
        connection,
        "INSERT INTO appliance (name, directories, kinds, digest) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET directories = excluded.directories, kinds = excluded.kinds, \
             digest = excluded.digest, detached = 0",
        params![
            appliance.name,
            directories,
            to_json("list of kinds", &kinds)?,
            appliance.digest
        ],
    )?;
    let (sweep, kinds_before) = match known {
        None => (SweepKind::MakeDue, Vec::new()),
        Some(known)
            if known.digest != appliance.digest || known.directories != appliance.directories =>
        {
            (SweepKind::MakeDue, known.kinds)
        }
        Some(known) if known.detached => (SweepKind::AddMissing, Vec::new()),
        Some(_) => return Ok(()),
    };
    if sweep == SweepKind::MakeDue {
        make_leavers_due(connection, &appliance.name, now_ms)?;
        sweep_other_directories(connection, appliance, now_ms)?;
    }
    // Users first: groups are written with the members that have accounts. A kind that is no
    // longer wanted is swept once more, so that its links see that they are out of scope.
    for kind in [ResourceKind::User, ResourceKind::Group] {
        let before = kinds_before.iter().any(|before| before == kind.as_str());
        if before || appliance.kinds.contains(&kind) {
            for directory in &appliance.directories {
                sweeps::add(connection, &appliance.name, directory, kind, sweep, now_ms)?;
            }
        }
    }
    Ok(())
}

fn known(connection: &Connection, name: &str) -> Result<Option<Known>> {
    first(
        connection,
        "SELECT directories, kinds, digest, detached FROM appliance WHERE name = ?1",
        [name],
        |row| {
            let directories: String = row.get(0)?;
            let kinds: String = row.get(1)?;
            Ok(Known {
                directories: from_json("list of directories", &directories)?,
                kinds: from_json("list of kinds", &kinds)?,
                digest: row.get(2)?,
                detached: row.get(3)?,
            })
        },
    )
}

/// Sweeps the directories that the appliance served before and still has links of: their people are
/// out of its scope now, or were already and fall under other policies now.
///
/// Reads all links of the appliance, which are about to be worked on one by one in any case.
fn sweep_other_directories(
    connection: &Connection,
    appliance: &RegisterAppliance,
    now_ms: i64,
) -> Result<()> {
    let linked: Vec<(String, ResourceKind)> = all(
        connection,
        "SELECT DISTINCT directory, kind FROM link WHERE appliance = ?1 \
         AND directory NOT IN (SELECT value FROM json_each(?2)) ORDER BY directory, kind DESC",
        params![
            appliance.name,
            to_json("list of directories", &appliance.directories)?
        ],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (directory, kind) in linked {
        let mode = SweepKind::MakeDue;
        sweeps::add(connection, &appliance.name, &directory, kind, mode, now_ms)?;
    }
    Ok(())
}

/// Makes the links of deleted resources due: sweeps walk over resources and would not see them,
/// but other policies may decide otherwise about their accounts.
fn make_leavers_due(connection: &Connection, appliance: &str, now_ms: i64) -> Result<()> {
    execute(
        connection,
        concat!(
            "UPDATE link SET ",
            become_due!(),
            " WHERE appliance = :appliance \
               AND resource_sequence IN (SELECT sequence FROM tombstone)"
        ),
        rusqlite::named_params! {
            ":appliance": appliance,
            ":now_ms": now_ms,
            ":priority": super::links::SWEEP,
            ":request_id": None::<&str>,
        },
    )?;
    Ok(())
}
