//! One file of a spool: lines of admitted batches, appended and synced, and read again as a whole.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use peekaboo_protocol::Batch;
use peekaboo_storage::EnvironmentId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::source::usage::Admitted;

/// The suffix of a segment's file.
const EXTENSION: &str = "jsonl";

/// A segment's name; later segments have greater names.
pub(super) type SegmentId = Uuid;

/// A batch in the format of its line.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    at_micros: i64,
    batch: Cow<'a, Batch>,
}

/// A file of batches of one environment.
pub(super) struct Segment {
    id: SegmentId,
    environment: EnvironmentId,
    path: PathBuf,
    /// Open while batches are appended.
    file: Option<File>,
    /// The length of all complete lines.
    bytes: u64,
}

impl Segment {
    /// Creates an empty segment, the newest of its environment.
    pub(super) fn create(folder: &Path, environment: EnvironmentId) -> io::Result<Self> {
        let id = Uuid::now_v7();
        let folder = folder.join(environment.to_string());
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{id}.{EXTENSION}"));
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        #[cfg(unix)]
        // The file contains who was served what, until the upstream has received it.
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        // Syncs the folder, so that the new name is durable.
        File::open(&folder)?.sync_all()?;
        Ok(Self {
            id,
            environment,
            path,
            file: Some(file),
            bytes: 0,
        })
    }

    pub(super) fn id(&self) -> SegmentId {
        self.id
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// When the segment was created, from its name.
    pub(super) fn began(&self) -> OffsetDateTime {
        let at = self.id.get_timestamp().map(|at| at.to_unix());
        let (seconds, nanos) = at.unwrap_or_default();
        let nanos = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Closes the segment for appending.
    pub(super) fn close(&mut self) {
        self.file = None;
    }

    /// Appends all batches or none; they are durable when this returns.
    pub(super) fn append(&mut self, batches: &[Admitted]) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut lines = Vec::new();
        for Admitted { at, batch, .. } in batches {
            let line = Line {
                at_micros: i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX),
                batch: Cow::Borrowed(batch),
            };
            serde_json::to_writer(&mut lines, &line)?;
            lines.push(b'\n');
        }
        match file.write_all(&lines).and_then(|()| file.sync_data()) {
            Ok(()) => {
                self.bytes += lines.len() as u64;
                Ok(())
            }
            Err(error) => {
                // Their senders get no acknowledgment and send them again, so they must not stay here.
                let _ = file.set_len(self.bytes);
                self.close();
                Err(error)
            }
        }
    }

    /// Every batch in the segment. A line that a crash cut short was never acknowledged, and is skipped.
    pub(super) fn read(&self) -> io::Result<Vec<Admitted>> {
        let file = match File::open(&self.path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut read = Vec::new();
        for line in file.split(b'\n') {
            let Ok(Line { at_micros, batch }) = serde_json::from_slice(&line?) else {
                continue;
            };
            let nanos = i128::from(at_micros) * 1_000;
            read.push(Admitted {
                environment: self.environment,
                at: OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(self.began()),
                batch: batch.into_owned(),
            });
        }
        Ok(read)
    }

    /// Deletes the file.
    pub(super) fn delete(self) -> io::Result<()> {
        match fs::remove_file(self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// The segments in a folder, the oldest of each environment first. Other files are ignored.
pub(super) fn find(folder: &Path) -> io::Result<Vec<(EnvironmentId, Segment)>> {
    let mut found = Vec::new();
    for (name, path) in entries(folder)? {
        let Ok(environment) = name.parse::<EnvironmentId>() else {
            continue;
        };
        for (name, path) in entries(&path)? {
            let id = name.strip_suffix(EXTENSION);
            let id = id.and_then(|id| id.strip_suffix('.')?.parse().ok());
            let Some(id) = id else {
                continue;
            };
            let segment = Segment {
                id,
                environment,
                bytes: fs::metadata(&path)?.len(),
                path,
                file: None,
            };
            found.push((environment, segment));
        }
    }
    found.sort_by_key(|(environment, segment)| (*environment, segment.id));
    Ok(found)
}

fn entries(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        found.push((
            entry.file_name().to_string_lossy().into_owned(),
            entry.path(),
        ));
    }
    Ok(found)
}
