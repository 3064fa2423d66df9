//! How a file is replaced, so that a reader finds the former content or the new one, whole.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file aside, has it on disk, and renames it.
pub(super) fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let aside = file.with_extension("new");
    let mut written = fs::File::create(&aside)?;
    written.write_all(content)?;
    written.sync_all()?;
    fs::rename(aside, file)
}
