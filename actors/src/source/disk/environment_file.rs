//! The file of one environment: a line of JSON that describes the rest, and the SNAPSHOT for server keys.
//!
//! Definitions are already encoded when a file is written, so writing it costs little more than copying it.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use peekaboo_flags::Ruleset;
use peekaboo_protocol::ServerFrame;
use peekaboo_storage::EnvironmentId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Raised when the format changes; a file of another format counts as damaged.
const FORMAT: u32 = 1;

/// The maximum length of the first line.
const MAX_HEAD: u64 = 1_024;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    epoch: String,
    version: u64,
    /// The number of bytes that follow.
    length: u64,
    /// Their CRC-32.
    crc32: u32,
}

/// The path of an environment's file.
pub(super) fn path(folder: &Path, environment: EnvironmentId) -> PathBuf {
    folder.join(format!("{environment}.snapshot"))
}

/// The content of a file for an encoded SNAPSHOT.
pub(super) fn content(epoch: &str, version: u64, message: &[u8]) -> io::Result<Vec<u8>> {
    let head = Head {
        format: FORMAT,
        epoch: epoch.to_owned(),
        version,
        length: message.len() as u64,
        crc32: crc32fast::hash(message),
    };
    let mut content = serde_json::to_vec(&head)?;
    content.push(b'\n');
    content.extend_from_slice(message);
    Ok(content)
}

/// Whether a file has this version, according to its first line and length.
pub(super) fn holds(path: &Path, epoch: &str, version: u64) -> bool {
    let Ok((head, rest)) = open(path) else {
        return false;
    };
    head.epoch == epoch && head.version == version && rest == head.length
}

/// Reads a file.
pub(super) fn read(path: &Path) -> io::Result<Ruleset> {
    let mut file = BufReader::new(fs::File::open(path)?);
    let (head, _) = head(&mut file)?;
    let mut message = Vec::new();
    file.read_to_end(&mut message)?;
    if message.len() as u64 != head.length || crc32fast::hash(&message) != head.crc32 {
        return Err(damaged("the checksum does not match"));
    }
    let snapshot = ServerFrame::decode(&message).map_err(|error| damaged(&error.to_string()))?;
    let ServerFrame::Snapshot {
        flags,
        segments: Some(segments),
        ..
    } = snapshot
    else {
        return Err(damaged("it contains an unexpected message"));
    };
    Ok(Ruleset {
        epoch: head.epoch,
        version: head.version,
        flags: definitions(flags)?,
        segments: definitions(segments)?,
    })
}

/// The first line, and the number of bytes that follow.
fn open(path: &Path) -> io::Result<(Head, u64)> {
    let file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    let (head, line) = head(&mut BufReader::new(file))?;
    Ok((head, length.saturating_sub(line)))
}

/// The first line, and its length with the line's end.
fn head(file: &mut impl BufRead) -> io::Result<(Head, u64)> {
    let mut line = Vec::new();
    let length = file.take(MAX_HEAD).read_until(b'\n', &mut line)?;
    let head: Head = serde_json::from_slice(&line)?;
    if head.format == FORMAT {
        Ok((head, length as u64))
    } else {
        Err(damaged("unknown format"))
    }
}

fn definitions<T: DeserializeOwned, C: FromIterator<(String, T)>>(
    map: Map<String, Value>,
) -> io::Result<C> {
    map.into_iter()
        .map(|(key, value)| Ok((key, serde_json::from_value(value)?)))
        .collect()
}

fn damaged(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
