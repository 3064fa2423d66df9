//! The root of the supervision tree: it starts tenants and shards, and restarts them when they fail.
//!
//! Its mailbox holds one message for each caller that waits for a tenant to load. These callers are connections and
//! requests that passed admission control.
//!
//! A restarted tenant gets its `Tenant` with all published state, and takes over its mailbox's handle. A restarted
//! shard gets nothing from its predecessor. The root itself is not restarted: the hub ends with it.

use std::collections::HashMap;
use std::sync::Arc;

use ractor::{Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::feed;
use crate::connection;
use crate::directory::{Directory, Load};
use crate::live::{Tenant, TenantMessage};
use crate::metrics::Metrics;
use crate::registry::Registry;
use crate::restart;
use crate::shard::{Readers, ShardActor};
use crate::tenant::TenantActor;

pub(crate) enum Message {
    /// Load a tenant, if it is not in memory, and reply when it is.
    Load(Load),
    /// Restart a failed actor.
    Restart(Child),
}

/// The directory's handle for requesting loads.
impl From<Load> for Message {
    fn from(load: Load) -> Self {
        Self::Load(load)
    }
}

impl TryFrom<Message> for Load {
    type Error = Message;

    fn try_from(message: Message) -> Result<Self, Message> {
        match message {
            Message::Load(load) => Ok(load),
            other @ Message::Restart(_) => Err(other),
        }
    }
}

pub(crate) struct RootActor;

/// What the root supervises.
#[derive(Clone)]
pub(crate) enum Child {
    Tenant(Arc<Tenant>),
    Shard(usize),
}

impl Child {
    fn name(&self) -> &'static str {
        match self {
            Self::Tenant(_) => "tenant",
            Self::Shard(_) => "shard",
        }
    }
}

pub(crate) struct State {
    registry: Arc<Registry>,
    readers: Readers,
    children: HashMap<ActorId, (Child, Instant)>,
    /// The task that follows the source's change feed; ends with the root.
    feed: Option<AbortOnDropHandle<()>>,
}

impl Actor for RootActor {
    type Msg = Message;
    type State = State;
    type Arguments = Arc<Directory>;

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        directory: Arc<Directory>,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State {
            registry: directory.registry.clone(),
            readers: Arc::new(move |opened| connection::spawn(opened, directory.clone())),
            children: HashMap::new(),
            feed: None,
        })
    }

    async fn post_start(
        &self,
        myself: ActorRef<Message>,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        for shard in 0..state.registry.shards.len() {
            state.start(&myself, Child::Shard(shard)).await;
        }
        let registry = state.registry.clone();
        let feed = restart::keep_running("feed", move || feed::listen(registry.clone()));
        state.feed = Some(AbortOnDropHandle::new(feed));
        Ok(())
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Load(load) => state.load(&myself, load).await,
            Message::Restart(child) => state.start(&myself, child).await,
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Message>,
        event: SupervisionEvent,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(actor, error) => {
                state.child_failed(&myself, actor.get_id(), &error);
            }
            SupervisionEvent::ActorTerminated(actor, _, _) => state.child_ended(actor.get_id()),
            _ => {}
        }
        Ok(())
    }
}

impl State {
    async fn load(&mut self, myself: &ActorRef<Message>, load: Load) {
        let Load {
            organization,
            reply,
        } = load;
        let tenant = if let Some(tenant) = self.registry.tenant(organization) {
            tenant
        } else {
            let tenant = Arc::new(Tenant::new(organization, &self.registry.metrics));
            self.registry.insert(tenant.clone());
            self.start(myself, Child::Tenant(tenant.clone())).await;
            tenant
        };
        // If the actor has failed, the reply is dropped, and its caller asks again.
        tenant.handle.tell(TenantMessage::Ready(Some(reply)));
    }

    async fn start(&mut self, myself: &ActorRef<Message>, child: Child) {
        let started = self.spawn(myself.get_cell(), &child).await;
        match started {
            Ok(actor) => {
                self.children.insert(actor, (child, Instant::now()));
            }
            Err(error) => {
                tracing::error!(%error, actor = child.name(), "cannot start an actor");
                myself.send_after(restart::PAUSE, || Message::Restart(child));
            }
        }
    }

    async fn spawn(
        &self,
        supervisor: ActorCell,
        child: &Child,
    ) -> Result<ActorId, ractor::SpawnErr> {
        let registry = self.registry.clone();
        match child {
            Child::Tenant(tenant) => {
                let arguments = (tenant.clone(), registry);
                let (actor, _) =
                    TenantActor::spawn_linked(None, TenantActor, arguments, supervisor).await?;
                tenant.handle.set_actor(actor.clone());
                let _ = actor.cast(TenantMessage::Ready(None));
                Ok(actor.get_id())
            }
            Child::Shard(index) => {
                let arguments = (
                    registry.config.clone(),
                    registry.metrics.clone(),
                    self.readers.clone(),
                );
                let (actor, _) =
                    ShardActor::spawn_linked(None, ShardActor, arguments, supervisor).await?;
                registry.shards.set(*index, actor.clone());
                Ok(actor.get_id())
            }
        }
    }

    fn child_failed(
        &mut self,
        myself: &ActorRef<Message>,
        actor: ActorId,
        error: &ActorProcessingErr,
    ) {
        let Some((child, started)) = self.children.remove(&actor) else {
            return;
        };
        Metrics::restarted(child.name());
        tracing::error!(%error, actor = child.name(), "an actor failed; restarting it");
        myself.send_after(restart::pause(started), || Message::Restart(child));
    }

    fn child_ended(&mut self, actor: ActorId) {
        // An idle tenant has removed itself from the registry; a tenant that could not be loaded has not.
        if let Some((Child::Tenant(tenant), _)) = self.children.remove(&actor) {
            self.registry.remove(&tenant);
        }
    }
}
