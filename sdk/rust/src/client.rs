//! The client: reads flags, and reports changes and status.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use peekaboo_flags::Context;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::change::{Changes, Listener};
use crate::detail::Detail;
use crate::shared::Shared;
use crate::status::{NotReady, Refusal, Status, StatusChanges};
use crate::value;

/// The flags of one environment, evaluated in this process with the rules of a server key.
///
/// Reads never wait and never fail. A client is cheap to clone, and all clones are the same client. When the last clone
/// is dropped, it closes automatically, like [`close`](Self::close).
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    runtime: Handle,
    /// Set to true to end the task, which also ends when this is dropped.
    closing: watch::Sender<bool>,
    /// Closed when the task ends.
    running: watch::Receiver<Option<Infallible>>,
}

impl Client {
    pub(crate) fn new(
        shared: Arc<Shared>,
        runtime: Handle,
        closing: watch::Sender<bool>,
        running: watch::Receiver<Option<Infallible>>,
    ) -> Self {
        Self(Arc::new(Inner {
            shared,
            runtime,
            closing,
            running,
        }))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0.shared
    }

    /// Waits at most for `timeout` until there are rules, from any source. Without rules, the client still works: it
    /// serves defaults, and keeps retrying.
    ///
    /// # Errors
    /// If the time is over, or the client was refused or closed before any rules arrived.
    pub async fn ready(&self, timeout: Duration) -> Result<(), NotReady> {
        // On the client's runtime, so that the caller needs none.
        let waiting = wait_for_rules(Arc::clone(&self.0.shared), timeout);
        let ended = self.0.runtime.spawn(waiting).await;
        ended.unwrap_or(Err(NotReady::Closed))
    }

