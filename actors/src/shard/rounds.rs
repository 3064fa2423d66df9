//! Sends changes to connections in rounds, a few dozen writes per turn.

use std::sync::Arc;

use peekaboo_protocol::CloseCode;

use super::group::Group;
use super::message::SlotId;
use super::slots::{Phase, Slot};
use super::state::{RoundState, State};
use crate::live::Environment;
use crate::metrics::Delivery;
use crate::state::EnvironmentSnapshot;

/// The number of writes per turn; at ten microseconds each, a turn takes well under a millisecond.
pub(super) const TURN: usize = 48;

/// The number of members per turn, including those that need nothing.
const VISITS: usize = 4_096;

impl State {
    /// Updates the environment's edges, and starts a round over all of its connections.
    pub(crate) fn mark_changed(&mut self, environment: &Arc<Environment>) {
        self.observe_epoch(environment);
        self.serve_edges(environment);
        let Some(group) = self.groups.get_mut(&environment.id) else {
            return;
        };
        group.begin_round();
        if !self.changed.contains(&environment.id) {
            self.changed.push_back(environment.id);
        }
        if self.proceeding == RoundState::Idle {
            self.proceed();
        }
    }

    /// Versions of another history cannot be compared: clients that hold one reconnect and get a snapshot.
    pub(super) fn observe_epoch(&mut self, environment: &Environment) {
        let Some(group) = self.groups.get_mut(&environment.id) else {
            return;
        };
        let snapshot = environment.snapshot();
        if group.epoch == snapshot.epoch {
            return;
        }
        group.epoch.clone_from(&snapshot.epoch);
        for member in group.members().to_vec() {
            self.close(member, CloseCode::Resync);
        }
    }

    /// Serves some of the connections that are not up to date.
    pub(crate) fn proceed(&mut self) {
        self.proceeding = RoundState::Idle;
        let mut writes = TURN;
        let mut visits = VISITS;
        while let Some(environment) = self.changed.pop_front() {
            let Some(group) = self.groups.get(&environment) else {
                continue;
            };
            let served = group.environment.clone();
            self.observe_epoch(&served);
            let snapshot = served.snapshot();
            let mut delivered = 0;
            while writes > 0 && visits > 0 {
                let Some(member) = self.groups.get_mut(&environment).and_then(Group::visit) else {
                    break;
                };
                visits -= 1;
                if self.bring_up_to_date(member, &snapshot) {
                    writes -= 1;
                    delivered += 1;
                }
            }
            self.note_delivered(&snapshot, delivered);
            if writes == 0 || visits == 0 {
                self.changed.push_back(environment);
                self.proceeding = RoundState::Wanted;
                return;
            }
        }
    }

    /// Records how long a change took to reach this many connections.
    pub(super) fn note_delivered(&self, snapshot: &EnvironmentSnapshot, connections: usize) {
        if connections > 0 {
            let now = (self.config.clock)();
            self.metrics
                .propagated(snapshot.committed_at_micros, now, connections);
        }
    }

    /// Whether a `Proceed` must be sent; checked after every message.
    pub(crate) fn wants_to_proceed(&mut self) -> bool {
        let wanted = self.proceeding == RoundState::Wanted;
        if wanted {
            self.proceeding = RoundState::Sent;
        }
        wanted
    }

    /// Sends a connection the data to reach `snapshot`; false if nothing was needed or possible yet.
    pub(super) fn bring_up_to_date(
        &mut self,
        id: SlotId,
        snapshot: &Arc<EnvironmentSnapshot>,
    ) -> bool {
        let Some(Slot {
            phase: Phase::Serving(session),
            outbox,
            ..
        }) = self.slots.get_mut(id)
        else {
            return false;
        };
        if outbox.is_blocked() {
            return false;
        }
        let from = session.view.version();
        let Some((frame, delivery)) = session.view.advance(snapshot) else {
            return false;
        };
        if delivery == Delivery::Delta && from.saturating_add(1) < snapshot.version {
            self.metrics.merged();
        }
        self.write(id, &frame, delivery);
        true
    }
}
