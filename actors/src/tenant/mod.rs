//! The actor of one organization: the only writer of its commands, and the owner of its environments' state.
//!
//! Commands run one after the other here, so their changes are published in order, and the caller gets a response after
//! the shards were notified. Everyone else reads published snapshots and never asks this actor.
//!
//! Its published state, its mailbox and its handle are in `live`, and outlive it. A successor reads the rest of its
//! state from storage.

mod commands;
mod environments;
mod expiries;
mod following;
mod loading;
mod loads;
mod pacing;
mod saving;
mod state;
mod structure;
mod upkeep;
mod windows;

use std::sync::Arc;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::Instant;

use self::state::State;
use crate::live::{Tenant, TenantMessage as Message};
use crate::registry::Registry;

pub(crate) struct TenantActor;

impl Actor for TenantActor {
    type Msg = Message;
    type State = State;
    type Arguments = (Arc<Tenant>, Arc<Registry>);

    async fn pre_start(
        &self,
        myself: ActorRef<Message>,
        (tenant, registry): Self::Arguments,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State::new(myself, tenant, registry))
    }

    async fn post_start(
        &self,
        myself: ActorRef<Message>,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        myself.send_interval(state.housekeeping(), || Message::Housekeep);
        Ok(())
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            // Code that can wait for storage is boxed: every idle tenant would otherwise reserve memory for all of its
            // statements.
            Message::Ready(reply) => Box::pin(state.ready(reply)).await,
            Message::Want(wanted, reply) => Box::pin(state.want(wanted, reply)).await,
            Message::LoadAll(flags) => state.load_all(&flags),
            Message::Read(read) => Box::pin(state.environment_read(*read)).await,
            Message::Refresh(refreshed) => Box::pin(state.refresh(refreshed)).await,
            Message::Execute(execute) => Box::pin(state.execute(*execute)).await,
            Message::Hinted => Box::pin(state.follow_hints()).await,
            Message::Older {
                environment,
                from,
                entries,
                done,
            } => {
                state.remember_older(environment, &from, &entries);
                let _ = done.send(());
            }
            Message::WindowCloses(environment) => state.window_closed(environment),
            Message::ConnectionsMoved => state.connections_moved(Instant::now()),
            Message::ReportConnections => state.report_connections(Instant::now()),
            Message::KeysExpire => state.expire_keys(),
            Message::KeysUsed(ids) => state.note_used(&ids),
            Message::Save(None) => state.save_in_time(),
            Message::Save(Some(saved)) => state.save_for(saved),
            Message::Saved(left) => state.saved(left),
            Message::Housekeep => state.housekeep(Instant::now()),
            #[cfg(test)]
            Message::Poison => panic!("poisoned"),
        }
        if state.is_done() {
            myself.stop(None);
        }
        Ok(())
    }
}
