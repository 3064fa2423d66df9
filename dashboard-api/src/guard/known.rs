//! Credentials that were valid a short while ago, for when the database is away.

use std::sync::Arc;

use dashmap::DashMap;
use peekaboo_storage::{ApiTokenId, Membership, SecretHash, User, UserId};
use time::OffsetDateTime;

/// Credentials remembered for when the database is away; beyond that the oldest have to wait for it.
const REMEMBERED: usize = 10_000;

/// Who a credential stands for.
#[derive(Debug)]
pub(crate) struct Identity {
    /// A person or a machine.
    pub who: Who,
    /// Where they belong; a token belongs to one organization.
    pub memberships: Vec<Membership>,
    /// Whether a person has a second factor.
    pub second_factor: bool,
    /// When the credential stops working, unless it is used.
    pub(crate) expires_at: Option<OffsetDateTime>,
}

/// A person or a machine.
#[derive(Debug)]
pub(crate) enum Who {
    /// Signed in.
    Person(User),
    /// By a token.
    Machine {
        /// The token.
        id: ApiTokenId,
        /// Its name.
        name: String,
    },
}

/// Credentials that were valid a short while ago: with the database away the dashboard goes on reading what is in
/// memory, as applications do.
#[derive(Debug, Default)]
pub(crate) struct Known {
    seen: DashMap<SecretHash, (Arc<Identity>, OffsetDateTime)>,
}

impl Known {
    pub(crate) fn remember(&self, hash: SecretHash, identity: Arc<Identity>, now: OffsetDateTime) {
        if self.seen.len() >= REMEMBERED {
            self.seen.clear();
        }
        self.seen.insert(hash, (identity, now));
    }

    pub(crate) fn forget(&self, hash: SecretHash) {
        self.seen.remove(&hash);
    }

    /// A token was revoked.
    pub(crate) fn forget_token(&self, token: ApiTokenId) {
        self.seen.retain(
            |_, (identity, _)| !matches!(&identity.who, Who::Machine { id, .. } if *id == token),
        );
    }

    /// A person's sessions ended, or what they have to show changed.
    pub(crate) fn forget_person(&self, person: UserId) {
        self.seen.retain(
            |_, (identity, _)| !matches!(&identity.who, Who::Person(user) if user.id == person),
        );
    }

    pub(crate) fn recall(
        &self,
        hash: SecretHash,
        now: OffsetDateTime,
        grace: std::time::Duration,
    ) -> Option<Arc<Identity>> {
        let entry = self.seen.get(&hash)?;
        let (identity, confirmed_at) = entry.value();
        let lives = identity
            .expires_at
            .is_none_or(|expires_at| now < expires_at);
        (lives && now - *confirmed_at <= grace).then(|| identity.clone())
    }
}
