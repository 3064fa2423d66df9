//! Recently accepted batches, so that a batch whose acknowledgment was lost counts only once.

use std::collections::{HashSet, VecDeque};

use peekaboo_storage::EnvironmentId;
use sha2::{Digest as _, Sha256};

/// The number of remembered batches: a sender without an acknowledgment sends again within a minute.
const REMEMBERED: usize = 200_000;

/// A batch's environment and id in as few bytes as possible.
pub(super) type Name = u128;

/// The recently accepted batches.
#[derive(Default)]
pub(super) struct RecentBatches {
    names: HashSet<Name>,
    in_order: VecDeque<Name>,
}

impl RecentBatches {
    /// The name of a batch. Senders choose ids, so it is hashed with a function without known collisions.
    pub(super) fn name(environment: EnvironmentId, id: &str) -> Name {
        let mut hasher = Sha256::new();
        hasher.update(environment.as_uuid().as_bytes());
        hasher.update(id.as_bytes());
        let hash: [u8; 32] = hasher.finalize().into();
        let (head, _) = hash.split_at(size_of::<Name>());
        head.iter()
            .fold(0, |name, byte| name << 8 | Name::from(*byte))
    }

    pub(super) fn holds(&self, name: Name) -> bool {
        self.names.contains(&name)
    }

    pub(super) fn remember(&mut self, name: Name) {
        if !self.names.insert(name) {
            return;
        }
        self.in_order.push_back(name);
        if self.in_order.len() > REMEMBERED
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.names.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_oldest_are_forgotten() {
        let mut recent = RecentBatches::default();
        for name in 0..=REMEMBERED as Name {
            recent.remember(name);
        }
        assert!(!recent.holds(0));
        assert!(recent.holds(1));
        assert_eq!(recent.names.len(), REMEMBERED);
    }

    #[test]
    fn one_id_names_other_batches_in_other_environments() {
        let [a, b] = [1, 2].map(|n| EnvironmentId::from_uuid(Uuid::from_u128(n)));
        assert_eq!(RecentBatches::name(a, "b"), RecentBatches::name(a, "b"));
        assert_ne!(RecentBatches::name(a, "b"), RecentBatches::name(b, "b"));
    }
}
