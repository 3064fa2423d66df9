//! The ready file: where a server listens, as JSON.

use std::{io, path::Path};

use serde::Serialize;

use super::file::replace;

/// Writes the addresses to the file that others wait for, if one is named.
pub(super) fn write_ready_file(path: Option<&Path>, ready: &impl Serialize) {
    if let Some(path) = path
        && let Err(error) = write_json(path, ready)
    {
        tracing::error!(%error, path = %path.display(), "cannot write the ready file");
    }
}

fn write_json(path: &Path, ready: &impl Serialize) -> io::Result<()> {
    replace(path, &serde_json::to_vec(ready)?)
}
