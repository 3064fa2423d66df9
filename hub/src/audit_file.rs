//! The file that every entry of the audit log is also written to, as JSON Lines: the setting `audit.file`.
//!
//! The writer follows the chains in the database, so that nothing is lost while the hub is down or the disk is full: it
//! goes on where the file ends. Where that is, is kept beside the file, in `FILE.position`. Rotate the file by renaming it;
//! the next entry makes a new one.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use peekaboo_storage::{AuditEntry, OrganizationId, Storage};
use serde::{Deserialize, Serialize};

/// How often to look for new entries.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to wait after a failure.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(10);

/// Entries that are written and synced at once.
const BATCH: u32 = 500;

/// Why the file cannot be written to.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the audit log to {}: {error}", path.display())]
pub struct AuditFileError {
    path: PathBuf,
    error: io::Error,
}

/// Writes entries to the file.
#[derive(Debug)]
pub(crate) struct AuditFile {
    path: PathBuf,
    position: Position,
}

/// How far the file goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    /// The number of each organization's last entry.
    entries: BTreeMap<OrganizationId, i64>,
    /// The bytes of the file up to it.
    bytes: u64,
}

/// Why entries were not written.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Storage(#[from] peekaboo_storage::Error),
    #[error(transparent)]
    File(#[from] AuditFileError),
}

impl AuditFile {
    /// Finds out how far the file goes, and that it can be written to.
    pub(crate) fn open(path: PathBuf) -> Result<Self, AuditFileError> {
        let position = Self::resume(&path);
        let named = |error| AuditFileError {
            path: path.clone(),
            error,
        };
        let position = position.map_err(named)?;
        Ok(Self { path, position })
    }

