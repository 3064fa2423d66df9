//! How many files a process may open, looked at before a run and not met in the middle of it.
//!
//! The hub and the floor's server inherit this process's limit, so one look serves all three.

use anyhow::{Context as _, ensure};

/// Files that a process needs besides its sockets: listeners, database, pipes, and room for the runtime.
const BESIDES: u64 = 500;

/// Fails, saying what to do, where a process may not hold `sockets` sockets.
pub(crate) fn ensure_room_for(sockets: usize) -> anyhow::Result<()> {
    let limits = std::fs::read_to_string("/proc/self/limits")
        .context("cannot read the limits of this process")?;
    check(
        sockets,
        open_files(&limits).context("no line on open files in the limits of this process")?,
    )
}

/// The soft and the hard limit; none is `u64::MAX`.
fn open_files(limits: &str) -> Option<(u64, u64)> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    let mut numbers = line.split_whitespace().map(|word| match word {
        "unlimited" => Some(u64::MAX),
        number => number.parse().ok(),
    });
    Some((numbers.next()??, numbers.next()??))
}

fn check(sockets: usize, (soft, hard): (u64, u64)) -> anyhow::Result<()> {
    let needed = u64::try_from(sockets)?.saturating_add(BESIDES);
    ensure!(
        needed <= hard,
        "{sockets} sockets need {needed} open files and this machine lets a process have {hard}: \
         choose --sockets {} or fewer, or let root raise the hard limit",
        hard.saturating_sub(BESIDES)
    );
    ensure!(
        needed <= soft,
        "{sockets} sockets need {needed} open files and this shell lets a process have {soft}: \
         run `ulimit -n {needed}` first, or choose --sockets {} or fewer",
        soft.saturating_sub(BESIDES)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: &str = "Limit                     Soft Limit           Hard Limit           Units\n\
                          Max processes             unlimited            unlimited            processes\n\
                          Max open files            1024                 524288               files\n";

    #[test]
    fn both_limits_are_read() {
        assert_eq!(open_files(LIMITS), Some((1024, 524_288)));
        assert_eq!(
            open_files("Max open files  unlimited unlimited files"),
            Some((u64::MAX, u64::MAX))
        );
        assert_eq!(open_files("Max processes 1 1 processes"), None);
    }

    #[test]
    fn a_run_that_fits_goes_on() {
        assert!(check(500, (1024, 1024)).is_ok());
        assert!(check(525, (1024, 524_288)).is_err());
    }

    #[test]
    fn what_the_shell_may_raise_is_said_with_the_command() {
        let error = check(5000, (1024, 524_288)).unwrap_err().to_string();
        assert!(error.contains("ulimit -n 5500"), "{error}");
    }

    #[test]
    fn what_only_root_may_raise_is_said_with_the_largest_run_that_fits() {
        let error = check(30_000, (1024, 20_000)).unwrap_err().to_string();
        assert!(error.contains("--sockets 19500"), "{error}");
    }
}
