//! The process's own figures under the names that every Prometheus client uses, where Linux tells.

use std::fs;

/// Clock ticks a second in `/proc`: part of Linux's ABI, whatever the kernel's own clock.
const TICKS: f64 = 100.0;

pub(crate) fn describe() {
    metrics::describe_gauge!(
        "process_resident_memory_bytes",
        metrics::Unit::Bytes,
        "Memory held by the process"
    );
    metrics::describe_gauge!("process_open_fds", "Open file descriptors");
    metrics::describe_gauge!("process_max_fds", "The most file descriptors it may open");
    metrics::describe_gauge!(
        "process_start_time_seconds",
        metrics::Unit::Seconds,
        "When it started, in seconds since 1970"
    );
    metrics::describe_gauge!(
        "process_cpu_seconds_total",
        metrics::Unit::Seconds,
        "User and system time spent"
    );
}

/// Writes what is known now.
pub(crate) fn record() {
    if let Some(bytes) = resident_bytes() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        let open = u32::try_from(files.count()).unwrap_or(u32::MAX);
        metrics::gauge!("process_open_fds").set(f64::from(open));
    }
    if let Some(most) = max_files() {
        metrics::gauge!("process_max_fds").set(most);
    }
    if let Some(seconds) = started_at() {
        metrics::gauge!("process_start_time_seconds").set(seconds);
    }
    if let Some(seconds) = cpu_seconds() {
        metrics::gauge!("process_cpu_seconds_total").set(seconds);
    }
}

fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024.0)
}

fn cpu_seconds() -> Option<f64> {
    Some((stat(14)? + stat(15)?) / TICKS)
}

fn started_at() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let booted = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    Some(booted.trim().parse::<f64>().ok()? + self::stat(22)? / TICKS)
}

/// A field of `/proc/self/stat`, by its number in proc(5), which counts from 1.
fn stat(number: usize) -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The command's name, field 2, stands in parentheses and may itself hold spaces and parentheses.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(number - 3)?.parse().ok()
}

fn max_files() -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    // "unlimited" is no number, and is then left out.
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_holds_memory_and_spends_time() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1e6));
        assert!(cpu_seconds().is_some_and(|seconds| seconds < 1e6));
        assert!(max_files().is_none_or(|most| most > 10.0));
        assert!(started_at().is_some_and(|seconds| seconds > 1.7e9));
    }
}
