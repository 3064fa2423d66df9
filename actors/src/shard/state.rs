//! The state of a shard, and how it writes. This is plain code that never waits. Its parts are in separate files:
//! welcoming, rounds, requests, following, deadlines and closing.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use peekaboo_protocol::{CloseCode, ErrorCode, ServerFrame};
use peekaboo_storage::EnvironmentId;
use rand::RngExt as _;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::group::Group;
use super::message::{Input, SlotId};
use super::outbox::{Outbox, Sent};
use super::slots::{Phase, Session, Slot, Slots};
use super::view::View;
use super::wheel::{Tick, TimerWheel};
use crate::config::HubConfig;
use crate::metrics::{Delivery, Metrics};
use crate::state::EnvironmentSnapshot;
use crate::wire::{Socket, frames};

pub(crate) struct State {
    pub(super) config: Arc<HubConfig>,
    pub(super) metrics: Metrics,
    /// Distinguishes this shard's connections from those of all others.
    pub(super) nonce: u32,
    pub(super) slots: Slots,
    pub(super) groups: HashMap<EnvironmentId, Group, foldhash::fast::RandomState>,
    /// Groups with a round in progress.
    pub(super) changed: VecDeque<EnvironmentId>,
    pub(super) proceeding: RoundState,
    pub(super) wheel: TimerWheel<SlotId>,
    /// Sockets to watch for becoming writable.
    pub(super) blocked: Vec<(SlotId, Arc<Socket>)>,
    /// Whether the process was stopped (a busy or suspended machine), and has not received the messages of that time.
    pub(super) stalled: bool,
    /// Slots that were blocked recently, checked once a second.
    pub(super) slow: Vec<SlotId>,
    pub(super) looked_at_slow: Tick,
    pub(super) drain: Option<Drain>,
}

/// A drain in progress.
pub(super) struct Drain {
    pub(super) began: Tick,
    pub(super) window: Duration,
    /// The number of connections at the start.
    pub(super) total: usize,
    /// Connections that are still to be disconnected, in random order.
    pub(super) waiting: Vec<SlotId>,
    pub(super) goodbye: Bytes,
    pub(super) done: Option<oneshot::Sender<()>>,
}

/// Whether a round must continue in another turn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RoundState {
    /// Every round is over.
    Idle,
    /// A `Proceed` must be sent.
    Wanted,
    /// A `Proceed` is pending; there is never a second one.
    Sent,
}

impl State {
    pub(crate) fn new(config: Arc<HubConfig>, metrics: Metrics, start: Instant) -> Self {
        let wheel = TimerWheel::new(start);
        Self {
            config,
            metrics,
            nonce: rand::rng().random(),
            slots: Slots::default(),
            groups: HashMap::default(),
            changed: VecDeque::new(),
            proceeding: RoundState::Idle,
            looked_at_slow: wheel.now(),
            wheel,
            blocked: Vec::new(),
            slow: Vec::new(),
            stalled: false,
            drain: None,
        }
    }

    /// Creates a slot for a socket, which must send HELLO in time.
    pub(crate) fn open(&mut self, socket: Arc<Socket>) -> SlotId {
        let now = self.wheel.now();
        let deadline = now.after(self.config.hello_timeout);
        let phase = Phase::Greeting { deadline };
        let slot = Slot {
            socket,
            actor: None,
            outbox: Outbox::default(),
            phase,
            sent_at: now,
            heard_at: now,
            asked: false,
        };
        let id = self.slots.insert(slot);
        self.wheel.insert(deadline, id);
        id
    }

    /// Attaches a reader to its slot.
    pub(crate) fn own(&mut self, id: SlotId, actor: AbortOnDropHandle<()>) {
        if let Some(slot) = self.slots.get_mut(id) {
            slot.actor = Some(actor);
        }
    }

    /// The reader has ended; frees its slot.
    pub(crate) fn free(&mut self, id: SlotId) {
        self.detach(id);
        if let Some(slot) = self.slots.remove(id) {
            slot.socket.cut();
        }
        if self.slots.len() == 0
            && let Some(done) = self.drain.as_mut().and_then(|drain| drain.done.take())
        {
            let _ = done.send(());
        }
    }

