//! What a hub writes is its own user's.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::support::run;

/// A folder and everything in it, with the permissions of each.
fn permissions(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mode = |path: &Path| path.metadata().expect("there").permissions().mode() & 0o777;
    let mut found = vec![(folder.to_owned(), mode(folder))];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(permissions(&path));
        } else {
            found.push((path.clone(), mode(&path)));
        }
    }
    found
}

#[tokio::test]
async fn other_users_cannot_read_the_data_directory() {
    let directory = TempDir::new().expect("a directory");
    let data = directory.path().join("data");
    let path = data.to_str().expect("text");
    let (code, _, errors) = run(&["migrate", "--data-dir", path]).await;
    assert_eq!(code, Some(0), "{errors}");
    let found = permissions(&data);
    assert!(found.len() > 1, "a database is there");
    for (path, mode) in found {
        assert_eq!(mode & 0o077, 0, "{} has {mode:o}", path.display());
    }
}

#[tokio::test]
async fn a_database_that_others_can_read_is_reported() {
    let directory = TempDir::new().expect("a directory");
    let data = directory.path().join("data");
    let path = data.to_str().expect("text");
    run(&["migrate", "--data-dir", path]).await;
    for file in [data.clone(), data.join("peekaboo.db")] {
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("set");
    }
    let (code, _, errors) = run(&["migrate", "--data-dir", path]).await;
    assert_eq!(code, Some(0), "{errors}");
    assert!(errors.contains("chmod -R go="), "{errors}");
}
