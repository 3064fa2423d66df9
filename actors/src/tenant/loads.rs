//! Which environments are still to be loaded, and by whom they are asked for.
//!
//! An environment that somebody waits for is read at once; the others follow in the background, small ones first, a few
//! at a time. This module decides and does not read.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use peekaboo_storage::EnvironmentId;
use tokio::sync::{Notify, oneshot};

use crate::error::Result;
use crate::live::Newest;

/// Environments of one tenant that are read in the background at once.
const IN_BACKGROUND: usize = 2;

#[derive(Default)]
pub(super) struct Loads {
    /// Listed, and nobody has asked for them.
    queue: VecDeque<EnvironmentId>,
    under_way: HashMap<EnvironmentId, Load>,
    /// Of those under way, the ones that nobody asked for when they were begun.
    in_background: usize,
}

/// An environment that is being read.
#[derive(Default)]
struct Load {
    waiting: Vec<oneshot::Sender<Result<()>>>,
    begun_in_background: bool,
    /// What was heard of it since the reading began, which may have been too early for that.
    heard: Option<Newest>,
    asked: Arc<Notify>,
}

/// How an environment is to be read.
pub(super) struct Begin {
    pub(super) environment: EnvironmentId,
    /// Notified once somebody asks for it.
    pub(super) asked: Arc<Notify>,
}

/// An environment whose reading is over.
pub(super) struct Ended {
    pub(super) waiting: Vec<oneshot::Sender<Result<()>>>,
    pub(super) heard: Option<Newest>,
}

impl Loads {
    /// Lists what is to be loaded in the background, in this order, beside what is under way.
    pub(super) fn list(&mut self, environments: impl Iterator<Item = EnvironmentId>) {
        self.queue = environments
            .filter(|environment| !self.under_way.contains_key(environment))
            .collect();
    }

    /// What is listed and not under way.
    pub(super) fn listed(&self) -> impl ExactSizeIterator<Item = EnvironmentId> {
        self.queue.iter().copied()
    }

    /// Gives up what is no longer in the structure; those who wait for it look again.
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

    /// Somebody waits for an environment; answers how to read it, where that has not begun.
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

    /// The next one to read in the background, while there is room for one.
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

    /// Something is heard of an environment that is not in memory yet.
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

    /// The reading of an environment is over; `None` where it was given up.
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

    /// Whether somebody waits for an environment.
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
    fn what_is_asked_for_does_not_wait_for_what_is_read_in_the_background() {
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
    fn everybody_who_asks_for_an_environment_waits_for_one_reading() {
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
