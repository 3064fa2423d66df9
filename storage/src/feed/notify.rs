//! Notifications to other nodes: after the commit, coalesced, and lost without harm.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::hint::{CHANNEL, Hint};
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
    hints: Mutex<HashMap<Subject, Hint>>,
    filled: Notify,
    /// Whether nothing is pending or on its way.
    idle: watch::Sender<bool>,
}

#[derive(PartialEq, Eq, Hash)]
enum Subject {
    Environment(EnvironmentId),
    Organization(OrganizationId),
    /// Each revision says which keys it changed, and none can stand for another.
    Keys(OrganizationId, i64),
}

impl Outbox {
    pub(super) fn start(pool: PgPool) -> Self {
        let pending = Arc::new(Pending::new());
        let mut task = JoinSet::new();
        task.spawn(run(pool, Arc::clone(&pending)));
        Outbox {
            pending,
            _task: task,
        }
    }

    pub(super) fn put(&self, hint: &Hint) {
        self.pending.put(hint);
    }

    /// Waits, but not long, until everything put before is sent.
    pub(super) async fn flush(&self) {
        let mut idle = self.pending.idle.subscribe();
        // Lost notifications cost other nodes a second; a longer wait would cost this one more.
        let _ = tokio::time::timeout(TIMEOUT, idle.wait_for(|idle| *idle)).await;
    }
}

impl Pending {
    fn new() -> Self {
        Pending {
            hints: Mutex::default(),
            filled: Notify::new(),
            idle: watch::channel(true).0,
        }
    }

    fn put(&self, hint: &Hint) {
        let subject = match hint {
            Hint::Environment { environment, .. } => Subject::Environment(*environment),
            Hint::Organization { organization, .. } => Subject::Organization(*organization),
            Hint::Keys {
                organization,
                revision,
                ..
            } => Subject::Keys(*organization, *revision),
            Hint::Everything => return,
        };
        let mut hints = self.hints();
        // Commits are announced in whatever order their callers go on.
        if hints
            .get(&subject)
            .is_none_or(|pending| !pending.is_newer_than(hint))
        {
            hints.insert(subject, hint.clone());
        }
        self.idle.send_replace(false);
        self.filled.notify_one();
    }

    fn hints(&self) -> MutexGuard<'_, HashMap<Subject, Hint>> {
        self.hints.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what is to be sent now.
    fn take(&self) -> Vec<String> {
        let hints = std::mem::take(&mut *self.hints());
        hints.values().filter_map(Hint::to_line).collect()
    }

    /// Whether it went idle: nothing came while the last was sent.
    fn settle(&self) -> bool {
        let hints = self.hints();
        let empty = hints.is_empty();
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
        for payload in payloads(pending.take().into_iter()) {
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
    use uuid::Uuid;

    use super::*;

    fn environment(id: u128, version: i64) -> Hint {
        Hint::Environment {
            organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
            environment: EnvironmentId::from_uuid(Uuid::from_u128(id)),
            epoch: "e".to_owned(),
            version,
        }
    }

    #[test]
    fn many_changes_while_one_notification_is_sent_make_one_line_each_of_the_newest() {
        let pending = Pending::new();
        assert!(pending.settle());
        for version in (1..=100).chain([99]) {
            pending.put(&environment(1, version));
            pending.put(&environment(2, version + 1_000));
            pending.put(&Hint::Organization {
                organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
                revision: version,
            });
        }
        assert!(!pending.settle());
        let mut lines = pending.take();
        lines.sort_unstable_by_key(|line| line.rsplit(' ').next().map(str::len));
        let versions: Vec<_> = lines
            .iter()
            .filter_map(|line| line.rsplit(' ').next())
            .collect();
        assert_eq!(versions, ["100", "100", "1100"]);
        assert!(pending.settle(), "nothing is sent twice");
    }

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
