//! The connections of one environment within a shard, and how far the current round among them is.

use std::sync::Arc;

use super::message::SlotId;
use crate::live::Environment;

/// Members in no particular order, visited in rounds.
///
/// A round visits every member once, starting where the last one ended, so that nobody is always last. Whether a member
/// needs anything is told by the version that it was sent, so visiting one twice is harmless, and a round may simply be
/// begun again when members come or go or the environment changes once more.
pub(crate) struct Group {
    pub(super) environment: Arc<Environment>,
    /// The history that members' versions belong to.
    pub(super) epoch: String,
    /// Edges among them; some may have gone.
    pub(super) followers: Vec<SlotId>,
    members: Vec<SlotId>,
    next: usize,
    left: usize,
}

impl Group {
    pub(super) fn new(environment: Arc<Environment>) -> Self {
        let epoch = environment.snapshot().epoch.clone();
        Self {
            environment,
            epoch,
            followers: Vec::new(),
            members: Vec::new(),
            next: 0,
            left: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(super) fn members(&self) -> &[SlotId] {
        &self.members
    }

    /// Adds a member and returns its position.
    pub(super) fn add(&mut self, member: SlotId) -> u32 {
        self.members.push(member);
        u32::try_from(self.members.len() - 1).expect("fewer sockets than four billion")
    }

    /// Removes the member at `position`; the one returned has taken its place.
    pub(super) fn remove(&mut self, position: u32) -> Option<SlotId> {
        let position = position as usize;
        self.members.swap_remove(position);
        // The one that moved may have moved from before the round to behind it.
        if self.left > 0 {
            self.begin_round();
        }
        self.members.get(position).copied()
    }

    /// Visits everybody, from here on.
    pub(super) fn begin_round(&mut self) {
        self.left = self.members.len();
    }

    /// The next member of the round; `None` when it is over.
    pub(super) fn visit(&mut self) -> Option<SlotId> {
        self.left = self.left.min(self.members.len()).checked_sub(1)?;
        if self.next >= self.members.len() {
            self.next = 0;
        }
        let member = self.members[self.next];
        self.next += 1;
        Some(member)
    }
}
