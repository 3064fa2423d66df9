//! Notifications to other nodes: after the commit, coalesced, and lost without harm.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::{CHANNEL, Hint};
use crate::database::within;
use crate::{EnvironmentId, OrganizationId};

/// Postgres refuses a payload of 8,000 bytes.
const MAX_PAYLOAD: usize = 7_900;

/// How long one notification may take; those that come meanwhile join the next.
const TIMEOUT: Duration = Duration::from_secs(2);

/// What is still to be sent: at most one line for each environment and organisation, its newest.
pub(super) struct Outbox {
    pending: Arc<Pending>,
    _task: JoinSet<()>,
}

struct Pending {
    lines: Mutex<HashMap<Subject, String>>,
    filled: Notify,
    /// Whether nothing is pending or on its way.
    idle: watch::Sender<bool>,
}

#[derive(PartialEq, Eq, Hash)]
enum Subject {
    Environment(EnvironmentId),
    Organization(OrganizationId),
}

impl Outbox {
    pub(super) fn start(pool: PgPool) -> Self {
        let pending = Arc::new(Pending {
            lines: Mutex::default(),
            filled: Notify::new(),
            idle: watch::channel(true).0,
        });
        let mut task = JoinSet::new();
        task.spawn(run(pool, Arc::clone(&pending)));
        Outbox {
            pending,
            _task: task,
        }
    }

    pub(super) fn put(&self, hint: &Hint) {
        let subject = match hint {
            Hint::Environment { environment, .. } => Subject::Environment(*environment),
            Hint::Organization { organization, .. } => Subject::Organization(*organization),
            Hint::Everything => return,
        };
        let Some(line) = hint.to_line() else { return };
        let mut lines = self.pending.lines();
        lines.insert(subject, line);
        self.pending.idle.send_replace(false);
        self.pending.filled.notify_one();
    }

    /// Waits, but not long, until everything put before is sent.
    pub(super) async fn flush(&self) {
        let mut idle = self.pending.idle.subscribe();
        // Lost notifications cost other nodes a second; a longer wait would cost this one more.
        let _ = tokio::time::timeout(TIMEOUT, idle.wait_for(|idle| *idle)).await;
    }
}

impl Pending {
    fn lines(&self) -> std::sync::MutexGuard<'_, HashMap<Subject, String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it went idle: nothing came while the last was sent.
    fn settle(&self) -> bool {
        let lines = self.lines();
        let empty = lines.is_empty();
        if empty {
            self.idle.send_replace(true);
        }
        empty
    }
}

async fn run(pool: PgPool, pending: Arc<Pending>) {
    loop {
        if pending.settle() {
            pending.filled.notified().await;
        }
        let lines = std::mem::take(&mut *pending.lines());
        for payload in payloads(lines.into_values()) {
            let statement = sqlx::query("SELECT pg_notify($1, $2)")
                .bind(CHANNEL)
                .bind(payload);
            if let Err(error) = within(TIMEOUT, statement.execute(&pool)).await {
                tracing::debug!(%error, "a notification was not sent; other nodes will look for themselves");
            }
        }
    }
}

/// Packs lines into as few payloads as hold them.
fn payloads(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut payloads: Vec<String> = Vec::new();
    for line in lines {
        match payloads.last_mut() {
            Some(last) if last.len() + 1 + line.len() <= MAX_PAYLOAD => {
                last.push('\n');
                last.push_str(&line);
            }
            _ => payloads.push(line),
        }
    }
    payloads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_hold_every_line_and_none_is_too_long() {
        let lines: Vec<String> = (0..500).map(|n| format!("o {n:0>60}")).collect();
        let payloads = payloads(lines.clone().into_iter());
        assert!(payloads.iter().all(|payload| payload.len() <= MAX_PAYLOAD));
        assert!(payloads.len() < 10, "{}", payloads.len());
        let read: Vec<_> = payloads
            .iter()
            .flat_map(|payload| payload.lines())
            .collect();
        assert_eq!(read, lines);
    }
}