    /// The same for code that is not async: blocks the thread. Do not call it in async code, because it would block
    /// other tasks.
    ///
    /// # Errors
    /// Like [`ready`](Self::ready).
    pub fn ready_blocking(&self, timeout: Duration) -> Result<(), NotReady> {
        let (ended, is_ended) = mpsc::sync_channel(1);
        let waiting = wait_for_rules(Arc::clone(&self.0.shared), timeout);
        self.0.runtime.spawn(async move {
            // The receiver may have stopped waiting.
            let _ = ended.send(waiting.await);
        });
        match is_ended.recv_timeout(timeout) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(timed_out(&self.0.shared, timeout)),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(NotReady::Closed),
        }
    }

    /// The value of a boolean flag for a context, or `default` if the flag is unknown, has another type, or serves no
    /// variation.
    #[inline]
    pub fn bool(&self, key: &str, context: &Context, default: bool) -> bool {
        self.read(key, context, value::boolean).unwrap_or(default)
    }

    /// The value of a number flag, or `default`.
    #[inline]
    pub fn number(&self, key: &str, context: &Context, default: f64) -> f64 {
        self.read(key, context, value::number).unwrap_or(default)
    }

    /// The value of a string flag, or `default`.
    pub fn string(&self, key: &str, context: &Context, default: impl Into<String>) -> String {
        self.read(key, context, value::string)
            .unwrap_or_else(|| default.into())
    }

    /// The value of an object flag as the caller's type, or `default` if it cannot be deserialized. It is deserialized
    /// on each call; a [`Flag`](crate::Flag) does so only once.
    pub fn object<T: DeserializeOwned>(&self, key: &str, context: &Context, default: T) -> T {
        self.read(key, context, value::object).unwrap_or(default)
    }

    /// The value as any type that can be deserialized from JSON, with its reason.
    ///
    /// ```
    /// # use peekaboo_sdk::{Client, Context, EvaluationError, Source};
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Client::local(Source::defaults()).build()?;
    /// let detail = client.detail("new-checkout", &Context::new("user-1"), false);
    /// assert_eq!(detail.error, Some(EvaluationError::FlagNotFound));
    /// # Ok(()) }
    /// ```
    pub fn detail<T: DeserializeOwned>(
        &self,
        key: &str,
        context: &Context,
        default: T,
    ) -> Detail<T> {
        self.shared()
            .evaluate(key, context, value::read, |outcome| {
                outcome.into_detail(default)
            })
    }

    /// The value of every flag that serves one to the context, by key. Not counted as usage.
    pub fn all_flags(&self, context: &Context) -> Map<String, Value> {
        self.served(context, |_| true)
    }

    /// The same for client-visible flags: the `bootstrap` of a browser client.
    pub fn client_visible_flags(&self, context: &Context) -> Map<String, Value> {
        self.served(context, peekaboo_flags::CompiledFlag::is_client_visible)
    }

    /// Reports an event, such as a purchase, for experiments to measure. A value that is not finite is ignored.
    pub fn track(&self, event: &str, context: &Context, value: impl Into<Option<f64>>) {
        self.shared().usage.track(event, context, value.into());
    }

    /// A stream of the changes of all flags, from now on.
    pub fn changes(&self) -> Changes {
        let listener = Listener::new(None);
        self.shared().listen(&listener);
        listener.stream()
    }

    /// The current status.
    pub fn status(&self) -> Status {
        *self.shared().status.borrow()
    }

    /// A stream of later statuses.
    pub fn status_changes(&self) -> StatusChanges {
        StatusChanges::new(self.shared().status.subscribe())
    }

    /// Why the hub refused the client, while it is [`Stopped`](Status::Stopped).
    pub fn refusal(&self) -> Option<Refusal> {
        self.shared().refusal()
    }

    /// Why there is no connection to the hub, while there is none: nothing listens at the address, or something that is
    /// not a hub. The client keeps retrying.
    pub fn connection_error(&self) -> Option<String> {
        self.shared().obstacle()
    }

    /// The environment of the rules, as `project/environment`. `None` if no hub has reported it.
    pub fn flag_set_id(&self) -> Option<Arc<str>> {
        self.shared().flag_set()
    }

    /// The environment's version of the current rules; 0 before any have arrived.
    pub fn version(&self) -> u64 {
        self.shared().version()
    }

    /// Sends the remaining usage to the hub, for at most two seconds, and ends the connection. The last rules remain
    /// readable.
    pub async fn close(&self) {
        self.0.closing.send_replace(true);
        // Nothing is ever sent; the channel signals by closing.
        let _ = self.0.running.clone().changed().await;
    }

    #[inline]
    fn read<T>(
        &self,
        key: &str,
        context: &Context,
        read: impl FnOnce(&Value) -> Result<T, value::Mismatch>,
    ) -> Option<T> {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method's lifetime is one, the closure's any"
        )]
        self.shared()
            .evaluate(key, context, read, |outcome| outcome.value())
    }

    fn served(
        &self,
        context: &Context,
        wanted: impl Fn(&peekaboo_flags::CompiledFlag) -> bool,
    ) -> Map<String, Value> {
        let Some(rules) = self.shared().rules() else {
            return Map::new();
        };
        let wanted = rules.ruleset.flags().filter(|(_, flag)| wanted(flag));
        let served = wanted.filter_map(|(key, flag)| {
            let detail = rules.ruleset.evaluate_flag(flag, context);
            Some((key.to_owned(), detail.value?.clone()))
        });
        served.collect()
    }
}

async fn wait_for_rules(shared: Arc<Shared>, timeout: Duration) -> Result<(), NotReady> {
    let mut has_rules = shared.has_rules.subscribe();
    let mut status = shared.status.subscribe();
    tokio::select! {
        biased;
        _ = has_rules.wait_for(|has_rules| *has_rules) => Ok(()),
        _ = status.wait_for(|status| matches!(status, Status::Stopped | Status::Closed)) => {
            Err(shared.refusal().map_or(NotReady::Closed, NotReady::Stopped))
        }
        () = sleep(timeout) => Err(timed_out(&shared, timeout)),
    }
}

fn timed_out(shared: &Shared, waited: Duration) -> NotReady {
    let cause = shared.obstacle();
    NotReady::TimedOut { waited, cause }
}
