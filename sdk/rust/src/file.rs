//! Rules from a file, which is read again whenever it changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use peekaboo_flags::{CompiledRuleset, describe_json_error};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::closing::is_closing;
use crate::shared::Shared;

/// How often to check the file. Polling works everywhere; file notifications get lost on network drives, and if the
/// file is a link that is replaced, as in Kubernetes.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Identifies the content of a file without reading it.
#[derive(PartialEq, Eq)]
struct FileStamp {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
}

/// Follows the file until the client is closed.
pub(crate) async fn follow(path: PathBuf, shared: Arc<Shared>, mut closing: watch::Receiver<bool>) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut read: Option<FileStamp> = None;
    // The last failure, which is reported once.
    let mut failure = String::new();
    loop {
        tokio::select! {
            () = is_closing(&mut closing) => return,
            _ = looks.tick() => {}
        }
        let stamp = stamp(&path).await;
        if read.is_some() && read == stamp {
            continue;
        }
        match load(&path).await {
            Ok(ruleset) => {
                shared.hold(ruleset, None);
                failure.clear();
                read = stamp;
            }
            // The file may be incomplete: it is read again at the next check.
            Err(error) => {
                if error != failure {
                    tracing::error!(path = %path.display(), error, "the file does not contain a ruleset; keeping the last rules");
                }
                failure = error;
                read = None;
            }
        }
    }
}

async fn stamp(path: &Path) -> Option<FileStamp> {
    let metadata = tokio::fs::metadata(path).await.ok()?;
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let inode = 0;
    Some(FileStamp {
        modified: metadata.modified().ok(),
        length: metadata.len(),
        inode,
    })
}

/// Reads the rules; the error is a readable message.
async fn load(path: &Path) -> Result<CompiledRuleset, String> {
    let text = tokio::fs::read(path).await;
    let text = text.map_err(|error| error.to_string())?;
    // Some editors write a byte order mark at the start.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
    let json = serde_json::from_slice(text).map_err(|error| describe_json_error(&error))?;
    CompiledRuleset::load(&json).map_err(|error| error.to_string())
}
