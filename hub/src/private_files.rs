//! Files that hold rules, hashes of keys and what people were served: only the hub's own user reads them.

use std::path::Path;

/// From now on, what this process writes can be read by its own user only: the database, snapshots, waiting usage, and
/// folders on the way to them. Warns about a database that earlier releases left open to others, because someone may
/// have meant it.
#[cfg(unix)]
pub(crate) fn keep(data: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let database = data.join("peekaboo.db");
    let is_open = |file: &Path| {
        let metadata = file.metadata();
        metadata.is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    };
    if is_open(&database) && is_open(data) {
        tracing::warn!(
            path = %database.display(),
            "other users can read the database: run `chmod -R go= {}`",
            data.display()
        );
    }
}

#[cfg(not(unix))]
pub(crate) fn keep(_: &Path) {}
