//! The state of each of an edge's keys, and what follows from all of them: ready, stale, or refused.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use metrics::gauge;
use peekaboo_actors::Mirror;
use peekaboo_storage::EnvironmentId;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard, watch};

/// The state of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyState {
    /// The upstream has not been tried.
    Starting,
    /// The edge is up to date with the upstream.
    Current,
    /// The upstream is not responding.
    Away,
    /// Another key follows the same environment.
    Reserve,
    /// The upstream refuses this key, for this reason.
    Refused(String),
}

impl KeyState {
    /// The label in metrics.
    const NAMES: [&str; 4] = ["current", "away", "reserve", "refused"];

    fn name(&self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Starting | Self::Away => "away",
            Self::Reserve => "reserve",
            Self::Refused(_) => "refused",
        }
    }
}

/// The state of every key.
#[derive(Clone)]
pub(super) struct KeyBoard {
    shared: Arc<Shared>,
}

struct Shared {
    mirror: Mirror,
    seats: Mutex<Vec<(KeyState, Option<EnvironmentId>)>>,
    /// The key that holds an environment's lock follows it.
    turns: Mutex<HashMap<EnvironmentId, Arc<Turn<()>>>>,
    changed: watch::Sender<()>,
}

/// One key's entry.
pub(super) struct KeySlot {
    board: KeyBoard,
    place: usize,
}

impl KeyBoard {
    pub(super) fn new(mirror: Mirror, keys: usize) -> Self {
        metrics::describe_gauge!(
            "peekaboo_edge_keys",
            "Keys of an edge, by their state at the upstream"
        );
        let board = Self {
            shared: Arc::new(Shared {
                mirror,
                seats: Mutex::new(vec![(KeyState::Starting, None); keys]),
                turns: Mutex::default(),
                changed: watch::channel(()).0,
            }),
        };
        board.publish(&board.seats());
        board
    }

    pub(super) fn seat(&self, place: usize) -> KeySlot {
        let board = self.clone();
        KeySlot { board, place }
    }

    /// Waits until the upstream was tried with every key and something can be served; the reasons, if every key is
    /// refused and none was ever accepted.
    pub(super) async fn settled(&self) -> Result<(), String> {
        let mut changed = self.shared.changed.subscribe();
        loop {
            if let Some(outcome) = self.outcome() {
                return outcome;
            }
            // The board itself holds the sender.
            let _ = changed.changed().await;
        }
    }

    fn outcome(&self) -> Option<Result<(), String>> {
        let seats = self.seats();
        if seats
            .iter()
            .any(|(standing, _)| *standing == KeyState::Starting)
        {
            return None;
        }
        let reasons: Vec<_> = seats
            .iter()
            .filter_map(|(standing, _)| match standing {
                KeyState::Refused(reason) => Some(reason.as_str()),
                _ => None,
            })
            .collect();
        let was_accepted =
            |(_, environment): &(KeyState, Option<EnvironmentId>)| environment.is_some();
        if reasons.len() == seats.len() && !seats.iter().any(was_accepted) {
            return Some(Err(reasons.join("; ")));
        }
        let holds = |(standing, environment): &(KeyState, Option<EnvironmentId>)| {
            !matches!(standing, KeyState::Refused(_))
                && environment.is_some_and(|environment| self.shared.mirror.holds(environment))
        };
        seats.iter().any(holds).then_some(Ok(()))
    }

    fn seats(&self) -> MutexGuard<'_, Vec<(KeyState, Option<EnvironmentId>)>> {
        let seats = self.shared.seats.lock();
        seats.unwrap_or_else(PoisonError::into_inner)
    }

    /// The served state may be outdated if a key is not current and no other key follows its environment. The environment of a
    /// key that was never accepted is not even known.
    fn publish(&self, seats: &[(KeyState, Option<EnvironmentId>)]) {
        let current: HashSet<_> = seats
            .iter()
            .filter(|(standing, _)| *standing == KeyState::Current)
            .filter_map(|(_, environment)| *environment)
            .collect();
        let is_behind =
            |(standing, environment): &(KeyState, Option<EnvironmentId>)| match environment {
                Some(environment) => !current.contains(environment),
                None => !matches!(standing, KeyState::Refused(_)),
            };
        self.shared.mirror.set_stale(seats.iter().any(is_behind));
        for name in KeyState::NAMES {
            let count = seats.iter().filter(|(standing, _)| standing.name() == name);
            let count = u32::try_from(count.count()).unwrap_or(u32::MAX);
            gauge!("peekaboo_edge_keys", "standing" => name).set(f64::from(count));
        }
    }
}

impl KeySlot {
    /// Sets the state of this key.
    pub(super) fn set(&self, standing: KeyState, environment: Option<EnvironmentId>) {
        let mut seats = self.board.seats();
        let seat = (standing, environment);
        // An upstream that stays down is recorded after each attempt of each key.
        if seats[self.place] == seat {
            return;
        }
        seats[self.place] = seat;
        self.board.publish(&seats);
        drop(seats);
        self.board.shared.changed.send_replace(());
    }

    /// The lock for following an environment. One key holds it at a time.
    pub(super) fn turn(&self, environment: EnvironmentId) -> Arc<Turn<()>> {
        let turns = self.board.shared.turns.lock();
        let mut turns = turns.unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(environment).or_default())
    }
}

/// Held by the key that follows an environment.
pub(super) type MyTurn = OwnedMutexGuard<()>;
