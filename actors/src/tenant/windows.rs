//! Limits how often an environment's changes are sent to shards.
//!
//! A change is sent at once and opens a window. Changes within it are sent together when it closes. While changes come
//! faster than one per [`FIRST`], each window is longer than the one before. Once they come slower, the next window is
//! as short as the first, and a window without changes is the last. A single change, and the first of many, therefore
//! never wait; a hundred at once cost a socket a few writes; and no change waits longer than [`LONGEST`]. Snapshots are
//! not delayed: readers, and a round in progress, see the newest at once.

use std::collections::HashMap;
use std::time::Duration;

use peekaboo_storage::EnvironmentId;

/// The first window. People and deployments make changes one at a time, with longer pauses than this.
const FIRST: Duration = Duration::from_millis(30);

/// The longest delay of a change.
const LONGEST: Duration = Duration::from_millis(270);

/// The factor by which each window is longer than the one before.
const GROWTH: u32 = 3;

/// The open windows, by environment.
#[derive(Default)]
pub(super) struct OpenWindows(HashMap<EnvironmentId, Window>);

struct Window {
    length: Duration,
    /// The changes within the window, which are sent when it closes.
    owed: u32,
}

impl OpenWindows {
    /// Registers a change; returns the window that it opens if the change is to be sent now.
    pub(super) fn changed(&mut self, environment: EnvironmentId) -> Option<Duration> {
        if let Some(window) = self.0.get_mut(&environment) {
            window.owed += 1;
            return None;
        }
        let window = Window {
            length: FIRST,
            owed: 0,
        };
        self.0.insert(environment, window);
        Some(FIRST)
    }

    /// Closes a window; returns the next one if changes are to be sent now.
    pub(super) fn closed(&mut self, environment: EnvironmentId) -> Option<Duration> {
        let window = self.0.get_mut(&environment)?;
        let owed = std::mem::take(&mut window.owed);
        if owed == 0 {
            self.0.remove(&environment);
            return None;
        }
        let fast = FIRST.saturating_mul(owed) >= window.length;
        window.length = if fast {
            (window.length * GROWTH).min(LONGEST)
        } else {
            FIRST
        };
        Some(window.length)
    }

    /// No client is left to notify.
    pub(super) fn deleted(&mut self, environment: EnvironmentId) {
        self.0.remove(&environment);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When changes at these milliseconds are sent.
    fn sent(changes: &[u64]) -> Vec<u64> {
        let environment = EnvironmentId::from_uuid(uuid::Uuid::nil());
        let mut pacing = OpenWindows::default();
        let mut sent = Vec::new();
        let mut closes = None;
        for now in 0..2_000 {
            let mut opened = None;
            if closes == Some(now) {
                opened = pacing.closed(environment);
                closes = None;
            }
            for _ in changes.iter().filter(|at| **at == now) {
                opened = pacing.changed(environment).or(opened);
            }
            if let Some(window) = opened {
                sent.push(now);
                closes = Some(now + u64::try_from(window.as_millis()).unwrap());
            }
        }
        assert!(pacing.0.is_empty(), "nothing is kept once it is quiet");
        sent
    }

    #[test]
    fn the_first_change_is_sent_at_once_and_the_last_always() {
        assert_eq!(sent(&[5]), [5], "one");
        assert_eq!(sent(&[5, 36, 67]), [5, 36, 67], "apart");
        assert_eq!(sent(&[5, 6, 7]), [5, 35], "three at once");
        assert_eq!(
            sent(&(0..400).collect::<Vec<_>>()),
            [0, 30, 120, 390, 660],
            "one a millisecond"
        );
        assert_eq!(
            sent(&[0, 1, 500, 501]),
            [0, 30, 500, 530],
            "two, and two when it was quiet again"
        );
        assert_eq!(
            sent(&[0, 10, 100, 250, 500, 750, 1_000]),
            [0, 30, 120, 250, 500, 750, 1_000],
            "what came at once does not hold up what comes slowly"
        );
    }
}
