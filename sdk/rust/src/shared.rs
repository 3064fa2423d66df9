//! The state of a client, and its listeners: shared by reads, by handles, and by the task that follows the source.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::SystemTime;

use arc_swap::ArcSwapOption;
use peekaboo_flags::{CompiledRuleset, Context, Reason};
use serde_json::Value;
use tokio::sync::watch;

use crate::change::{Change, Listener};
use crate::detail::Outcome;
use crate::entry::Entry;
use crate::rules::Rules;
use crate::status::{Refusal, Status};
use crate::usage::Usage;
use crate::value::Mismatch;

#[derive(Debug)]
pub(crate) struct Shared {
    rules: ArcSwapOption<Rules>,
    pub(crate) usage: Usage,
    pub(crate) status: watch::Sender<Status>,
    pub(crate) has_rules: watch::Sender<bool>,
    refusal: Mutex<Option<Refusal>>,
    /// Why there is no connection, while there is none.
    obstacle: Mutex<Option<String>>,
    /// The environment of the rules, as last reported by the hub.
    flag_set: Mutex<Option<Arc<str>>>,
    /// Held while rules are applied, so that no one subscribes in between.
    audience: Mutex<Subscribers>,
}

#[derive(Debug, Default)]
struct Subscribers {
    handles: Vec<Weak<dyn Resolve>>,
    listeners: Vec<Weak<Listener>>,
    ended: bool,
}

/// A handle that caches its part of the current rules.
pub(crate) trait Resolve: Send + Sync + std::fmt::Debug {
    fn resolve(&self, rules: Option<&Arc<Rules>>, usage: &Usage);
}

impl Shared {
    pub(crate) fn new(status: Status, counting: bool) -> Self {
        Self {
            rules: ArcSwapOption::empty(),
            usage: Usage::new(counting),
            status: watch::Sender::new(status),
            has_rules: watch::Sender::new(false),
            refusal: Mutex::default(),
            obstacle: Mutex::default(),
            flag_set: Mutex::default(),
            audience: Mutex::default(),
        }
    }

    pub(crate) fn rules(&self) -> Option<Arc<Rules>> {
        self.rules.load_full()
    }

    /// The version of the rules; 0 before any have arrived.
    pub(crate) fn version(&self) -> u64 {
        let rules = self.rules.load();
        rules.as_ref().map_or(0, |rules| rules.ruleset.version())
    }

    /// Applies new rules: first for reads, then for handles, then for listeners.
    pub(crate) fn hold(&self, ruleset: CompiledRuleset, committed_at: Option<SystemTime>) {
        let mut audience = self.audience();
        let before = self.rules();
        report_faults(before.as_deref(), &ruleset);
        let keys = match &before {
            Some(before) => ruleset.affected_since(&before.ruleset),
            None => ruleset.affected_since(&CompiledRuleset::default()),
        };
        let change = Change {
            keys,
            version: ruleset.version(),
            committed_at,
        };
        let rules = Arc::new(Rules::new(ruleset, before.as_deref(), &self.usage));
        self.rules.store(Some(Arc::clone(&rules)));
        audience.handles.retain(|handle| {
            let handle = handle.upgrade();
            handle.is_some_and(|handle| {
                handle.resolve(Some(&rules), &self.usage);
                true
            })
        });
        drop(before);
        self.usage.sweep();
        let listeners = audience.present();
        drop(audience);
        self.has_rules.send_replace(true);
        if change.keys.is_empty() {
            return;
        }
        tracing::debug!(
            version = change.version,
            flags = change.keys.len(),
            "rules changed"
        );
        for listener in listeners {
            listener.tell(&change);
        }
    }

    /// Sets a status, unless the current one is final.
    pub(crate) fn set_status(&self, next: Status) {
        self.status.send_if_modified(|status| {
            let changes = *status != next && !status.is_final();
            if changes {
                *status = next;
            }
            changes
        });
    }

    /// The hub refused this client.
    pub(crate) fn refuse(&self, refusal: Refusal) {
        tracing::error!(
            code = refusal.code,
            reason = refusal.reason,
            "the hub refused this client; serving the last rules and retrying within a few minutes"
        );
        // Before the status, so that the reason is there when the status changes.
        *self.last_refusal() = Some(refusal);
        self.set_status(Status::Stopped);
    }

    /// There is no connection, for this reason.
    pub(crate) fn unreachable(&self, reason: &str) {
        *self.last_obstacle() = Some(reason.to_owned());
    }

    /// Why there is no connection, while there is none.
    pub(crate) fn obstacle(&self) -> Option<String> {
        self.last_obstacle().clone()
    }

    fn last_obstacle(&self) -> MutexGuard<'_, Option<String>> {
        self.obstacle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hub reported the environment of the rules.
    pub(crate) fn named(&self, flag_set: &str) {
        *self.last_flag_set() = Some(flag_set.into());
    }

