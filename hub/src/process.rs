//! The process's own metrics, under the names that every Prometheus client uses. On Linux only.
//!
//! The metrics-process crate would add macOS, but also a build-time dependency on libclang there.

pub(crate) fn describe() {
    metrics::describe_gauge!(
        "process_resident_memory_bytes",
        metrics::Unit::Bytes,
        "Resident memory of the process"
    );
    metrics::describe_gauge!("process_open_fds", "Open file descriptors");
    metrics::describe_gauge!("process_max_fds", "Limit of open file descriptors");
    metrics::describe_gauge!(
        "process_start_time_seconds",
        metrics::Unit::Seconds,
        "Start time, in seconds since 1970"
    );
    metrics::describe_gauge!(
        "process_cpu_seconds_total",
        metrics::Unit::Seconds,
        "User and system CPU time"
    );
}

/// Writes what is known now. What cannot be read is left out.
#[cfg(target_os = "linux")]
pub(crate) fn record() {
    for (name, value) in linux::read().unwrap_or_default() {
        metrics::gauge!(name).set(value);
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn record() {}

#[cfg(target_os = "linux")]
mod linux {
    use procfs::{
        ProcResult, boot_time_secs, page_size,
        process::{LimitValue, Process},
        ticks_per_second,
    };

    /// Each metric that can be read, by its name.
    #[expect(
        clippy::cast_precision_loss,
        reason = "metrics are floating point, and exact to 9 PB and 285 million years"
    )]
    pub(super) fn read() -> ProcResult<Vec<(&'static str, f64)>> {
        let process = Process::myself()?;
        let stat = process.stat()?;
        let ticks = ticks_per_second() as f64;
        let mut values = vec![
            (
                "process_resident_memory_bytes",
                (stat.rss * page_size()) as f64,
            ),
            (
                "process_cpu_seconds_total",
                (stat.utime + stat.stime) as f64 / ticks,
            ),
            ("process_open_fds", process.fd_count()? as f64),
        ];
        if let LimitValue::Value(most) = process.limits()?.max_open_files.soft_limit {
            values.push(("process_max_fds", most as f64));
        }
        let started = boot_time_secs()? as f64 + stat.starttime as f64 / ticks;
        values.push(("process_start_time_seconds", started));
        Ok(values)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn this_process_holds_memory_and_spends_time() {
            let values = read().expect("readable");
            let value = |name| {
                let found = values.iter().find(|(named, _)| *named == name);
                found.map(|(_, value)| *value)
            };
            assert!(value("process_resident_memory_bytes").is_some_and(|bytes| bytes > 1e6));
            assert!(value("process_cpu_seconds_total").is_some_and(|seconds| seconds < 1e6));
            assert!(value("process_open_fds").is_some_and(|open| open > 2.0));
            assert!(value("process_max_fds").is_none_or(|most| most > 10.0));
            assert!(value("process_start_time_seconds").is_some_and(|seconds| seconds > 1.7e9));
        }
    }
}
