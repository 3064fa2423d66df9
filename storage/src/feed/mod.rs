//! The change feed: hints that something moved, so that a node reads the log at once and not at its next look.
//!
//! A hint reaches subscribers three ways: in process right after each commit of this node, by notifications of other
//! nodes on Postgres, and by looking once a second. The last alone would do; the others save the second.

mod hint;
mod listen;
mod notify;
mod poll;

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::PgPool;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use self::hint::Known;
use self::notify::Outbox;
use crate::database::Database;
use crate::options::Options;
use crate::storage::Storage;

pub use hint::Hint;
pub(crate) use poll::trim;

/// The Postgres channel that nodes notify each other on.
const CHANNEL: &str = "peekaboo_changes";

/// Hints kept for a subscriber that is slow; one that falls further behind is told [`Hint::Everything`].
const CAPACITY: usize = 1_024;

/// A subscription to hints. It yields none of before it was made: read what you hold after subscribing.
#[derive(Debug)]
pub struct Feed {
    hints: broadcast::Receiver<Hint>,
}

impl Feed {
    /// The next hint; `None` once the storage is gone.
    ///
    /// May be dropped and called again without losing any.
    pub async fn recv(&mut self) -> Option<Hint> {
        match self.hints.recv().await {
            Ok(hint) => Some(hint),
            Err(broadcast::error::RecvError::Lagged(_)) => {
                // What is still queued is covered by looking at everything.
                self.hints = self.hints.resubscribe();
                Some(Hint::Everything)
            }
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Storage {
    /// Subscribes to hints; the first call starts the tasks that look and listen.
    pub fn feed(&self) -> Feed {
        let hints = self.inner.feeds.shared.hints.subscribe();
        self.inner.feeds.start();
        Feed { hints }
    }

    /// Whether what this node knows may be old because the database did not answer the last look.
    ///
    /// Moves only once [`Storage::feed`] was called.
    pub fn staleness(&self) -> watch::Receiver<bool> {
        self.inner.feeds.shared.stale.subscribe()
    }
}

/// What the feed's tasks share.
pub(super) struct Shared {
    hints: broadcast::Sender<Hint>,
    known: Mutex<Known>,
    stale: watch::Sender<bool>,
}

impl Shared {
    /// Tells subscribers, unless they know.
    fn tell(&self, hint: Hint) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.note(&hint) {
            // Without subscribers there is nobody to tell.
            let _ = self.hints.send(hint);
        }
    }
}

/// The feed's state; its tasks end with it.
pub(crate) struct Feeds {
    shared: Arc<Shared>,
    database: Database,
    options: Options,
    outbox: Option<Outbox>,
    /// The tasks that look and listen, once started.
    tasks: Mutex<JoinSet<()>>,
}

impl Feeds {
    pub(crate) fn new(database: &Database, options: &Options) -> Self {
        let shared = Shared {
            hints: broadcast::channel(CAPACITY).0,
            known: Mutex::default(),
            stale: watch::channel(false).0,
        };
        let outbox = match database {
            Database::Postgres(pool) if options.notify => Some(Outbox::start(pool.clone())),
            _ => None,
        };
        Feeds {
            shared: Arc::new(shared),
            database: database.clone(),
            options: options.clone(),
            outbox,
            tasks: Mutex::default(),
        }
    }

    /// Tells this node's subscribers of a commit at once, and other nodes soon.
    pub(crate) fn announce(&self, hint: Hint) {
        if let Some(outbox) = &self.outbox {
            outbox.put(&hint);
        }
        self.shared.tell(hint);
    }

    fn start(&self) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if !tasks.is_empty() {
            return;
        }
        if let Some(every) = self.options.poll {
            let (database, shared) = (self.database.clone(), Arc::clone(&self.shared));
            tasks.spawn(poll::run(database, shared, self.options.clone(), every));
        }
        if let Some(pool) = self.listening_pool() {
            tasks.spawn(listen::run(pool, Arc::clone(&self.shared)));
        }
    }

    /// Listening keeps its connection, so it has one beside the pool that statements share.
    fn listening_pool(&self) -> Option<PgPool> {
        match &self.database {
            Database::Postgres(pool) if self.options.notify => {
                let options = sqlx::postgres::PgPoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(self.options.acquire_timeout);
                Some(options.connect_lazy_with(pool.connect_options().as_ref().clone()))
            }
            _ => None,
        }
    }

    /// Sends what is to be sent, then ends the tasks.
    pub(crate) async fn stop(&self) {
        if let Some(outbox) = &self.outbox {
            outbox.flush().await;
        }
        let mut tasks = {
            let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *tasks)
        };
        tasks.shutdown().await;
    }
}
