//! How a node works off what is due.

use std::time::Duration;

use time::OffsetDateTime;

use crate::backoff::Backoff;
use crate::lane::Lane;

/// How much work of one sort a node does at once, and how it retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneConfig {
    /// Tasks at once, at least 1.
    pub at_once: usize,
    /// How a task that failed is retried.
    pub backoff: Backoff,
}

/// Settings of a [`crate::Runner`]; the defaults are for production.
#[derive(Clone, Copy, Debug)]
pub struct RunnerConfig {
    /// How long a claim holds unless it is renewed, which happens three times as often. The work of a node that died is
    /// done by another this much later at most. It must exceed the database's statement timeout.
    pub lease: Duration,
    /// How often to look for what other nodes queued: one indexed query each time.
    pub poll: Duration,
    /// Work on the database that someone waits for.
    pub prompt: LaneConfig,
    /// Work on the database that no one waits for. It never dies.
    pub maintenance: LaneConfig,
    /// Work that waits for other systems.
    pub external: LaneConfig,
    /// How long running work may go on when the node stops, before it is given back.
    pub stop_within: Duration,
    /// The wall clock. Clocks of nodes that share a database should agree to a fraction of a lease.
    pub clock: fn() -> OffsetDateTime,
}

impl Default for RunnerConfig {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(10),
            poll: Duration::from_millis(500),
            prompt: LaneConfig {
                at_once: 4,
                backoff: Backoff {
                    first: Duration::from_millis(500),
                    longest: Duration::from_mins(5),
                    attempts: Some(15),
                },
            },
            maintenance: LaneConfig {
                at_once: 1,
                backoff: Backoff {
                    first: Duration::from_secs(10),
                    longest: Duration::from_mins(10),
                    attempts: None,
                },
            },
            // Mail servers that are down or greylist come round within hours.
            external: LaneConfig {
                at_once: 16,
                backoff: Backoff {
                    first: Duration::from_secs(5),
                    longest: Duration::from_hours(1),
                    attempts: Some(16),
                },
            },
            stop_within: Duration::from_secs(5),
            clock: OffsetDateTime::now_utc,
        }
    }
}

impl RunnerConfig {
    pub(crate) fn lane(&self, lane: Lane) -> &LaneConfig {
        match lane {
            Lane::Prompt => &self.prompt,
            Lane::Maintenance => &self.maintenance,
            Lane::External => &self.external,
        }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }

    /// When a lease ends that is taken or renewed now.
    pub(crate) fn lease_end(&self) -> OffsetDateTime {
        self.now() + self.lease
    }
}