    fn resume(path: &Path) -> io::Result<Position> {
        let mut file = append(path)?;
        let mut position = match fs::read(position_path(path)) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Position::default(),
            Err(error) => return Err(error),
        };
        // What was written after the position was kept, or all of a file that is not the one that the position is of.
        let length = file.metadata()?.len();
        let known = if position.bytes > length {
            0
        } else {
            position.bytes
        };
        file.seek(SeekFrom::Start(known))?;
        let mut whole = known;
        let mut lines = BufReader::new(&file);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            whole += line.len() as u64;
            position.note(&line);
            line.clear();
        }
        // A line that was cut short is written again.
        if whole < length {
            file.set_len(whole)?;
        }
        position.bytes = whole;
        Ok(position)
    }

    /// Writes entries as they arrive, until it is dropped.
    pub(crate) async fn follow(mut self, storage: Storage) {
        let mut is_failing = false;
        loop {
            let wait = match self.catch_up(&storage).await {
                Ok(()) => {
                    if is_failing {
                        tracing::info!("the audit file is written again");
                    }
                    is_failing = false;
                    LOOK_EVERY
                }
                Err(error) => {
                    if !is_failing {
                        tracing::warn!(%error, "the audit file is behind; entries wait in the database");
                    }
                    is_failing = true;
                    TRY_AGAIN_AFTER
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Writes every entry that is not in the file.
    async fn catch_up(&mut self, storage: &Storage) -> Result<(), Failure> {
        for trail in storage.audit_trails().await? {
            let organization = trail.organization;
            loop {
                let written = self.position.entries.get(&organization);
                let written = written.copied().unwrap_or(0);
                if written >= trail.head.sequence {
                    break;
                }
                let entries = storage.audit_after(organization, written, BATCH).await?;
                if entries.is_empty() {
                    // The rest was deleted, with its organization or by age: it is not asked for again.
                    let end = trail.head.sequence;
                    self.position.entries.insert(organization, end);
                    tracing::warn!(%organization, after = written, until = end, "entries of the audit log were deleted before they were written to the audit file");
                    break;
                }
                if entries.first().and_then(number) != Some(written + 1) {
                    tracing::warn!(%organization, after = written, "entries of the audit log were deleted before they were written to the audit file");
                }
                self.write(organization, &entries).await?;
            }
        }
        Ok(())
    }

    async fn write(
        &mut self,
        organization: OrganizationId,
        entries: &[AuditEntry],
    ) -> Result<(), AuditFileError> {
        let mut lines = Vec::new();
        for entry in entries {
            lines.extend(entry.document(organization).to_string().into_bytes());
            lines.push(b'\n');
        }
        let mut position = self.position.clone();
        if let Some(last) = entries.last().and_then(number) {
            position.entries.insert(organization, last);
        }
        let path = self.path.clone();
        // A disk may take its time.
        let written = tokio::task::spawn_blocking(move || {
            position.bytes = append_lines(&path, &lines)?;
            keep(&path, &position)?;
            Ok(position)
        });
        let written = written
            .await
            .unwrap_or_else(|error| Err(io::Error::other(error)));
        self.position = written.map_err(|error| AuditFileError {
            path: self.path.clone(),
            error,
        })?;
        Ok(())
    }
}

impl Position {
    /// Moves on to an entry, where the line is one.
    fn note(&mut self, line: &[u8]) {
        #[derive(Deserialize)]
        struct Line {
            organization: OrganizationId,
            sequence: i64,
        }
        if let Ok(Line {
            organization,
            sequence,
        }) = serde_json::from_slice(line)
        {
            let number = self.entries.entry(organization).or_default();
            *number = sequence.max(*number);
        }
    }
}

fn number(entry: &AuditEntry) -> Option<i64> {
    entry.link.map(|link| link.sequence)
}

/// Opens a file to read and to append to; makes one that only its owner can read.
fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Appends lines and waits until they are on the disk; returns how long the file is now. Nothing is left of lines that do
/// not fit.
fn append_lines(path: &Path, lines: &[u8]) -> io::Result<u64> {
    let mut file = append(path)?;
    let before = file.metadata()?.len();
    let written = file.write_all(lines).and_then(|()| file.sync_data());
    if let Err(error) = written {
        file.set_len(before)?;
        return Err(error);
    }
    Ok(before + lines.len() as u64)
}

fn position_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".position");
    name.into()
}

/// Keeps a position, all of it or none.
fn keep(path: &Path, position: &Position) -> io::Result<()> {
    let place = position_path(path);
    let mut temporary = place.as_os_str().to_owned();
    temporary.push(".new");
    let mut file = File::create(&temporary)?;
    file.write_all(serde_json::to_string(position)?.as_bytes())?;
    file.sync_data()?;
    fs::rename(&temporary, &place)
}

#[cfg(test)]
mod tests {

    use peekaboo_storage::{Attribution, ChainCheck, ChainHead, Organization};
    use serde_json::{Value, json};
    use tempfile::TempDir;
    use time::OffsetDateTime;

    use super::*;
    use crate::test_storage::TestStorage;

    async fn change(storage: &Storage, acme: &Organization) {
        let by = Attribution::system("test", OffsetDateTime::now_utc());
        let recorded = storage.record_audit_export(acme.id, json!({"nth": 1}), &by);
        recorded.await.expect("recorded");
    }

    /// The entries in the file, which must be a whole chain.
    fn entries(path: &Path) -> u64 {
        let text = fs::read_to_string(path).expect("text");
        let mut check = ChainCheck::after(ChainHead::START);
        for line in text.lines() {
            let entry: Value = serde_json::from_str(line).expect("JSON");
            check.next(&entry).expect("whole");
        }
        check.checked()
    }

    #[tokio::test]
    async fn every_entry_is_written_once_whatever_happened_between() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("audit.jsonl");
        let (storage, acme) = TestStorage::with_organization().await;
        let mut file = AuditFile::open(path.clone()).expect("writable");
        file.catch_up(&storage).await.expect("written");
        assert_eq!(entries(&path), 1);
        change(&storage, &acme).await;
        file.catch_up(&storage).await.expect("written");
        file.catch_up(&storage).await.expect("nothing new");
        assert_eq!(entries(&path), 2);

        // As after a crash: the position is not kept, and a line is cut short.
        change(&storage, &acme).await;
        let mut torn = append(&path).expect("writable");
        torn.write_all(b"{\"organization\":").expect("written");
        fs::remove_file(position_path(&path)).expect("removed");
        let mut file = AuditFile::open(path.clone()).expect("writable");
        file.catch_up(&storage).await.expect("written");
        assert_eq!(entries(&path), 3);
    }

    #[tokio::test]
    async fn a_file_that_was_renamed_is_followed_by_a_new_one() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("audit.jsonl");
        let (storage, acme) = TestStorage::with_organization().await;
        let mut file = AuditFile::open(path.clone()).expect("writable");
        file.catch_up(&storage).await.expect("written");
        fs::rename(&path, folder.path().join("audit.1.jsonl")).expect("renamed");
        change(&storage, &acme).await;
        file.catch_up(&storage).await.expect("written");
        let text = fs::read_to_string(&path).expect("text");
        assert_eq!(text.lines().count(), 1);
        assert!(text.contains("\"sequence\":2"), "{text}");
        AuditFile::open(path.clone()).expect("readable again");
    }

    #[test]
    fn a_file_that_cannot_be_written_to_is_refused_at_the_start() {
        let refused = AuditFile::open("/nowhere/audit.jsonl".into()).expect_err("no folder");
        assert!(
            refused.to_string().contains("/nowhere/audit.jsonl"),
            "{refused}"
        );
    }
}
