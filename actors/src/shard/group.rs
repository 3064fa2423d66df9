//! The connections of one environment within a shard, and the current round over them.

use std::sync::Arc;

use super::message::SlotId;
use crate::live::Environment;

/// 2^32 divided by the golden ratio. Its multiples, wrapped around, spread evenly over the whole range, so the starts
/// of consecutive rounds are far apart (Knuth, TAOCP 3, 6.4).
const GOLDEN_RATIO: u32 = 0x9e37_79b9;

/// Members in no particular order, visited in rounds.
///
/// A round visits every member once. Each starts at a different position, so that no member is always last. A member's
/// version tells whether it needs anything, so visiting it twice is harmless, and a round can simply be restarted when
/// members come or go or the environment changes again.
pub(crate) struct Group {
    pub(super) environment: Arc<Environment>,
    /// The epoch of the members' versions.
    pub(super) epoch: String,
    /// Edges among them; some may have disconnected.
    pub(super) followers: Vec<SlotId>,
    members: Vec<SlotId>,
    /// Where the newest round started, as a fraction of all members in units of 2^-32.
    phase: u32,
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
            phase: 0,
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

    /// Removes the member at `position`; returns the member that has taken its place.
    pub(super) fn remove(&mut self, position: u32) -> Option<SlotId> {
        let position = position as usize;
        self.members.swap_remove(position);
        // That member may have moved from before the round's position to after it.
        if self.left > 0 {
            self.begin_round();
        }
        self.members.get(position).copied()
    }

    /// Visits everyone from here on. A round in progress continues at its position, so members that it has not visited
    /// come first.
    pub(super) fn begin_round(&mut self) {
        if self.left == 0 {
            self.phase = self.phase.wrapping_add(GOLDEN_RATIO);
            self.next = scale(self.phase, self.members.len());
        }
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

/// The member at `phase` of `members`.
fn scale(phase: u32, members: usize) -> usize {
    let scaled = (u64::from(phase) * members as u64) >> u32::BITS;
    usize::try_from(scaled).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::environment;
    use super::*;

    fn group(members: u32) -> Group {
        let mut group = Group::new(environment());
        for index in 0..members {
            group.add(SlotId {
                index,
                generation: 0,
            });
        }
        group
    }

    fn round(group: &mut Group) -> Vec<u32> {
        group.begin_round();
        std::iter::from_fn(|| group.visit().map(|member| member.index)).collect()
    }

    #[test]
    fn a_round_visits_every_member_once() {
        for size in [0, 1, 2, 3, 100] {
            let mut group = group(size);
            for _ in 0..5 {
                let mut visited = round(&mut group);
                visited.sort_unstable();
                assert!(visited.into_iter().eq(0..size));
            }
        }
    }

    #[test]
    fn over_some_rounds_no_member_waits_longer_than_others() {
        const ROUNDS: usize = 200;
        for size in [2, 3, 8, 144, 1_000] {
            let mut group = group(size);
            let mut places = vec![0; size as usize];
            for _ in 0..ROUNDS {
                for (place, member) in round(&mut group).into_iter().enumerate() {
                    places[member as usize] += place;
                }
            }
            let fair = (size as usize - 1) * ROUNDS / 2;
            for (member, sum) in places.into_iter().enumerate() {
                assert!(
                    sum.abs_diff(fair) * 10 <= fair,
                    "member {member} of {size}: {sum} places in all, where {fair} is fair"
                );
            }
        }
    }

    #[test]
    fn a_round_that_is_begun_again_serves_first_whom_it_had_not_visited() {
        let mut group = group(10);
        group.begin_round();
        let visited: Vec<_> = (0..4).map_while(|_| group.visit()).collect();
        group.begin_round();
        let again: Vec<_> = std::iter::from_fn(|| group.visit()).collect();
        assert_eq!(again.len(), 10);
        assert_eq!(again[6..], visited);
    }
}
