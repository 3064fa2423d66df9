//! The reader of one socket. It never writes.
//!
//! It parses the client's messages, looks up the key of HELLO, and passes everything on to its shard, which owns the
//! writing direction. It is a single loop that ends when the socket does: the shard ends it by closing the socket. It
//! receives no messages, so it needs no mailbox: it is a task instead of a ractor actor, whose four channels would take
//! three quarters of an idle connection's memory (ADR 0011). The shard supervises it: it owns the task, ends it with
//! its slot, and is notified of its end. A panic closes only this connection.

use std::future::poll_fn;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use bytes::Bytes;
use peekaboo_flags::Context;
use peekaboo_protocol::{Batch, ClientFrame, CloseCode, Encoded, ErrorCode, Resume};
use peekaboo_storage::SdkKeyKind;
use ractor::ActorRef;
use serde_json::{Map, Value};
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use crate::directory::Directory;
use crate::ingest::{EventsError, InvalidBatch};
use crate::live::LiveKey;
use crate::shard::{Attach, Input, Message as ShardMessage, Opened, SlotId};
use crate::wire::frames::{Event, Parser};
use crate::wire::{Handshake, Permit, Socket, Throttle};

/// The size of a read, on the stack. Most messages of clients are far smaller.
const BUFFER: usize = 4 * 1024;

/// Starts the reader of a socket. Dropping the result ends it; in any case, it notifies the shard of its end.
pub(crate) fn spawn(opened: Opened, directory: Arc<Directory>) -> AbortOnDropHandle<()> {
    let mut actor = ConnectionActor::new(opened, directory);
    AbortOnDropHandle::new(tokio::spawn(async move { actor.read().await }))
}

struct ConnectionActor {
    socket: Arc<Socket>,
    slot: SlotId,
    shard: ActorRef<ShardMessage>,
    parser: Parser,
    throttle: Throttle,
    /// The rate limit of batches, separate from that of other messages, so that usage never delays a context.
    batches: Throttle,
    stage: Stage,
    /// Held until the connection ends.
    _permit: Option<Permit>,
}

enum Stage {
    /// Waiting for HELLO; boxed, because every other connection is past this state.
    Greeting(Box<Greeting>),
    /// The shard serves this connection.
    Serving(Serving),
    /// The shard is closing the socket. Further data is read and dropped, so that the client's kernel receives our
    /// close frame.
    Discarding,
}

struct Serving {
    key: Arc<LiveKey>,
    directory: Arc<Directory>,
    /// Whether this is an edge, whose batches contain those of many clients.
    is_edge: bool,
}

impl Serving {
    fn is(&self, kind: SdkKeyKind) -> bool {
        self.key.kind() == kind
    }
}

struct Greeting {
    handshake: Handshake,
    directory: Arc<Directory>,
    read_ahead: Bytes,
    hello: Option<Hello>,
}

struct Hello {
    key: Option<String>,
    resume: Option<Resume>,
    context: Option<Map<String, Value>>,
    sdk: String,
}

/// Notifies the shard of any end, so that no slot outlives its reader.
impl Drop for ConnectionActor {
    fn drop(&mut self) {
        let panicked = std::thread::panicking();
        // A shard that has failed has no slots left.
        let _ = self.shard.cast(ShardMessage::Ended {
            slot: self.slot,
            panicked,
        });
    }
}

impl ConnectionActor {
    fn new(opened: Opened, directory: Arc<Directory>) -> Self {
        let Opened {
            socket,
            read_ahead,
            mut handshake,
            slot,
            shard,
        } = opened;
        let permit = handshake.permit.take();
        let greeting = Greeting {
            handshake,
            directory,
            read_ahead,
            hello: None,
        };
        Self {
            socket,
            slot,
            shard,
            parser: Parser::default(),
            throttle: Throttle::new(Instant::now()),
            batches: Throttle::new(Instant::now()),
            stage: Stage::Greeting(Box::new(greeting)),
            _permit: permit,
        }
    }

