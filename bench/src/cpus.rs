//! Which processor runs what: the server has one to itself, the load the others.
//!
//! A process keeps the processors of the thread that starts it, so they are set around the start. Without that the
//! scheduler moves the server about and its figures with it.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use anyhow::Context as _;

/// The processors of a run.
#[derive(Clone)]
pub(crate) struct Cpus {
    all: CpuSet,
    split: Option<(CpuSet, CpuSet)>,
}

/// What a process is in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The hub, the floor or a peer.
    Server,
    /// Receivers.
    Load,
}

impl Cpus {
    /// Splits the processors that this process may use; leaves them whole if there is one, or `pin` is false.
    pub(crate) fn new(pin: bool) -> anyhow::Result<Self> {
        let all = sched_getaffinity(None).context("cannot tell which processors there are")?;
        let split = if pin { split(&all) } else { None };
        Ok(Self { all, split })
    }

    /// Whether the server has a processor to itself.
    pub(crate) fn are_split(&self) -> bool {
        self.split.is_some()
    }

    /// Starts something on the processors of its role.
    pub(crate) fn start<T>(
        &self,
        role: Role,
        start: impl FnOnce() -> std::io::Result<T>,
    ) -> std::io::Result<T> {
        let Some((server, load)) = &self.split else {
            return start();
        };
        sched_setaffinity(None, if role == Role::Server { server } else { load })?;
        let started = start();
        sched_setaffinity(None, &self.all)?;
        started
    }
}

/// The first processor, and all others.
fn split(all: &CpuSet) -> Option<(CpuSet, CpuSet)> {
    if all.count() < 2 {
        return None;
    }
    let (mut server, mut load) = (CpuSet::new(), CpuSet::new());
    for processor in (0..CpuSet::MAX_CPU).filter(|processor| all.is_set(*processor)) {
        if server.count() == 0 {
            server.set(processor);
        } else {
            load.set(processor);
        }
    }
    Some((server, load))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpus(processors: &[usize]) -> CpuSet {
        let mut set = CpuSet::new();
        for processor in processors {
            set.set(*processor);
        }
        set
    }

    #[test]
    fn the_server_has_one_processor_and_the_load_the_others() {
        let (server, load) = split(&cpus(&[1, 3, 5])).unwrap();
        assert_eq!(server, cpus(&[1]));
        assert_eq!(load, cpus(&[3, 5]));
    }

    #[test]
    fn one_processor_is_shared() {
        assert!(split(&cpus(&[2])).is_none());
    }

    #[test]
    fn a_child_keeps_the_processors_of_its_role() {
        let cpus = Cpus::new(true).unwrap();
        if !cpus.are_split() {
            return;
        }
        let allowed = |role| {
            let output = cpus.start(role, || {
                std::process::Command::new("cat")
                    .arg("/proc/self/status")
                    .output()
            });
            let status = String::from_utf8(output.unwrap().stdout).unwrap();
            let line = status
                .lines()
                .find(|line| line.starts_with("Cpus_allowed_list:"));
            line.unwrap().to_owned()
        };
        assert_ne!(allowed(Role::Server), allowed(Role::Load));
        assert_eq!(sched_getaffinity(None).unwrap(), cpus.all);
    }
}
