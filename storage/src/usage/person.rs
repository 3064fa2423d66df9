//! Whoever a targeting key names, as usage keeps it: a hash, from which nobody learns the key.

use sha2::{Digest as _, Sha256};

use crate::EnvironmentId;

/// The hash of a targeting key. With the environment in it, the same person's differ between environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Person([u8; 32]);

impl Person {
    pub(super) fn new(environment: EnvironmentId, targeting_key: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(environment.as_uuid().as_bytes());
        hasher.update(targeting_key.as_bytes());
        Self(hasher.finalize().into())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
