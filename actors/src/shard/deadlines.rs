//! Handles timeouts: a missing HELLO, heartbeats, and consumers that do not read.

use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use peekaboo_protocol::{CloseCode, ServerFrame};
use rand::RngExt as _;
use tokio::time::Instant;

use super::message::SlotId;
use super::slots::Phase;
use super::state::State;
use super::wheel::Tick;
use crate::metrics::Delivery;
use crate::wire::frames;

/// How much longer than the lookup of its key a connection may take before its reader is considered lost.
const LOOKUP_GRACE: Duration = Duration::from_secs(5);

impl State {
    /// Handles everything that is due by `time`.
    pub(crate) fn turn(&mut self, time: Instant) {
        let before = self.wheel.now();
        let due = self.wheel.turn(time);
        let now = self.wheel.now();
        self.stalled = now.since(before) >= self.config.heartbeat / 2;
        for id in due {
            self.on_deadline(id);
        }
        if now.since(self.looked_at_slow) >= Duration::from_secs(1) {
            self.looked_at_slow = now;
            self.close_slow(now);
        }
        self.go_on_draining();
    }

    pub(super) fn on_deadline(&mut self, id: SlotId) {
        let now = self.wheel.now();
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        match &mut slot.phase {
            Phase::Closing { deadline } => {
                if now >= *deadline {
                    slot.socket.cut();
                }
            }
            Phase::Serving(_) => self.on_heartbeat(id),
            Phase::Greeting { deadline } if self.stalled => {
                *deadline = now.after(self.config.hello_timeout);
                self.wheel.insert(*deadline, id);
            }
            Phase::Greeting { deadline } if !slot.socket.said_hello() => {
                if now >= *deadline {
                    self.close(id, CloseCode::HelloTimeout);
                }
            }
            Phase::Greeting { deadline } => {
                let lookup = self.config.lookup_timeout + LOOKUP_GRACE;
                if now.since(*deadline) >= lookup {
                    self.close(id, CloseCode::Unavailable);
                } else {
                    self.wheel.insert(deadline.after(lookup), id);
                }
            }
        }
    }

    pub(super) fn on_heartbeat(&mut self, id: SlotId) {
        let now = self.wheel.now();
        let heartbeat = self.config.heartbeat;
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        let Phase::Serving(session) = &slot.phase else {
            return;
        };
        if now < session.due {
            return;
        }
        // If this process was stopped, the silence is not the clients' fault.
        if slot.socket.take_heard() || self.stalled {
            slot.heard_at = now;
            slot.asked = false;
        }
        let (silent, quiet) = (now.since(slot.heard_at), now.since(slot.sent_at));
        if slot.asked && silent >= heartbeat * 5 / 2 {
            return self.close(id, CloseCode::NoHeartbeat);
        }
        let lately_sent = quiet < heartbeat * 3 / 4;
        // Checks are at most a heartbeat apart, so a client that was pinged has half a heartbeat left to respond.
        let long_unheard = silent >= heartbeat;
        if (!lately_sent || long_unheard) && !slot.outbox.is_blocked() {
            slot.asked = true;
            let ping = if session.ping_messages {
                ping_message()
            } else {
                Bytes::from_static(frames::PING)
            };
            self.write(id, &ping, Delivery::Control);
        }
        self.schedule_heartbeat(id);
    }

    /// The next check of a connection: a jittered heartbeat after the last write or, after a ping, no later than when
    /// its silence becomes too long.
    pub(super) fn schedule_heartbeat(&mut self, id: SlotId) {
        let (now, heartbeat) = (self.wheel.now(), self.config.heartbeat);
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        let Phase::Serving(session) = &mut slot.phase else {
            return;
        };
        let jittered = heartbeat.mul_f64(rand::rng().random_range(0.8..1.0));
        let soon = now.after(heartbeat / 50);
        session.due = slot.sent_at.after(jittered).max(soon);
        if slot.asked {
            let lost = slot.heard_at.after(heartbeat * 5 / 2);
            // A blocked socket could not be pinged earlier.
            let lost = if lost > now {
                lost
            } else {
                now.after(heartbeat / 2)
            };
            session.due = session.due.min(lost);
        }
        self.wheel.insert(session.due, id);
    }

    pub(super) fn close_slow(&mut self, now: Tick) {
        let timeout = self.config.slow_consumer_timeout;
        let mut slow = std::mem::take(&mut self.slow);
        slow.sort_unstable();
        slow.dedup();
        for id in slow {
            let Some(since) = self
                .slots
                .get_mut(id)
                .and_then(|slot| slot.outbox.blocked_since())
            else {
                continue;
            };
            if now.since(since) >= timeout {
                self.close(id, CloseCode::TooSlow);
            } else {
                self.slow.push(id);
            }
        }
    }
}

fn ping_message() -> Bytes {
    static PING: LazyLock<Bytes> = LazyLock::new(|| frames::binary(&ServerFrame::Ping.encode()));
    PING.clone()
}
