//! Ends connections: a single one, those of a revoked key, or all of them when the hub drains.

use std::time::Duration;

use bytes::Bytes;
use peekaboo_protocol::{CloseCode, ServerFrame};
use peekaboo_storage::EnvironmentId;
use rand::seq::SliceRandom as _;
use tokio::sync::oneshot;

use super::message::SlotId;
use super::slots::{Phase, Slot};
use super::state::{Drain, State};
use crate::metrics::{Delivery, Metrics};
use crate::wire::frames;

/// How long a client has to read our close frame before the socket is cut.
const FAREWELL: Duration = Duration::from_secs(2);

impl State {
    /// Closes the connections of revoked or expired keys.
    pub(crate) fn expel(&mut self, environment: EnvironmentId) {
        let now = (self.config.clock)();
        let Some(group) = self.groups.get(&environment) else {
            return;
        };
        for member in group.members().to_vec() {
            let Some(Slot {
                phase: Phase::Serving(session),
                ..
            }) = self.slots.get_mut(member)
            else {
                continue;
            };
            if !session.presence.key().is_live(now) {
                self.close(member, CloseCode::KeyRevoked);
            }
        }
    }

    pub(super) fn close(&mut self, id: SlotId, code: CloseCode) {
        match self.slots.get_mut(id) {
            None
            | Some(Slot {
                phase: Phase::Closing { .. },
                ..
            }) => return,
            Some(Slot {
                phase: Phase::Greeting { .. },
                ..
            }) => Metrics::handshake(code.name()),
            Some(Slot {
                phase: Phase::Serving(_),
                ..
            }) => self.metrics.closed(code),
        }
        tracing::debug!(connection = self.name(id), code = code.name(), "closing");
        self.farewell(id, &frames::close(code));
    }

    /// Writes the last frame, if the socket accepts it, and gives the client time to read it before the socket is
    /// closed.
    pub(super) fn farewell(&mut self, id: SlotId, frame: &Bytes) {
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        if matches!(slot.phase, Phase::Closing { .. }) {
            return;
        }
        let blocked = slot.outbox.is_blocked();
        if !blocked {
            self.write(id, frame, Delivery::Control);
        }
        self.detach(id);
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        let deadline = self.wheel.now().after(FAREWELL);
        slot.phase = Phase::Closing { deadline };
        if blocked {
            slot.socket.cut();
        } else {
            slot.socket.finish_writing();
            self.wheel.insert(deadline, id);
        }
    }

    /// Removes a connection from its environment's group.
    pub(super) fn detach(&mut self, id: SlotId) {
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        let deadline = self.wheel.now();
        let left = std::mem::replace(&mut slot.phase, Phase::Closing { deadline });
        let Phase::Serving(session) = left else {
            return;
        };
        let environment = session.presence.key().environment().id;
        let Some(group) = self.groups.get_mut(&environment) else {
            return;
        };
        let moved = group.remove(session.position);
        if group.is_empty() {
            self.groups.remove(&environment);
        }
        if let Some(Slot {
            phase: Phase::Serving(other),
            ..
        }) = moved.and_then(|moved| self.slots.get_mut(moved))
        {
            other.position = session.position;
        }
    }

    /// Closes every socket at once; clients reconnect.
    pub(crate) fn cut_all(&mut self) {
        for id in self.slots.ids().collect::<Vec<_>>() {
            self.free(id);
        }
    }

    /// Disconnects every connection at its own time within the window.
    pub(crate) fn drain(&mut self, window: Duration, done: oneshot::Sender<()>) {
        let mut waiting: Vec<_> = self.slots.ids().collect();
        if waiting.is_empty() {
            let _ = done.send(());
            return;
        }
        waiting.shuffle(&mut rand::rng());
        let (least, most) = self.config.reconnect_after;
        let goaway = ServerFrame::GoAway {
            min_millis: millis(least),
            max_millis: millis(most),
        };
        let goodbye = [
            frames::binary(&goaway.encode()),
            frames::close(CloseCode::Shutdown),
        ]
        .concat();
        self.drain = Some(Drain {
            began: self.wheel.now(),
            window,
            total: waiting.len(),
            waiting,
            goodbye: goodbye.into(),
            done: Some(done),
        });
        self.go_on_draining();
    }

    pub(super) fn go_on_draining(&mut self) {
        let now = self.wheel.now();
        while let Some(drain) = &mut self.drain {
            let left = drain.window.saturating_sub(now.since(drain.began));
            let may_stay = left.as_secs_f64() / drain.window.as_secs_f64().max(f64::MIN_POSITIVE)
                * count(drain.total);
            if count(drain.waiting.len()) <= may_stay {
                return;
            }
            let Some(id) = drain.waiting.pop() else {
                return;
            };
            self.leave(id);
        }
    }

    pub(super) fn leave(&mut self, id: SlotId) {
        let Some(goodbye) = self.drain.as_ref().map(|drain| drain.goodbye.clone()) else {
            return;
        };
        if self
            .slots
            .get_mut(id)
            .is_some_and(|slot| !matches!(slot.phase, Phase::Closing { .. }))
        {
            self.metrics.closed(CloseCode::Shutdown);
            self.farewell(id, &goodbye);
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count of sockets is exact in a double"
)]
fn count(sockets: usize) -> f64 {
    sockets as f64
}
