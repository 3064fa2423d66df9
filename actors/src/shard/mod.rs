//! The actor that writes to sockets: one for each worker thread, each with its share of the connections.
//!
//! A shard owns the connection actors of its sockets, and is the only one to write to them, from the close of a
//! bad HELLO to the last delta. A change of an environment arrives as one message, whatever the number of sockets.
//! Sockets are then served in turns of a few dozen writes, and between two turns the mailbox goes on, so that a
//! handshake never waits for ten thousand deliveries.
//!
//! The mailbox is unbounded, and bounded by what feeds it: an accept and an end for each socket that admission let in,
//! what a connection's throttles let through, an ACK for each batch among that, one message a change and tenant, ten
//! ticks a second, one `Writable` for each blocked socket, and one `Proceed` at a time.

mod closing;
mod deadlines;
mod following;
mod group;
mod outbox;
mod requests;
mod rounds;
mod slots;
mod state;
mod view;
mod welcoming;

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use peekaboo_flags::Context;
use peekaboo_protocol::{CloseCode, ErrorCode, Resume};
use peekaboo_storage::EnvironmentId;
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::Instant;

pub(crate) use self::slots::SlotId;
use self::state::State;
use crate::connection::{self, Arguments as ConnectionArguments};
use crate::directory::Directory;
use crate::live::{Environment, LiveKey};
use crate::metrics::Metrics;
use crate::wheel::TICK;
use crate::wire::{Handshake, Socket};

pub(crate) enum Message {
    /// Take an upgraded socket.
    Accept(Box<Accept>),
    /// What a connection's client sent.
    Input(SlotId, Input),
    /// A connection's actor has ended.
    Ended { slot: SlotId, panicked: bool },
    /// The environment has a newer snapshot.
    Changed(Arc<Environment>),
    /// The environment's keys are not what its edges were told.
    KeysChanged(Arc<Environment>),
    /// Keys of the environment were revoked or have expired.
    KeysDied(EnvironmentId),
    /// A blocked socket can take more.
    Writable(SlotId),
    /// Serve some more sockets.
    Proceed,
    /// A tenth of a second has passed.
    Tick,
    /// Say goodbye to everyone, spread over the window; answered when the last is gone.
    Drain(Duration, oneshot::Sender<()>),
    /// Panic.
    #[cfg(test)]
    Poison,
}

/// A socket to take.
pub(crate) struct Accept {
    pub(crate) stream: TcpStream,
    pub(crate) read_ahead: Bytes,
    pub(crate) handshake: Handshake,
}

/// What a connection actor passes on.
pub(crate) enum Input {
    /// HELLO, with a key that is good.
    Attach(Box<Attach>),
    /// Evaluate for another context.
    Context(Box<Context>),
    /// Go on from the version named.
    Resync(Resume),
    /// Tell of the environment's keys, now and whenever they change. Holds the keys that were used at the edge.
    Follow(Vec<String>),
    /// Answer a WebSocket ping.
    Ping(Bytes),
    /// A batch is durable.
    Ack(Box<str>),
    /// A batch can never be counted, and why.
    InvalidEvents(Box<str>),
    /// Answer with ERROR.
    Error(ErrorCode),
    /// Close, for this reason.
    Refuse(CloseCode),
    /// The client closes.
    Goodbye,
}

/// A connection that may be served.
pub(crate) struct Attach {
    pub(crate) key: Arc<LiveKey>,
    pub(crate) resume: Option<Resume>,
    pub(crate) context: Context,
    pub(crate) sdk: String,
}

pub(crate) struct ShardActor;

/// The connections of a shard, whose actors end with their slots.
pub(crate) struct Shard {
    state: State,
    directory: Arc<Directory>,
}

impl Actor for ShardActor {
    type Msg = Message;
    type State = Shard;
    type Arguments = Arc<Directory>;

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        directory: Arc<Directory>,
    ) -> Result<Shard, ActorProcessingErr> {
        let state = State::new(
            directory.config.clone(),
            directory.metrics.clone(),
            Instant::now(),
        );
        Ok(Shard { state, directory })
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
        let actor = connection::spawn(ConnectionArguments {
            socket,
            read_ahead,
            handshake,
            slot,
            shard: myself.clone(),
            directory: self.directory.clone(),
        });
        self.state.own(slot, actor);
    }

    fn connection_ended(&mut self, slot: SlotId, panicked: bool) {
        if panicked {
            tracing::error!("a connection panicked and is closed alone");
            Metrics::restarted("connection");
        }
        self.state.free(slot);
    }

    /// Does what the state's plain code cannot: waits for blocked sockets, and comes back for those not served yet.
    async fn follow_up(&mut self, myself: &ActorRef<Message>) {
        for (slot, socket) in self.state.take_blocked() {
            let shard = myself.clone();
            tokio::spawn(async move {
                // On an error the reader notices too, and the slot goes with it.
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
