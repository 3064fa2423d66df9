//! Decides which environments to load next, and who waits for them.
//!
//! An environment that someone waits for is read at once; the others follow in the background, small ones first, a few
//! at a time. This module only decides; it reads nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use peekaboo_storage::EnvironmentId;
use tokio::sync::{Notify, oneshot};

use crate::error::Result;
use crate::live::Newest;

/// The maximum number of a tenant's environments that are read in the background at the same time.
const IN_BACKGROUND: usize = 2;

#[derive(Default)]
pub(super) struct Loads {
    /// Environments that are listed and that no one has requested.
    queue: VecDeque<EnvironmentId>,
    under_way: HashMap<EnvironmentId, Load>,
    /// Reads in progress that no one had requested when they started.
    in_background: usize,
}

/// An environment that is being read.
#[derive(Default)]
struct Load {
    waiting: Vec<oneshot::Sender<Result<()>>>,
    begun_in_background: bool,
    /// Hints that arrived since the read started, which may have been too early to include them.
    heard: Option<Newest>,
    asked: Arc<Notify>,
}

/// How to read an environment.
pub(super) struct Begin {
    pub(super) environment: EnvironmentId,
    /// Notified once someone asks for it.
    pub(super) asked: Arc<Notify>,
}

/// The result of reading an environment.
pub(super) struct Ended {
    pub(super) waiting: Vec<oneshot::Sender<Result<()>>>,
    pub(super) heard: Option<Newest>,
}

impl Loads {
    /// Lists the environments to load in the background in this order, in addition to those in progress.
    pub(super) fn list(&mut self, environments: impl Iterator<Item = EnvironmentId>) {
        self.queue = environments
            .filter(|environment| !self.under_way.contains_key(environment))
            .collect();
    }

    /// The environments that are listed and not in progress.
    pub(super) fn listed(&self) -> impl ExactSizeIterator<Item = EnvironmentId> {
        self.queue.iter().copied()
    }

    /// Removes what is no longer in the structure; callers that wait for it check again.
    pub(super) fn retain(&mut self, exists: impl Fn(EnvironmentId) -> bool) {
        self.queue.retain(|environment| exists(*environment));
        let gone: Vec<_> = self
            .under_way
            .keys()
            .copied()
            .filter(|environment| !exists(*environment))
            .collect();
        for environment in gone {
            if let Some(Ended { waiting, .. }) = self.end(environment) {
                for waiting in waiting {
                    let _ = waiting.send(Ok(()));
                }
            }
        }
    }

    /// Registers that someone waits for an environment; returns how to read it, if the read has not started.
    pub(super) fn ask(
        &mut self,
        environment: EnvironmentId,
        waiting: oneshot::Sender<Result<()>>,
    ) -> Option<Begin> {
        let is_new = !self.under_way.contains_key(&environment);
        let load = self.under_way.entry(environment).or_default();
        load.waiting.push(waiting);
        load.asked.notify_one();
        let asked = load.asked.clone();
        if !is_new {
            return None;
        }
        self.queue.retain(|queued| *queued != environment);
        Some(Begin { environment, asked })
    }

    /// The next environment to read in the background, if the limit allows it.
    pub(super) fn next(&mut self) -> Option<Begin> {
        if self.in_background >= IN_BACKGROUND {
            return None;
        }
        let environment = self.queue.pop_front()?;
        self.in_background += 1;
        let load = Load {
            begun_in_background: true,
            ..Load::default()
        };
        let asked = load.asked.clone();
        self.under_way.insert(environment, load);
        Some(Begin { environment, asked })
    }

    /// Records a hint about an environment that is not in memory yet.
    pub(super) fn note_hint(
        &mut self,
        environment: EnvironmentId,
        newest: impl FnOnce() -> Newest,
    ) {
        if let Some(load) = self.under_way.get_mut(&environment) {
            match &mut load.heard {
                Some(heard) => heard.merge(newest()),
                None => load.heard = Some(newest()),
            }
        }
    }

    /// Ends the read of an environment; `None` if it was canceled.
    pub(super) fn end(&mut self, environment: EnvironmentId) -> Option<Ended> {
        let load = self.under_way.remove(&environment)?;
        if load.begun_in_background {
            self.in_background -= 1;
        }
        Some(Ended {
            waiting: load.waiting,
            heard: load.heard,
        })
    }

    /// Whether someone waits for an environment.
    pub(super) fn are_awaited(&self) -> bool {
        self.under_way.values().any(|load| !load.waiting.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use peekaboo_protocol::Resume;
    use uuid::Uuid;

    use super::*;

    fn environment(number: u128) -> EnvironmentId {
        EnvironmentId::from_uuid(Uuid::from_u128(number))
    }

    fn of(numbers: impl Iterator<Item = u128>) -> Loads {
        let mut loads = Loads::default();
        loads.list(numbers.map(environment));
        loads
    }

    fn begun(loads: &mut Loads) -> Vec<EnvironmentId> {
        std::iter::from_fn(|| loads.next().map(|begin| begin.environment)).collect()
    }

    #[test]
    fn requested_environments_do_not_wait_for_background_reads() {
        let mut loads = of(1..=5);
        assert_eq!(begun(&mut loads), [1, 2].map(environment));
        let (waiting, _answer) = oneshot::channel();
        let begin = loads.ask(environment(5), waiting).expect("it begins");
        assert_eq!(begin.environment, environment(5));
        assert!(loads.are_awaited());
        loads.end(environment(5)).expect("under way");
        assert_eq!(begun(&mut loads), [], "it took no place of the others");
        loads.end(environment(1)).expect("under way");
        assert_eq!(begun(&mut loads), [environment(3)]);
        loads.end(environment(2)).expect("under way");
        loads.end(environment(3)).expect("under way");
        assert_eq!(begun(&mut loads), [environment(4)], "5 is loaded");
    }

    #[test]
    fn all_callers_for_an_environment_share_one_read() {
        let mut loads = of(1..=1);
        assert_eq!(begun(&mut loads), [environment(1)]);
        for _ in 0..2 {
            let (waiting, _answer) = oneshot::channel();
            assert!(loads.ask(environment(1), waiting).is_none());
        }
        let ended = loads.end(environment(1)).expect("under way");
        assert_eq!(ended.waiting.len(), 2);
        assert!(!loads.are_awaited());
    }

    #[test]
    fn a_hint_counts_only_while_the_environment_is_read() {
        let mut loads = of(1..=2);
        let version = |version| {
            let epoch = "e".to_owned();
            Newest::Version(Resume { epoch, version })
        };
        loads.note_hint(environment(1), || version(7));
        begun(&mut loads);
        for heard in [8, 9, 8] {
            loads.note_hint(environment(2), || version(heard));
        }
        let heard = |loads: &mut Loads, number| loads.end(environment(number)).unwrap().heard;
        assert_eq!(
            heard(&mut loads, 1),
            None,
            "the reading sees what came before"
        );
        assert_eq!(heard(&mut loads, 2), Some(version(9)));
    }

    #[test]
    fn what_leaves_the_structure_is_given_up() {
        let mut loads = of(1..=4);
        begun(&mut loads);
        let (waiting, mut answer) = oneshot::channel();
        loads.ask(environment(1), waiting);
        loads.retain(|id| id == environment(4));
        assert!(matches!(answer.try_recv(), Ok(Ok(()))));
        assert!(loads.end(environment(1)).is_none());
        assert_eq!(begun(&mut loads), [environment(4)]);
    }
}
