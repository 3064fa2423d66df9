//! Files of an earlier format: one per tenant, with all of its environments. They are split when found.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use peekaboo_flags::Ruleset;
use peekaboo_storage::{EnvironmentId, OrganizationId, TenantRecord};
use serde::Deserialize;

use super::environment_file;
use super::replace::replace;
use super::structure_file::{self, folder_of};
use crate::state::EnvironmentSnapshot;

const FORMAT: u32 = 1;

#[derive(Deserialize)]
struct SavedTenant {
    format: u32,
    record: TenantRecord,
    rulesets: HashMap<EnvironmentId, Ruleset>,
}

pub(super) fn path(folder: &Path, organization: OrganizationId) -> PathBuf {
    folder.join(format!("{organization}.json"))
}

/// The tenants that have such a file.
pub(super) fn tenants(folder: &Path) -> io::Result<Vec<OrganizationId>> {
    let names =
        fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names
        .filter_map(|name| name.strip_suffix(".json")?.parse().ok())
        .collect())
}

/// Splits a tenant's file, if there is one, and deletes it. Files that already exist are newer.
pub(super) fn migrate(folder: &Path, organization: OrganizationId) -> io::Result<()> {
    let former = path(folder, organization);
    let content = match fs::read(&former) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        content => content?,
    };
    match serde_json::from_slice::<SavedTenant>(&content) {
        Ok(saved) if saved.format == FORMAT => divide(&folder_of(folder, organization), saved)?,
        Ok(SavedTenant { format, .. }) => {
            tracing::error!(format, %organization, "deleting an old snapshot file with an unknown format");
        }
        Err(error) => {
            tracing::error!(%error, %organization, "deleting a damaged old snapshot file");
        }
    }
    fs::remove_file(former)
}

fn divide(folder: &Path, saved: SavedTenant) -> io::Result<()> {
    if !folder.join(structure_file::NAME).exists() {
        structure_file::write(folder, saved.record)?;
    }
    for (environment, ruleset) in saved.rulesets {
        let file = environment_file::path(folder, environment);
        if !file.exists() {
            let message = EnvironmentSnapshot::new(&ruleset, 0).message();
            let content = environment_file::content(&ruleset.epoch, ruleset.version, &message)?;
            replace(&file, &content)?;
        }
    }
    Ok(())
}
