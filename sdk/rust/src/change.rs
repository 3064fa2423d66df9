//! Notifies listeners of changes. Each listener has room for one change, into which later ones are merged, so that a
//! late reader misses no flag and delays nothing.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use futures_core::Stream;

/// A change of rules, which are already in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The flags whose rules changed, or that depend on something that changed. Never empty.
    pub keys: BTreeSet<String>,
    /// The environment's version after the change.
    pub version: u64,
    /// When the newest change was committed, by the hub's clock; `None` if unknown.
    pub committed_at: Option<SystemTime>,
}

impl Change {
    fn merge(&mut self, later: &Self) {
        self.keys.extend(later.keys.iter().cloned());
        self.version = later.version;
        self.committed_at = later.committed_at;
    }
}

/// A stream of changes, until the client is closed. It holds at most one change: changes that arrive while it is not
/// read are merged.
#[derive(Debug)]
#[must_use = "a stream does nothing unless it is read"]
pub struct Changes(Arc<Listener>);

impl Changes {
    /// The next change; `None` once the client is closed.
    pub async fn next(&mut self) -> Option<Change> {
        poll_fn(|context| self.0.poll(context)).await
    }
}

impl Stream for Changes {
    type Item = Change;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Change>> {
        self.0.poll(context)
    }
}

/// A listener for the changes of one flag, or of any.
#[derive(Debug)]
pub(crate) struct Listener {
    flag: Option<Arc<str>>,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    change: Option<Change>,
    ended: bool,
    waker: Option<Waker>,
}

impl Listener {
    pub(crate) fn new(flag: Option<Arc<str>>) -> Arc<Self> {
        Arc::new(Self {
            flag,
            heard: Mutex::default(),
        })
    }

    pub(crate) fn stream(self: Arc<Self>) -> Changes {
        Changes(self)
    }

    pub(crate) fn tell(&self, change: &Change) {
        let concerns = |key: &Arc<str>| change.keys.contains(&**key);
        if !self.flag.as_ref().is_none_or(concerns) {
            return;
        }
        self.update(|heard| match &mut heard.change {
            Some(unread) => unread.merge(change),
            None => heard.change = Some(change.clone()),
        });
    }

    pub(crate) fn end(&self) {
        self.update(|heard| heard.ended = true);
    }

    fn update(&self, update: impl FnOnce(&mut Heard)) {
        let mut heard = self.heard();
        update(&mut heard);
        let waker = heard.waker.take();
        drop(heard);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn poll(&self, context: &Context<'_>) -> Poll<Option<Change>> {
        let mut heard = self.heard();
        if let Some(change) = heard.change.take() {
            return Poll::Ready(Some(change));
        }
        if heard.ended {
            return Poll::Ready(None);
        }
        heard.waker = Some(context.waker().clone());
        Poll::Pending
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
