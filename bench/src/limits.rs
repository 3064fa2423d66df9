//! How many files a process may open, looked at before a run and not met in the middle of it.
//!
//! The hub and the floor's server inherit this process's limit, so one look serves all three.

use anyhow::ensure;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that a process needs in addition to its sockets: listeners, database, pipes, and the runtime's own.
const OTHER_FILES: u64 = 500;

/// Raises the limit as far as it goes, and fails, saying what to do, where a process may not hold `sockets` sockets.
pub(crate) fn ensure_room_for(sockets: u32) -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised)?;
    check(sockets, limit.maximum.unwrap_or(u64::MAX))
}

fn check(sockets: u32, most: u64) -> anyhow::Result<()> {
    let needed = u64::from(sockets) + OTHER_FILES;
    ensure!(
        needed <= most,
        "{sockets} sockets need {needed} open files in the hub, and this machine lets a process have {most}: choose \
         --sockets {} or fewer, or let root raise the hard limit",
        most.saturating_sub(OTHER_FILES)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_fits_continues() {
        assert!(check(500, 1_024).is_ok());
        assert!(check(525, 1_024).is_err());
        assert!(check(1_000_000, u64::MAX).is_ok());
    }

    #[test]
    fn what_only_root_may_raise_is_said_with_the_largest_run_that_fits() {
        let error = check(30_000, 20_000).unwrap_err().to_string();
        assert!(error.contains("--sockets 19500"), "{error}");
    }
}