    /// Reads until the socket ends.
    async fn read(&mut self) {
        if let Stage::Greeting(greeting) = &mut self.stage {
            let mut read_ahead = std::mem::take(&mut greeting.read_ahead).to_vec();
            self.receive(&mut read_ahead);
        }
        loop {
            if self.said_hello() {
                // Boxed, so that every other connection's future does not reserve memory for it.
                Box::pin(self.greet()).await;
                self.receive(&mut []);
            }
            if poll_fn(|context| self.socket.poll_read_ready(context))
                .await
                .is_err()
            {
                return;
            }
            if self.read_once().is_break() {
                return;
            }
        }
    }

    /// Reads the available bytes. The buffer is on the stack only here, between two awaits.
    fn read_once(&mut self) -> ControlFlow<()> {
        let mut buffer = [0; BUFFER];
        match self.socket.try_read(&mut buffer) {
            Ok(0) => ControlFlow::Break(()),
            Ok(length) => {
                self.receive(&mut buffer[..length]);
                ControlFlow::Continue(())
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn receive(&mut self, bytes: &mut [u8]) {
        if matches!(self.stage, Stage::Discarding) {
            return;
        }
        let mut parser = std::mem::take(&mut self.parser);
        match parser.feed(bytes, |event| self.on_event(&event)) {
            Ok(()) => self.parser = parser,
            Err(violation) => self.refuse(violation),
        }
    }

    /// Breaks if nothing more may be parsed: for now (HELLO) or permanently.
    fn on_event(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        match event {
            Event::Message(bytes) => self.on_message(bytes),
            Event::Ping(payload) => self.ask(Input::Ping(Bytes::copy_from_slice(payload))),
            Event::Pong => {}
            Event::Close => self.leave(Input::Goodbye),
        }
        if self.said_hello() || matches!(self.stage, Stage::Discarding) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn on_message(&mut self, bytes: &[u8]) {
        #[cfg(test)]
        assert!(bytes != POISON, "poisoned");
        let Ok(frame) = ClientFrame::decode(bytes) else {
            return self.refuse(CloseCode::BadRequest);
        };
        match (&mut self.stage, frame) {
            (
                Stage::Greeting(greeting),
                ClientFrame::Hello {
                    key,
                    resume,
                    context,
                    sdk,
                },
            ) => {
                greeting.hello = Some(Hello {
                    key,
                    resume,
                    context,
                    sdk,
                });
            }
            (Stage::Greeting(_), _) | (_, ClientFrame::Hello { .. }) => {
                self.refuse(CloseCode::BadRequest);
            }
            (_, ClientFrame::Alive) | (Stage::Discarding, ClientFrame::Events { .. }) => {}
            (_, ClientFrame::Resync(resume)) => self.ask(Input::Resync(resume)),
            (Stage::Serving(serving), ClientFrame::Follow { used })
                if serving.is(SdkKeyKind::Server) =>
            {
                serving.is_edge = true;
                self.ask(Input::Follow(used));
            }
            (_, ClientFrame::Follow { .. }) => self.refuse(CloseCode::BadRequest),
            (Stage::Serving(_), ClientFrame::Events { batch }) => self.take_events(&batch),
            (Stage::Serving(serving), ClientFrame::Context { context })
                if serving.is(SdkKeyKind::Client) =>
            {
                match read_context(context) {
                    Some(context) => self.ask(Input::Context(Box::new(context))),
                    None => self.ask(Input::Error(ErrorCode::ContextInvalid)),
                }
            }
            (_, ClientFrame::Context { .. }) => {
                self.ask(Input::Error(ErrorCode::ContextUnexpected));
            }
        }
    }

    fn said_hello(&self) -> bool {
        matches!(&self.stage, Stage::Greeting(greeting) if greeting.hello.is_some())
    }

    /// Looks up the key and passes the connection to its shard.
    async fn greet(&mut self) {
        let Stage::Greeting(greeting) = std::mem::replace(&mut self.stage, Stage::Discarding)
        else {
            return;
        };
        let Greeting {
            handshake,
            directory,
            hello,
            ..
        } = *greeting;
        let Some(Hello {
            key,
            resume,
            context,
            sdk,
        }) = hello
        else {
            return;
        };
        let Some(presented) = key.or(handshake.bearer) else {
            return self.refuse(CloseCode::InvalidKey);
        };
        self.socket.note_hello();
        let knowing = async {
            let origin = handshake.origin.as_deref();
            let key = directory.authenticate(&presented, origin).await?;
            if let Some(resume) = &resume {
                directory.reach_back(key.environment(), resume).await;
            }
            Ok(key)
        };
        // A client that has disconnected, or was closed in the meantime, frees its place at once.
        let known = tokio::select! {
            known = knowing => known,
            () = poll_fn(|context| self.socket.poll_ended(context)) => return,
        };
        let key = match known {
            Ok(key) => key,
            Err(code) => return self.refuse(code),
        };
        let kind = key.kind();
        let (context, context_invalid) = match context.map(read_context) {
            None => (Context::default(), false),
            Some(Some(context)) => (context, false),
            Some(None) => (Context::default(), kind == SdkKeyKind::Client),
        };
        self.stage = Stage::Serving(Serving {
            key: key.clone(),
            directory,
            is_edge: false,
        });
        self.tell(Input::Attach(Box::new(Attach {
            key,
            resume,
            context,
            sdk,
        })));
        if context_invalid {
            self.ask(Input::Error(ErrorCode::ContextInvalid));
        }
    }

    /// Has a batch counted. Without an acknowledgment, the client sends it again, which is what a full hub wants. An
    /// edge waits for acknowledgments before it sends more, so the queue of batches limits it sufficiently.
    fn take_events(&mut self, batch: &Encoded) {
        let Stage::Serving(Serving {
            key,
            directory,
            is_edge,
        }) = &self.stage
        else {
            return;
        };
        if !is_edge && !self.batches.allow(Instant::now()) {
            return;
        }
        let (shard, slot) = (self.shard.clone(), self.slot);
        let on_recorded = Box::new(move |id: &str, recorded: Result<(), InvalidBatch>| {
            let input = match recorded {
                Ok(()) => Input::Ack(id.into()),
                Err(invalid) => Input::InvalidEvents(invalid.to_string().into()),
            };
            // Without its shard, there is no connection to respond to.
            let _ = shard.cast(ShardMessage::Input(slot, input));
        });
        let taken = Batch::decode(batch)
            .map_err(|error| EventsError::Invalid(InvalidBatch::unreadable(&error)))
            .and_then(|batch| directory.take_events(key, batch, on_recorded));
        match taken {
            Ok(()) | Err(EventsError::Busy) => {}
            Err(EventsError::Invalid(invalid)) => {
                self.tell(Input::InvalidEvents(invalid.to_string().into()));
            }
        }
    }

    /// Passes on messages that cause work for the hub, at the client's rate limit. This bounds a connection's share of
    /// its shard's mailbox.
    fn ask(&mut self, input: Input) {
        if self.throttle.allow(Instant::now()) {
            self.tell(input);
        } else {
            self.refuse(CloseCode::RateLimited);
        }
    }

    fn refuse(&mut self, code: CloseCode) {
        self.leave(Input::Refuse(code));
    }

    fn leave(&mut self, last: Input) {
        self.stage = Stage::Discarding;
        self.tell(last);
    }

    fn tell(&self, input: Input) {
        // Without its shard, this connection is about to end too.
        let _ = self.shard.cast(ShardMessage::Input(self.slot, input));
    }
}

fn read_context(context: Map<String, Value>) -> Option<Context> {
    serde_json::from_value(Value::Object(context)).ok()
}

/// A message that makes a connection panic.
#[cfg(test)]
pub(crate) const POISON: &[u8] = b"poison";

#[cfg(test)]
mod tests {
    use super::*;

    fn future_size<'s, F>(_: impl FnOnce(&'s mut ConnectionActor) -> F) -> usize {
        size_of::<F>()
    }

    /// Every open socket holds one of each.
    #[test]
    fn an_idle_connection_is_small() {
        let (reading, state) = (
            future_size(ConnectionActor::read),
            size_of::<ConnectionActor>(),
        );
        assert!(reading <= 64, "the reading loop takes {reading} bytes");
        assert!(state <= 128, "the state takes {state} bytes");
    }
}
