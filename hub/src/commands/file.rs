//! Files that commands read and write; `-` stands for standard input and output.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

use anyhow::{Context as _, anyhow};
use peekaboo_flags::describe_json_error;
use peekaboo_migrate::{Document, without_mark};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{failure::Failure, output::print};

/// Reads JSON from a file, or from standard input for `-`.
pub(super) fn read_json(file: &str) -> Result<Value, Failure> {
    let text = read(file).map_err(Failure::usage)?;
    parse_json(&text)
        .map_err(|reason| anyhow!("{file} is not JSON: {reason}"))
        .map_err(Failure::usage)
}

/// Parses JSON with or without a byte order mark; the error is a readable message.
pub(super) fn parse_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    serde_json::from_slice(without_mark(text)).map_err(|error| describe_json_error(&error))
}

/// Reads a file, or standard input for `-`.
fn read(file: &str) -> anyhow::Result<Vec<u8>> {
    if file == "-" {
        let mut text = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut text)
            .context("standard input")?;
        return Ok(text);
    }
    fs::read(file).with_context(|| file.to_owned())
}

/// Reads a document from a file, or from standard input for `-`.
pub(super) fn read_document(file: &str) -> Result<Document, Failure> {
    let text = read(file).map_err(Failure::usage)?;
    let document = Document::read(&text).with_context(|| file.to_owned());
    document.map_err(Failure::usage)
}

/// Writes a file completely or not at all.
pub(super) fn write(file: &str, text: &str) -> anyhow::Result<()> {
    if file == "-" {
        return print(text);
    }
    let path = Path::new(file);
    let is_special = path.metadata().is_ok_and(|there| !there.is_file());
    let written = if is_special {
        // A pipe or a device holds nothing that could be lost.
        fs::write(path, text)
    } else {
        replace(path, text.as_bytes())
    };
    written.with_context(|| file.to_owned())
}

/// Writes next to the file and renames, so that a reader never sees half of it.
///
/// A temporary file of the `tempfile` crate would be readable by its owner only, and the rename would keep that.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, content)?;
    fs::rename(&beside, path)
}
