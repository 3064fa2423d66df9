//! Replaces a file so that a reader finds either the complete old content or the complete new content.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes a temporary file, syncs it, and renames it.
pub(super) fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let aside = file.with_extension("new");
    let mut written = fs::File::create(&aside)?;
    written.write_all(content)?;
    written.sync_all()?;
    fs::rename(aside, file)
}
