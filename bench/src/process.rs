//! What the kernel's accounting says of another process.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;

/// `utime` and `stime` of `stat` count hundredths of a second, each rounded down.
const STAT_ERROR: Duration = Duration::from_millis(20);

/// Processor time of a process at a moment, thread by thread.
///
/// Read from each thread's `schedstat`, which counts nanoseconds where `stat` counts hundredths of a second. `stat`
/// alone knows of threads that have ended, so it is read as well.
#[derive(Debug)]
pub(crate) struct CpuTime {
    threads: HashMap<u32, u64>,
    whole: Duration,
}

impl CpuTime {
    /// What `pid` has used until now.
    pub(crate) fn of(pid: u32) -> anyhow::Result<Self> {
        let mut threads = HashMap::new();
        for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
            let task = task?;
            // A thread may end between being listed and being read.
            let Ok(stat) = std::fs::read_to_string(task.path().join("schedstat")) else {
                continue;
            };
            let on_cpu = stat.split(' ').next().context("schedstat is empty")?;
            let thread = task.file_name().to_string_lossy().parse()?;
            threads.insert(thread, on_cpu.parse()?);
        }
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        Ok(Self {
            threads,
            whole: ticks(&stat).context("no times in the process's stat")?,
        })
    }

    /// What was used between `earlier` and this.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        let of_living = self.threads.iter().map(|(thread, nanos)| {
            nanos.saturating_sub(earlier.threads.get(thread).copied().unwrap_or_default())
        });
        let of_living = Duration::from_nanos(of_living.sum());
        let at_least = self.whole.saturating_sub(earlier.whole + STAT_ERROR);
        of_living.max(at_least)
    }
}

/// User and system time in a `stat` line, whose second field is a name that may hold anything.
fn ticks(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 10))
}

/// Resident memory of `pid` in bytes.
pub(crate) fn resident_bytes(pid: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .context("no VmRSS line in the process's status")?;
    Ok(kilobytes.parse::<u64>()? * 1024)
}

/// Threads of `pid`.
pub(crate) fn threads(pid: u32) -> anyhow::Result<u64> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task"))?;
    Ok(threads.count() as u64)
}

/// Memory that the kernel holds for sockets, of both ends and of every process of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KernelMemory {
    /// Socket, file and directory objects; unknown where `/proc/slabinfo` is not for this user.
    pub(crate) objects: Option<u64>,
    /// What waits in TCP's buffers.
    pub(crate) buffers: u64,
}

impl KernelMemory {
    /// Looks at what it is now.
    pub(crate) fn now() -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        Self {
            objects: slabs(&read("/proc/slabinfo")),
            buffers: buffers(&read("/proc/net/sockstat")).unwrap_or_default(),
        }
    }
}

/// What the kernel makes for each TCP socket, of which there are two a connection on one machine.
const SLABS: [&str; 7] = [
    "TCP",
    "sock_inode_cache",
    "filp",
    "dentry",
    "eventpoll_epi",
    "ep_head",
    "request_sock_TCP",
];

fn slabs(slabinfo: &str) -> Option<u64> {
    let lines = slabinfo.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        let active: u64 = words.next()?.parse().ok()?;
        let size: u64 = words.nth(1)?.parse().ok()?;
        SLABS.contains(&name).then_some(active * size)
    });
    Some(lines.sum()).filter(|bytes| *bytes > 0)
}

fn buffers(sockstat: &str) -> Option<u64> {
    let line = sockstat.lines().find(|line| line.starts_with("TCP:"))?;
    let pages: u64 = line.split_once("mem ")?.1.trim().parse().ok()?;
    Some(pages * 4096)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_threads_used_is_not_taken_from_the_others() {
        let at = |threads: &[(u32, u64)], whole| CpuTime {
            threads: threads.iter().copied().collect(),
            whole: Duration::from_millis(whole),
        };
        let before = at(&[(1, 5_000_000), (2, 90_000_000)], 100);
        let after = at(&[(1, 45_000_000), (3, 2_000_000)], 140);
        assert_eq!(after.since(&before), Duration::from_millis(42));
        let ended = at(&[(1, 45_000_000)], 1_100);
        assert_eq!(ended.since(&before), Duration::from_millis(980));
    }

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "42 (odd) name) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 4 0 1 2 3";
        assert_eq!(ticks(stat), Some(Duration::from_secs(2)));
        assert_eq!(ticks("42 name"), None);
    }

    #[test]
    fn this_process_has_used_time_and_memory() {
        let pid = std::process::id();
        let before = CpuTime::of(pid).unwrap();
        let mut work = 0_u64;
        while CpuTime::of(pid).unwrap().since(&before) < Duration::from_millis(2) {
            work = std::hint::black_box(work + 1);
        }
        assert!(work > 0 && resident_bytes(pid).unwrap() > 100_000);
    }

    #[test]
    fn the_kernels_memory_is_that_of_sockets() {
        let slabinfo = "slabinfo - version: 2.1\n# name <active_objs> <num_objs> <objsize>\n\
                        TCP 10 20 2048 15 8\nfilp 5 8 256 16 1\nvm_area_struct 99 99 200 1 1\n";
        assert_eq!(slabs(slabinfo), Some(10 * 2048 + 5 * 256));
        assert_eq!(slabs(""), None);
        let sockstat =
            "sockets: used 9\nTCP: inuse 4 orphan 0 tw 0 alloc 4 mem 3\nUDP: inuse 0 mem 7\n";
        assert_eq!(buffers(sockstat), Some(3 * 4096));
    }
}
