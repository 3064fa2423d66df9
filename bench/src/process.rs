//! What the kernel's accounting says of another process.

use std::time::Duration;

use anyhow::Context as _;

/// Processor time that every thread of `pid` has used since it started.
///
/// Read from each thread's `schedstat`, which counts nanoseconds where `stat` counts hundredths
/// of a second. Threads that have ended are missing, so compare moments between which none does.
pub(crate) fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let mut nanos = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let stat = std::fs::read_to_string(task?.path().join("schedstat"))?;
        let on_cpu = stat.split(' ').next().context("schedstat is empty")?;
        nanos += on_cpu.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
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
