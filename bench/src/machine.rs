//! Where and of what a run was: figures without it cannot be compared with others later.

use std::process::Command;

use serde::Serialize;

/// The machine and the commit, as far as they can be told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Machine {
    processor: Option<String>,
    cores: Option<usize>,
    kernel: Option<String>,
    /// Processes that wanted to run in the minute before: with more than a few, figures are of a busy machine.
    load_before: Option<f64>,
    /// Of the folder in which the run was started; `-dirty` where files differ from it.
    commit: Option<String>,
}

impl Machine {
    /// Looks at this machine; before the run, so that the load is not the run's own.
    pub(crate) fn here() -> Self {
        let read = |path| std::fs::read_to_string(path).ok();
        Self {
            processor: read("/proc/cpuinfo").and_then(|text| processor(&text)),
            cores: std::thread::available_parallelism()
                .ok()
                .map(std::num::NonZero::get),
            kernel: read("/proc/sys/kernel/osrelease").map(|text| text.trim().to_owned()),
            load_before: read("/proc/loadavg").and_then(|text| load(&text)),
            commit: commit(),
        }
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".into());
        let number = |text: Option<String>| text.unwrap_or_else(|| "?".into());
        format!(
            "{}, {} cores, Linux {}, load {}, commit {}",
            or_unknown(&self.processor),
            number(self.cores.map(|cores| cores.to_string())),
            or_unknown(&self.kernel),
            number(self.load_before.map(|load| load.to_string())),
            or_unknown(&self.commit)
        )
    }
}

fn processor(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo
        .lines()
        .find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn load(loadavg: &str) -> Option<f64> {
    loadavg.split(' ').next()?.parse().ok()
}

fn commit() -> Option<String> {
    let described = Command::new("git")
        .args(["describe", "--always", "--dirty", "--exclude=*"])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8(described.stdout).ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_the_first_that_is_named() {
        let text = "processor\t: 0\nmodel name\t: Fast One\nmodel name\t: Other\n";
        assert_eq!(processor(text).as_deref(), Some("Fast One"));
        assert_eq!(processor("processor : 0\n"), None);
    }

    #[test]
    fn the_load_is_that_of_the_last_minute() {
        assert_eq!(load("0.52 7.09 9.22 1/300 4242\n"), Some(0.52));
        assert_eq!(load(""), None);
    }

    #[test]
    fn unknown_machine_facts_are_reported_as_unknown() {
        let nothing = Machine {
            processor: None,
            cores: None,
            kernel: None,
            load_before: None,
            commit: None,
        };
        assert_eq!(
            nothing.line(),
            "unknown, ? cores, Linux unknown, load ?, commit unknown"
        );
    }
}
