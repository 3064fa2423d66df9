//! The change feed: hints that something moved, so that a node reads the log at once and not at its next look.
//!
//! A hint reaches subscribers three ways: in process right after each commit of this node, by notifications of other
//! nodes on Postgres, and by looking once a second. The last alone would do; the others save the second.

mod hint;
mod listen;
mod notify;
mod poll;
mod shared;

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::PgPool;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use self::notify::Outbox;
use self::shared::Shared;
use crate::database::{Database, Pools};
use crate::options::Options;

pub use hint::Hint;
pub(crate) use poll::trim;

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
        let outbox = match &database.pools {
            Pools::Postgres(pool) if options.notify => Some(Outbox::start(pool.clone())),
            _ => None,
        };
        Feeds {
            shared: Arc::new(Shared::new()),
            database: database.clone(),
            options: options.clone(),
            outbox,
            tasks: Mutex::default(),
        }
    }

    /// Subscribes to hints; the first call starts the tasks that look and listen.
    pub(crate) fn subscribe(&self) -> Feed {
        let hints = self.shared.hints.subscribe();
        self.start();
        Feed { hints }
    }

    /// Whether the database did not answer the last look.
    pub(crate) fn staleness(&self) -> watch::Receiver<bool> {
        self.shared.stale.subscribe()
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
        match &self.database.pools {
            Pools::Postgres(pool) if self.options.notify => {
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