    /// The environment of the rules; `None` if no hub has reported it.
    pub(crate) fn flag_set(&self) -> Option<Arc<str>> {
        self.last_flag_set().clone()
    }

    fn last_flag_set(&self) -> MutexGuard<'_, Option<Arc<str>>> {
        self.flag_set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hub has sent its current rules.
    pub(crate) fn live(&self) {
        *self.last_obstacle() = None;
        *self.last_refusal() = None;
        self.set_status(Status::Live);
    }

    /// Why the hub refused this client, while it is refused.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.last_refusal().clone()
    }

    fn last_refusal(&self) -> MutexGuard<'_, Option<Refusal>> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing will change any more.
    pub(crate) fn end(&self, status: Status) {
        self.set_status(status);
        let listeners = {
            let mut audience = self.audience();
            audience.ended = true;
            audience.present()
        };
        for listener in listeners {
            listener.end();
        }
    }

    pub(crate) fn join(&self, handle: &Arc<impl Resolve + 'static>) {
        let mut audience = self.audience();
        handle.resolve(self.rules().as_ref(), &self.usage);
        let handle: Arc<dyn Resolve> = Arc::clone(handle) as _;
        push(&mut audience.handles, Arc::downgrade(&handle));
    }

    pub(crate) fn listen(&self, listener: &Arc<Listener>) {
        let mut audience = self.audience();
        push(&mut audience.listeners, Arc::downgrade(listener));
        if audience.ended {
            listener.end();
        }
    }

    /// The number of places for handles and listeners.
    #[cfg(test)]
    pub(crate) fn places(&self) -> usize {
        let audience = self.audience();
        audience.handles.len() + audience.listeners.len()
    }

    fn audience(&self) -> MutexGuard<'_, Subscribers> {
        self.audience.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Evaluates a flag, counts the evaluation, and passes the result, with its value in the caller's type, to
    /// `finish`.
    #[inline]
    pub(crate) fn evaluate<T, R>(
        &self,
        key: &str,
        context: &Context,
        read: impl FnOnce(&Value) -> Result<T, Mismatch>,
        finish: impl FnOnce(Outcome<'_, T>) -> R,
    ) -> R {
        let rules = self.rules.load();
        let Some(rules) = &*rules else {
            self.usage.unknown(key);
            return finish(Outcome::NotReady);
        };
        let Some(entry) = rules.entry(key) else {
            self.usage.unknown(key);
            return finish(Outcome::NotFound);
        };
        finish(self.outcome(rules, entry, context, read))
    }

    #[inline]
    fn outcome<'r, T>(
        &self,
        rules: &'r Rules,
        entry: &'r Entry,
        context: &Context,
        read: impl FnOnce(&Value) -> Result<T, Mismatch>,
    ) -> Outcome<'r, T> {
        let Some(flag) = &entry.flag else {
            return Outcome::NotFound;
        };
        let detail = rules.ruleset.evaluate_flag(flag, context);
        match detail.value.map(read).transpose() {
            Ok(value) => {
                let why = (detail.reason, detail.rule_index);
                self.usage
                    .evaluated(entry, detail.variation_index, why, context);
                Outcome::Served(value, detail, flag.metadata())
            }
            Err(mismatch) => {
                self.usage
                    .evaluated(entry, None, (Reason::Error, None), context);
                Outcome::Mismatch(mismatch, detail.flag_version)
            }
        }
    }
}

impl Subscribers {
    /// Those that still exist.
    fn present(&mut self) -> Vec<Arc<Listener>> {
        self.listeners
            .retain(|listener| listener.strong_count() > 0);
        self.listeners.iter().filter_map(Weak::upgrade).collect()
    }
}

/// Adds one. If that would need more room, first removes those that no longer exist.
fn push<T: ?Sized>(list: &mut Vec<Weak<T>>, one: Weak<T>) {
    if list.len() == list.capacity() {
        list.retain(|other| other.strong_count() > 0);
    }
    list.push(one);
}

/// Malformed flags affect no others, but are logged.
fn report_faults(before: Option<&Rules>, after: &CompiledRuleset) {
    let before = before.map(|before| &before.ruleset);
    for (key, flag) in after.flags() {
        let former = before.and_then(|before| before.flag(key)?.fault());
        if let Some(fault) = flag.fault().filter(|fault| former != Some(fault)) {
            tracing::error!(
                flag = key,
                fault,
                "a flag is malformed; serving the caller's default"
            );
        }
    }
    for (key, segment) in after.segments() {
        let former = before.and_then(|before| before.segment(key)?.fault());
        if let Some(fault) = segment.fault().filter(|fault| former != Some(fault)) {
            tracing::error!(
                segment = key,
                fault,
                "a segment is malformed; it matches no one"
            );
        }
    }
}
