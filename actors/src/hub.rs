//! The handle to a hub's actors.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use peekaboo_protocol::CloseCode;
use peekaboo_storage::{
    Answered, Attribution, Command, Committed, EnvironmentId, IdempotentRequest, OrganizationId,
    Outcome, Storage,
};
use ractor::{Actor, ActorRef};
use tokio::net::TcpStream;
use tokio::sync::{broadcast, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::access::Access;
use crate::config::HubConfig;
use crate::directory::Directory;
use crate::error::{Error, Result};
use crate::live::{Connections, Execute, Reply, TenantEvent, TenantMessage};
use crate::registry::Registry;
use crate::shard::{Accept, Message as ShardMessage};
use crate::source::{Mirror, Source, Spool};
use crate::state::EnvironmentSnapshot;
use crate::supervision::{RootActor, RootMessage};
use crate::wire::Handshake;

/// How much longer than its window a drain may take, so that clients can read close frames.
const DRAIN_GRACE: Duration = Duration::from_secs(3);

/// How long pending usage may take to be written when a hub drains. Senders keep what is not acknowledged.
const EVENTS_WITHIN: Duration = Duration::from_secs(2);

/// How long pending commands, and then the snapshot files, may take when a hub stops.
const FINISHED_WITHIN: Duration = Duration::from_secs(4);

/// A running hub; clones share it.
#[derive(Clone)]
pub struct Hub {
    directory: Arc<Directory>,
    root: ActorRef<RootMessage>,
    stale: watch::Receiver<bool>,
}

impl Hub {
    /// Starts the actors on a database. Install the metrics recorder before.
    pub async fn start(config: HubConfig, storage: Storage) -> Result<Self> {
        Self::start_over(config, Source::Storage(storage)).await
    }

    /// Starts the actors of an edge, which serve the mirror's state and change nothing. Usage of their applications
    /// goes to the spool.
    pub async fn start_edge(config: HubConfig, mirror: Mirror, spool: Spool) -> Result<Self> {
        Self::start_over(config, Source::Mirror(mirror, spool)).await
    }

    async fn start_over(config: HubConfig, source: Source) -> Result<Self> {
        let stale = source.staleness();
        let registry = Arc::new(Registry::new(config, source));
        let directory = Arc::new(Directory::new(registry));
        let (root, _) = RootActor::spawn(None, RootActor, directory.clone())
            .await
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        directory.set_root(root.get_derived());
        Ok(Self {
            directory,
            root,
            stale,
        })
    }

    /// Executes a command of an organization. When this returns, the command is committed, the shards have been
    /// notified, and this node serves the resulting keys and environments.
    ///
    /// Dropping the future does not undo a command that has started.
    pub async fn execute(
        &self,
        organization: OrganizationId,
        command: Command,
        by: Attribution,
    ) -> Result<Committed> {
        let committed = self
            .run(organization, command, by, Reply::Committed)
            .await?;
        self.load_created(organization, &committed).await;
        Ok(committed)
    }

    /// Executes a command once, however often its request is sent; see [`Storage::execute_once`].
    pub async fn execute_once(
        &self,
        organization: OrganizationId,
        command: Command,
        by: Attribution,
        request: IdempotentRequest<Outcome>,
    ) -> Result<Answered<Committed>> {
        let reply = |answered| Reply::Answered(request, answered);
        let answered = self.run(organization, command, by, reply).await?;
        if let Answered::First(committed, _) = &answered {
            self.load_created(organization, committed).await;
        }
        Ok(answered)
    }

    /// Loads the environments that a command created, because clients may connect to one as soon as it is announced.
    async fn load_created(&self, organization: OrganizationId, committed: &Committed) {
        let environments: Vec<_> = match &committed.outcome {
            Outcome::CreatedProject(created) => {
                let created = created.overview.environments.iter();
                created.map(|environment| environment.id).collect()
            }
            Outcome::Environment(environment) if committed.revision.is_some() => {
                vec![environment.id]
            }
            _ => Vec::new(),
        };
        for environment in environments {
            let loaded = self.directory.environment(organization, environment).await;
            if let Err(error) = loaded {
                // It is committed anyway, and loaded when someone needs it.
                tracing::debug!(%error, %environment, "cannot load a new environment yet");
            }
        }
    }

    /// Sends a command to its tenant, and waits for the result.
    async fn run<T>(
        &self,
        organization: OrganizationId,
        command: Command,
        by: Attribution,
        reply: impl FnOnce(oneshot::Sender<Result<T>>) -> Reply,
    ) -> Result<T> {
        let began = Instant::now();
        let tenant = self.directory.tenant(organization).await?;
        let _turn = tenant
            .handle
            .commands
            .acquire()
            .await
            .map_err(|_| Error::ShuttingDown)?;
        let (sender, executed) = oneshot::channel();
        let execute = Box::new(Execute {
            command,
            by,
            began,
            reply: reply(sender),
        });
        if !tenant.handle.tell(TenantMessage::Execute(execute)) {
            return Err(Error::Unavailable("the tenant is restarting".to_owned()));
        }
        executed.await.unwrap_or(Err(Error::Interrupted))
    }

    /// An environment's newest state, loaded from storage if necessary.
    pub async fn environment(
        &self,
        organization: OrganizationId,
        environment: EnvironmentId,
    ) -> Result<Arc<EnvironmentSnapshot>> {
        let find = async || self.directory.environment(organization, environment).await;
        if let Some(found) = find().await? {
            return Ok(found.snapshot());
        }
        // It may have just been created, with its hint still to come: refresh the structure before giving up.
        let tenant = self.directory.tenant(organization).await?;
        tenant.handle.refresh().await?;
        let found = find().await?.ok_or(Error::EnvironmentNotFound)?;
        Ok(found.snapshot())
    }

    /// Events of an organization from now on. A receiver that lags is notified, and should read everything again.
    pub async fn subscribe(
        &self,
        organization: OrganizationId,
    ) -> Result<broadcast::Receiver<TenantEvent>> {
        loop {
            let tenant = self.directory.tenant(organization).await?;
            let events = tenant.handle.watchers.subscribe();
            if !tenant.handle.is_resting() {
                return Ok(events);
            }
            tokio::task::yield_now().await;
        }
    }

    /// Whether an environment is in memory.
    pub fn serves(&self, environment: EnvironmentId) -> bool {
        let tenants = self.directory.registry.tenants();
        tenants
            .iter()
            .any(|tenant| tenant.environment(environment).is_some())
    }

    /// The connections to an environment on this node.
    pub fn connections(&self, environment: EnvironmentId) -> Connections {
        let tenants = self.directory.registry.tenants();
        let environment = tenants
            .iter()
            .find_map(|tenant| tenant.environment(environment));
        environment
            .map(|environment| environment.connections.read())
            .unwrap_or_default()
    }

    /// Authenticates a key for a request from a page of this origin; the error is the close code that a stream would
    /// get.
    ///
    /// Only a key of an organization that is not in memory needs a query.
    pub async fn access(&self, key: &str, origin: Option<&str>) -> Result<Access, CloseCode> {
        Access::by_key(&self.directory, key, origin).await
    }

    /// The same for a ticket from [`Access::ticket`], created here or on another node.
    pub async fn access_by_ticket(
        &self,
        ticket: &str,
        origin: Option<&str>,
    ) -> Result<Access, CloseCode> {
        Access::by_ticket(&self.directory, ticket, origin).await
    }

    /// Accepts an upgraded socket. `read_ahead` contains the bytes after the upgrade request.
    pub fn accept(&self, stream: TcpStream, read_ahead: Bytes, handshake: Handshake) {
        if self.directory.is_draining() {
            return;
        }
        let accept = Box::new(Accept {
            stream,
            read_ahead,
            handshake,
        });
        if !self
            .directory
            .registry
            .shards
            .tell_next(ShardMessage::Accept(accept))
        {
            tracing::debug!("dropping a new socket because every shard is restarting");
        }
    }

    /// Whether the served state may be outdated, because the database or an edge's upstream does not respond.
    pub fn is_stale(&self) -> bool {
        *self.stale.borrow()
    }

    /// Whether new work should be sent here. Stays true while the database is down.
    pub fn ready(&self) -> bool {
        !self.directory.is_draining()
    }

    /// Asks every connection to reconnect elsewhere, spread over the window. Commands are still executed: the API stops
    /// accepting them before [`Hub::stop`].
    pub async fn drain(&self, window: Duration) {
        self.directory.start_draining();
        let mut left = Vec::new();
        self.directory.registry.shards.tell_all(|| {
            let (done, drained) = oneshot::channel();
            left.push(drained);
            ShardMessage::Drain(window, done)
        });
        let sockets = async {
            for drained in left {
                // A shard that has failed in the meantime has no connections left either.
                let _ = drained.await;
            }
        };
        let followers = self.directory.send_followers_away(window);
        let everyone = async { tokio::join!(sockets, followers) };
        if timeout(window + DRAIN_GRACE, everyone).await.is_err() {
            tracing::warn!("closing connections that did not disconnect in time");
        }
        self.directory.finish_events(EVENTS_WITHIN).await;
    }

    /// Finishes pending commands, writes the snapshot files, and stops the actors, which closes all connections.
    pub async fn stop(&self) {
        self.directory.start_draining();
        self.directory.start_stopping();
        let finishing = self.directory.registry.tenants().into_iter();
        let finished = finishing
            .map(|tenant| async move { tenant.handle.finish().await })
            .collect::<JoinSet<_>>();
        if timeout(FINISHED_WITHIN, finished.join_all()).await.is_err() {
            tracing::warn!("stopping before all commands and snapshots were finished");
        }
        self.directory.finish_events(EVENTS_WITHIN).await;
        let _ = self.root.stop_and_wait(None, None).await;
    }

    #[cfg(test)]
    pub(crate) fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }
}
