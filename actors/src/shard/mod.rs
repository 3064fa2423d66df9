//! The actor that writes to sockets: one per worker thread, each with a part of the connections.
//!
//! A shard owns the readers of its sockets, and is the only one to write to them, including the close frame for an
//! invalid HELLO. A change of an environment arrives as one message for any number of sockets. Sockets are served in
//! turns of a few dozen writes, and the mailbox is handled between two turns, so that a handshake never waits for ten
//! thousand deliveries.
//!
//! No state of a shard survives it: when it fails, its sockets are closed, and their clients resume at its successor,
//! which starts without any.

mod all;
mod closing;
mod deadlines;
mod following;
mod group;
mod message;
mod outbox;
mod requests;
mod rounds;
mod slots;
mod state;
#[cfg(test)]
mod tests;
mod view;
mod welcoming;
mod wheel;

use std::future::poll_fn;
use std::sync::Arc;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::Instant;

pub(crate) use self::all::Shards;
pub(crate) use self::message::{Accept, Attach, Input, Message, Opened, Readers, SlotId};
use self::state::State;
use self::wheel::TICK;
use crate::config::HubConfig;
use crate::metrics::Metrics;
use crate::wire::Socket;

pub(crate) struct ShardActor;

/// The connections of a shard, whose readers end with their slots.
pub(crate) struct Shard {
    state: State,
    readers: Readers,
}

impl Actor for ShardActor {
    type Msg = Message;
    type State = Shard;
    type Arguments = (Arc<HubConfig>, Metrics, Readers);

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        (config, metrics, readers): Self::Arguments,
    ) -> Result<Shard, ActorProcessingErr> {
        let state = State::new(config, metrics, Instant::now());
        Ok(Shard { state, readers })
    }

    async fn post_start(
        &self,
        myself: ActorRef<Message>,
        _: &mut Shard,
    ) -> Result<(), ActorProcessingErr> {
        myself.send_interval(TICK, || Message::Tick);
        Ok(())
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        shard: &mut Shard,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Accept(accept) => shard.accept(&myself, *accept),
            Message::Input(slot, input) => shard.state.receive(slot, input),
            Message::Ended { slot, panicked } => shard.connection_ended(slot, panicked),
            Message::Changed(environment) => shard.state.mark_changed(&environment),
            Message::KeysChanged(environment) => shard.state.tell_followers(&environment),
            Message::KeysDied(environment) => shard.state.expel(environment),
            Message::Writable(slot) => shard.state.resume(slot),
            Message::Proceed => shard.state.proceed(),
            Message::Tick => shard.state.turn(Instant::now()),
            Message::Drain(window, done) => shard.state.drain(window, done),
            #[cfg(test)]
            Message::Poison => panic!("poisoned"),
        }
        shard.follow_up(&myself).await;
        Ok(())
    }

    async fn post_stop(
        &self,
        _: ActorRef<Message>,
        shard: &mut Shard,
    ) -> Result<(), ActorProcessingErr> {
        shard.state.cut_all();
        Ok(())
    }
}

impl Shard {
    fn accept(&mut self, myself: &ActorRef<Message>, accept: Accept) {
        let Accept {
            stream,
            read_ahead,
            handshake,
        } = accept;
        let socket = Arc::new(Socket::new(stream));
        let slot = self.state.open(socket.clone());
        let reader = (self.readers)(Opened {
            socket,
            read_ahead,
            handshake,
            slot,
            shard: myself.clone(),
        });
        self.state.own(slot, reader);
    }

    fn connection_ended(&mut self, slot: SlotId, panicked: bool) {
        if panicked {
            tracing::error!("a connection panicked and is closed alone");
            Metrics::restarted("connection");
        }
        self.state.free(slot);
    }

    /// Does what the state's plain code cannot: waits for blocked sockets, and continues rounds.
    async fn follow_up(&mut self, myself: &ActorRef<Message>) {
        for (slot, socket) in self.state.take_blocked() {
            let shard = myself.clone();
            tokio::spawn(async move {
                // On an error, the reader notices too, and the slot is freed.
                if poll_fn(|context| socket.poll_write_ready(context))
                    .await
                    .is_ok()
                {
                    let _ = shard.cast(Message::Writable(slot));
                }
            });
        }
        if self.state.wants_to_proceed() {
            let _ = myself.cast(Message::Proceed);
            tokio::task::yield_now().await;
        }
    }
}
