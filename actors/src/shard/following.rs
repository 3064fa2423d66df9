//! Edges: connections that serve other clients. They also receive their environment's keys, and receive changes first.
//!
//! A connection is an edge once it has sent FOLLOW, which any holder of a server key can do. The number of edges that
//! are served first is therefore limited, and being one of them only changes the order.

use std::sync::Arc;

use super::message::SlotId;
use super::rounds::TURN;
use super::slots::{Phase, Slot};
use super::state::State;
use crate::live::{Environment, TenantMessage};
use crate::metrics::Delivery;

impl State {
    /// Sends the keys to an edge, now and whenever they change, and reports to its tenant which keys were used there.
    pub(super) fn follow(&mut self, id: SlotId, used: Vec<String>) {
        let Some(Slot {
            phase: Phase::Serving(session),
            ..
        }) = self.slots.get_mut(id)
        else {
            return;
        };
        let environment = session.presence.key().environment().clone();
        if let Some(group) = self.groups.get_mut(&environment.id) {
            let slots = &mut self.slots;
            group
                .followers
                .retain(|other| *other != id && slots.get_mut(*other).is_some());
            group.followers.push(id);
        }
        self.tell_keys(id, &environment);
        if !used.is_empty() {
            environment.tenant.tell(TenantMessage::KeysUsed(used));
        }
    }

    /// Brings edges to the newest version at once, because many more connections wait behind each. This takes at most
    /// one turn; further edges are served in the round like everyone else.
    pub(super) fn serve_edges(&mut self, environment: &Environment) {
        let Some(group) = self.groups.get_mut(&environment.id) else {
            return;
        };
        if group.followers.is_empty() {
            return;
        }
        let slots = &mut self.slots;
        group
            .followers
            .retain(|edge| slots.get_mut(*edge).is_some());
        let edges: Vec<_> = group.followers.iter().copied().take(TURN).collect();
        let snapshot = environment.snapshot();
        let mut delivered = 0;
        for edge in edges {
            if self.bring_up_to_date(edge, &snapshot) {
                delivered += 1;
            }
        }
        self.note_delivered(&snapshot, delivered);
    }

    /// Sends the keys to every edge of an environment.
    pub(crate) fn tell_followers(&mut self, environment: &Environment) {
        let followers = self
            .groups
            .get(&environment.id)
            .map(|group| group.followers.clone());
        for follower in followers.into_iter().flatten() {
            self.tell_keys(follower, environment);
        }
    }

    /// A socket is writable again: if it missed keys, it receives the current ones.
    pub(super) fn tell_owed_keys(&mut self, id: SlotId) {
        if let Some(Slot {
            phase: Phase::Serving(session),
            ..
        }) = self.slots.get_mut(id)
            && std::mem::take(&mut session.owed_keys)
        {
            let environment: Arc<Environment> = session.presence.key().environment().clone();
            self.tell_keys(id, &environment);
        }
    }

    fn tell_keys(&mut self, id: SlotId, environment: &Environment) {
        let Some(Slot {
            phase: Phase::Serving(session),
            outbox,
            ..
        }) = self.slots.get_mut(id)
        else {
            return;
        };
        if outbox.is_blocked() {
            session.owed_keys = true;
            return;
        }
        self.write(id, &environment.keys(), Delivery::Control);
    }
}