    pub(crate) fn receive(&mut self, id: SlotId, input: Input) {
        match input {
            Input::Attach(attach) => self.attach(id, *attach),
            Input::Context(context) => self.change_context(id, *context),
            Input::Resync(resume) => self.resync(id, &resume),
            Input::Follow(used) => self.follow(id, used),
            Input::Ping(payload) => self.control(id, &frames::pong(&payload)),
            Input::Ack(batch) => self.control(id, &ack_frame(&batch)),
            Input::InvalidEvents(reason) => self.control(
                id,
                &error_frame_saying(ErrorCode::EventsInvalid, reason.into()),
            ),
            Input::Error(code) => self.control(id, &error_frame(code)),
            Input::Refuse(code) => self.close(id, code),
            Input::Goodbye => self.farewell(id, &frames::goodbye()),
        }
    }

    /// The name of a connection in WELCOME and in logs.
    pub(super) fn name(&self, id: SlotId) -> String {
        format!("{:08x}-{id}", self.nonce)
    }

    pub(super) fn snapshot_of(&mut self, id: SlotId) -> Option<Arc<EnvironmentSnapshot>> {
        match &self.slots.get_mut(id)?.phase {
            Phase::Serving(session) => Some(session.presence.key().environment().snapshot()),
            Phase::Greeting { .. } | Phase::Closing { .. } => None,
        }
    }

    // Writing

    /// Writes to a connection that is not blocked.
    pub(super) fn write(&mut self, id: SlotId, frame: &Bytes, delivery: Delivery) {
        self.write_both(id, [frame, &Bytes::new()], delivery);
    }

    /// Writes two frames, of which the second may be empty, to a connection that is not blocked.
    pub(super) fn write_both(&mut self, id: SlotId, frames: [&Bytes; 2], delivery: Delivery) {
        let now = self.wheel.now();
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        slot.sent_at = now;
        let length = frames.iter().map(|frame| frame.len()).sum();
        self.metrics.delivered(delivery, length);
        match slot.outbox.write(&slot.socket, frames, now, &self.metrics) {
            Sent::All => {}
            Sent::Blocked => {
                if let Phase::Serving(Session {
                    view: View::Client(client),
                    ..
                }) = &mut slot.phase
                {
                    client.held.forget();
                }
                self.blocked.push((id, slot.socket.clone()));
                self.slow.push(id);
            }
            Sent::Broken => slot.socket.cut(),
        }
    }

    /// Writes a small frame that must not be lost, after the pending data.
    pub(super) fn control(&mut self, id: SlotId, frame: &Bytes) {
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        if matches!(slot.phase, Phase::Closing { .. }) {
            return;
        }
        if !slot.outbox.is_blocked() {
            return self.write(id, frame, Delivery::Control);
        }
        if !slot.outbox.hold(frame) {
            self.close(id, CloseCode::TooSlow);
        }
    }

    /// A blocked socket is writable: first sends the pending data, then one step to the newest version.
    pub(crate) fn resume(&mut self, id: SlotId) {
        let now = self.wheel.now();
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        match slot.outbox.resume(&slot.socket, now) {
            Sent::All => {
                slot.sent_at = now;
                self.tell_owed_keys(id);
                if let Some(snapshot) = self.snapshot_of(id) {
                    self.bring_up_to_date(id, &snapshot);
                }
            }
            Sent::Blocked => self.blocked.push((id, slot.socket.clone())),
            Sent::Broken => slot.socket.cut(),
        }
    }

    /// Sockets that were blocked since the last call.
    pub(crate) fn take_blocked(&mut self) -> Vec<(SlotId, Arc<Socket>)> {
        std::mem::take(&mut self.blocked)
    }
}

fn error_frame(code: ErrorCode) -> Bytes {
    let message = match code {
        ErrorCode::EventsUnsupported => "this hub does not take events; nothing was kept",
        ErrorCode::EventsInvalid => "invalid batch of events; do not send it again",
        ErrorCode::ContextUnexpected => "a server key has no context; it was ignored",
        ErrorCode::ContextInvalid => {
            "targetingKey must be a string; the former context stays in force"
        }
    };
    error_frame_saying(code, message.to_owned())
}

fn ack_frame(batch: &str) -> Bytes {
    let ack = ServerFrame::Ack {
        batch: batch.to_owned(),
    };
    frames::binary(&ack.encode())
}

fn error_frame_saying(code: ErrorCode, message: String) -> Bytes {
    let error = ServerFrame::Error {
        code: code.name().to_owned(),
        message,
        temporary: false,
    };
    frames::binary(&error.encode())
}
