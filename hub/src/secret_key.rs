//! The hub's secret key: from the settings, or from a file that only the hub's user can read.
//!
//! A hub on the embedded database creates the file on its first start. Nodes that share a database need the same key, so they
//! create none: a different key per node would lock people out.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use peekaboo_storage::{DatabaseUrl, InvalidSecretKey, Keyring, OsEntropy};

use crate::config::Config;

/// The file's name in the data directory.
const FILE: &str = "secret.key";

/// A secret key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// The file cannot be read or written.
    #[error("cannot use the secret key file {}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file does not hold a key.
    #[error("the file {} {cause}", path.display())]
    Invalid {
        /// Which.
        path: PathBuf,
        /// What it should hold.
        cause: InvalidSecretKey,
    },
    /// Others can read the file.
    #[error("other users can read the secret key file {0}; run: chmod 600 {0}")]
    Exposed(String),
}

/// The keys from the settings or the file; empty if neither exists.
pub(crate) fn read(config: &Config) -> Result<Keyring, SecretKeyError> {
    if !config.secret.key.is_empty() {
        return Ok(config.secret.key.clone());
    }
    let path = path(config);
    match read_file(&path) {
        Err(SecretKeyError::File { cause, .. })
            if cause.kind() == io::ErrorKind::NotFound && config.secret.key_file.is_none() =>
        {
            Ok(Keyring::default())
        }
        read => read,
    }
}

/// The same for a hub that starts: on the embedded database, it creates a key if there is none.
pub(crate) fn read_or_make(config: &Config) -> Result<Keyring, SecretKeyError> {
    let keyring = read(config)?;
    if !keyring.is_empty() {
        return Ok(keyring);
    }
    if !matches!(config.database_url().parsed(), DatabaseUrl::Sqlite(_)) {
        tracing::warn!(
            "no secret key is set: second factors cannot be set up, and email with links is not sent; \
             set secret.key to the same value on every node"
        );
        return Ok(keyring);
    }
    make(&path(config))
}

fn path(config: &Config) -> PathBuf {
    let named = config.secret.key_file.clone();
    named.unwrap_or_else(|| config.data.dir.join(FILE))
}

fn read_file(path: &Path) -> Result<Keyring, SecretKeyError> {
    let failed = |cause| SecretKeyError::File {
        path: path.to_owned(),
        cause,
    };
    let mut file = File::open(path).map_err(failed)?;
    refuse_exposed(&file, path)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    let keys: Vec<_> = text.split_whitespace().collect();
    keys.join(",")
        .parse()
        .map_err(|cause| SecretKeyError::Invalid {
            path: path.to_owned(),
            cause,
        })
}

fn make(path: &Path) -> Result<Keyring, SecretKeyError> {
    let failed = |cause| SecretKeyError::File {
        path: path.to_owned(),
        cause,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return read_file(path),
        opened => opened.map_err(failed)?,
    };
    let key = Keyring::generate(&OsEntropy);
    file.write_all(format!("{key}\n").as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    read_file(path)
}

#[cfg(unix)]
fn refuse_exposed(file: &File, path: &Path) -> Result<(), SecretKeyError> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = file.metadata().map_err(|cause| SecretKeyError::File {
        path: path.to_owned(),
        cause,
    })?;
    let others = metadata.permissions().mode() & 0o077;
    if others == 0 {
        Ok(())
    } else {
        Err(SecretKeyError::Exposed(path.display().to_string()))
    }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &File, _: &Path) -> Result<(), SecretKeyError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn config(folder: &TempDir) -> Config {
        let mut config = Config::defaults();
        config.data.dir = folder.path().join("data");
        config
    }

    #[test]
    fn an_embedded_hub_creates_a_key_once_that_only_its_user_can_read() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = TempDir::new().expect("a folder");
        let config = config(&folder);
        assert!(
            read(&config)
                .expect("a missing file is not an error")
                .is_empty()
        );
        let first = read_or_make(&config).expect("made");
        let sealed = first.seal("test", b"text", &OsEntropy).expect("sealed");
        let again = read_or_make(&config).expect("read");
        assert_eq!(again.open("test", &sealed).expect("the same key"), b"text");

        let file = config.data.dir.join(FILE);
        let mode = file.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let exposed = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(&file, exposed).expect("changed");
        let refused = read(&config).expect_err("others can read it");
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }

    #[test]
    fn a_file_that_is_named_must_be_there_and_hold_a_key() {
        let folder = TempDir::new().expect("a folder");
        let mut config = config(&folder);
        let file = folder.path().join("key");
        config.secret.key_file = Some(file.clone());
        assert!(matches!(read(&config), Err(SecretKeyError::File { .. })));
        let mut options = OpenOptions::new();
        options.write(true).create(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut written = options.open(&file).expect("a file");
        written.write_all(b"hunter2").expect("written");
        let refused = read(&config).expect_err("not a key").to_string();
        assert!(!refused.contains("hunter2"), "{refused}");
    }
}
