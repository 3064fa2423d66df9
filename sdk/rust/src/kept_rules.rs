//! The last rules of a hub, stored in a file, so that a service can start while the hub is down. The file is replaced
//! as a whole, so a crash never leaves half of one. It contains the hash of its key and its own digest, so rules of
//! another environment or damaged rules are never used. The Node SDK uses the same format:
//!
//! ```text
//! {"format":"peekaboo-rules-1","key":"<SHA-256 of the key>","digest":"<SHA-256 of the next line>"}
//! {"epoch":"…","version":42,"flags":{…},"segments":{…}}
//! ```

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, io};

use peekaboo_flags::LoadError;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::closing::is_closing;

/// Identifies the format of the file.
const FORMAT: &str = "peekaboo-rules-1";

/// How long to collect changes before they are written.
const SAVE_AFTER: Duration = Duration::from_secs(1);

/// Rules in the hub's form, because the compiled form does not preserve it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct WrittenRules {
    pub(crate) epoch: String,
    pub(crate) version: u64,
    pub(crate) flags: Map<String, Value>,
    #[serde(deserialize_with = "entries")]
    pub(crate) segments: Map<String, Value>,
}

/// `None` for a snapshot without segments.
fn entries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

impl WrittenRules {
    /// Applies a change.
    pub(crate) fn change(
        &mut self,
        to: u64,
        (put_flags, deleted_flags): (&Map<String, Value>, &[String]),
        (put_segments, deleted_segments): (&Map<String, Value>, &[String]),
    ) {
        self.version = to;
        change(&mut self.flags, put_flags, deleted_flags);
        change(&mut self.segments, put_segments, deleted_segments);
    }
}

fn change(entries: &mut Map<String, Value>, put: &Map<String, Value>, deleted: &[String]) {
    for key in deleted {
        entries.remove(key);
    }
    for (key, entry) in put {
        entries.insert(key.clone(), entry.clone());
    }
}

/// Why a file of rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeptError {
    #[error("cannot read the file: {0}")]
    Read(#[from] io::Error),
    #[error("not a file of kept rules")]
    Format,
    #[error("the rules are for another key")]
    Key,
    #[error("the file is damaged: the rules do not match their digest")]
    Digest,
    #[error("invalid rules: {0}")]
    Rules(#[from] LoadError),
}

/// The first line of the file.
#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    key: String,
    digest: String,
}

/// The stored rules, and their file.
#[derive(Debug)]
pub(crate) struct KeptRules {
    path: PathBuf,
    /// The digest of the rules' key.
    owner: String,
    /// Never held while a file is written.
    rules: Mutex<WrittenRules>,
    /// Counts changes.
    changes: watch::Sender<u64>,
}

impl KeptRules {
    pub(crate) fn new(path: PathBuf, key: &str) -> Self {
        Self {
            path,
            owner: digest(key.as_bytes()),
            rules: Mutex::default(),
            changes: watch::Sender::new(0),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the stored rules as JSON; `None` if there are none.
    pub(crate) fn load(&self) -> Result<Option<Value>, KeptError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(KeptError::Format);
            }
            Err(error) => return Err(error.into()),
        };
        let (header, rules) = text.split_once('\n').ok_or(KeptError::Format)?;
        let rules = rules.trim_end_matches('\n');
        let header: Header = serde_json::from_str(header).map_err(|_| KeptError::Format)?;
        if header.format != FORMAT {
            return Err(KeptError::Format);
        }
        if header.key != self.owner {
            return Err(KeptError::Key);
        }
        if header.digest != digest(rules.as_bytes()) {
            return Err(KeptError::Digest);
        }
        let written: WrittenRules = serde_json::from_str(rules).map_err(|_| KeptError::Format)?;
        let json = serde_json::to_value(&written).map_err(|_| KeptError::Format)?;
        *self.rules() = written;
        Ok(Some(json))
    }

    /// Stores a whole ruleset as JSON. It is written soon.
    pub(crate) fn replace(&self, ruleset: Value) {
        let Ok(written) = serde_json::from_value(ruleset) else {
            return;
        };
        self.update(|rules| *rules = written);
    }

    /// Changes the stored rules. They are written soon.
    pub(crate) fn update(&self, update: impl FnOnce(&mut WrittenRules)) {
        update(&mut self.rules());
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// Writes changes until the client is closed, and then the remaining ones.
    pub(crate) async fn keep(self: Arc<Self>, mut closing: watch::Receiver<bool>) {
        let mut changes = self.changes.subscribe();
        let mut is_open = true;
        while is_open {
            tokio::select! {
                () = is_closing(&mut closing) => is_open = false,
                _ = changes.changed() => tokio::select! {
                    () = is_closing(&mut closing) => is_open = false,
                    () = sleep(SAVE_AFTER) => {}
                }
            }
            if *changes.borrow_and_update() > 0 {
                self.write().await;
            }
        }
    }

    async fn write(&self) {
        let text = self.text();
        if let Err(error) = replace(&self.path, text).await {
            let path = self.path.display();
            tracing::error!(%path, %error, "cannot save the rules to this file");
        }
    }

    fn text(&self) -> String {
        // Maps with string keys and JSON values can always be written as JSON.
        let rules = serde_json::to_string(&*self.rules()).unwrap_or_default();
        let header = Header {
            format: FORMAT.to_owned(),
            key: self.owner.clone(),
            digest: digest(rules.as_bytes()),
        };
        let header = serde_json::to_string(&header).unwrap_or_default();
        format!("{header}\n{rules}\n")
    }

    fn rules(&self) -> MutexGuard<'_, WrittenRules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Replaces a file as a whole: readers find the old one or the new one.
async fn replace(path: &Path, text: String) -> io::Result<()> {
    let path = path.to_owned();
    let writing = tokio::task::spawn_blocking(move || {
        // Other processes may use the same path.
        let unique = format!("{}.{:08x}.tmp", std::process::id(), rand::random::<u32>());
        let mut temporary = path.clone().into_os_string();
        temporary.push(format!(".{unique}"));
        let temporary = PathBuf::from(temporary);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let written =
            write_new(&temporary, text.as_bytes()).and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            // A failure loses nothing.
            let _ = fs::remove_file(&temporary);
        }
        written
    });
    writing.await.map_err(io::Error::other)?
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    // Rules may name customers, so only the owner may read them.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()
}

/// A SHA-256 in lower-case hexadecimal.
fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
