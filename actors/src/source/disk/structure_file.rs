//! The file of a tenant's structure, and its folder.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use peekaboo_storage::{OrganizationId, TenantRecord};
use serde::{Deserialize, Serialize};

use super::environment_file;
use super::replace::replace;

/// Raised when the format changes; a file of another format counts as damaged.
const FORMAT: u32 = 2;

pub(super) const NAME: &str = "structure.json";

#[derive(Serialize, Deserialize)]
struct Structure {
    format: u32,
    record: TenantRecord,
}

/// The folder of a tenant's files.
pub(super) fn folder_of(path: &Path, organization: OrganizationId) -> PathBuf {
    path.join(organization.to_string())
}

/// Writes a structure if it differs from the file's, and deletes files of environments that are not in it.
pub(super) fn write(folder: &Path, mut record: TenantRecord) -> io::Result<()> {
    for environment in &mut record.environments {
        // They are in the environment's file; here, they would only make the files differ.
        environment.epoch.clear();
        environment.version = 0;
    }
    let mut kept: HashSet<OsString> = HashSet::from([NAME.into()]);
    for environment in &record.environments {
        kept.extend(
            environment_file::path(folder, environment.id)
                .file_name()
                .map(OsStr::to_owned),
        );
    }
    let structure = Structure {
        format: FORMAT,
        record,
    };
    let content = serde_json::to_vec(&structure)?;
    fs::create_dir_all(folder)?;
    let file = folder.join(NAME);
    if fs::read(&file).ok().as_ref() != Some(&content) {
        replace(&file, &content)?;
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !kept.contains(&entry.file_name()) {
            // A deleted environment, or a file that a crash left incomplete.
            let path = entry.path();
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(%error, path = %path.display(), "cannot delete an obsolete file");
            }
        }
    }
    Ok(())
}

/// Reads a structure.
pub(super) fn read(folder: &Path) -> io::Result<TenantRecord> {
    let structure: Structure = serde_json::from_slice(&fs::read(folder.join(NAME))?)?;
    if structure.format == FORMAT {
        Ok(structure.record)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("format {} is not {FORMAT}", structure.format),
        ))
    }
}
