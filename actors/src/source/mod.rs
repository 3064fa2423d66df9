//! The source of tenants' state: the database, or the upstream that an edge mirrors.
//!
//! Everything that the actors read from either goes through this module, so an edge is the same hub with another
//! source.

mod disk;
mod mirror;
mod spool;
pub(crate) mod usage;

use std::collections::HashMap;

use peekaboo_flags::Ruleset;
use peekaboo_storage::{
    ChangesSince, EnvironmentId, Feed, Hint, Key, KeyRecord, OrganizationId, SdkKeyId, SecretHash,
    Storage, TenantRecord,
};
use time::OffsetDateTime;
use tokio::sync::{broadcast, watch};

pub(crate) use self::disk::SnapshotFolder;
pub use self::mirror::Mirror;
pub use self::spool::{Spool, UsageUpload};
use self::usage::Admitted;
use crate::error::Result;

#[derive(Clone)]
pub(crate) enum Source {
    /// A database, which this node may write to.
    Storage(Storage),
    /// A mirror of an upstream, which cannot be changed here; and the usage to send to the upstream.
    Mirror(Mirror, Spool),
}

/// A subscription to hints.
pub(crate) enum Hints {
    Storage(Feed),
    Mirror(broadcast::Receiver<Hint>),
}

impl Source {
    /// The label in metrics.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Storage(_) => "storage",
            Self::Mirror(..) => "upstream",
        }
    }

    /// Whether changes can be written, as far as is known. An edge writes none.
    pub(crate) fn takes_writes(&self) -> bool {
        match self {
            Self::Storage(storage) => storage.write_refusal().borrow().is_none(),
            Self::Mirror(..) => true,
        }
    }

    /// Whether changes wait while usage is written, since only one transaction can write at a time.
    pub(crate) fn has_one_writer(&self) -> bool {
        matches!(self, Self::Storage(storage) if storage.has_one_writer())
    }

    /// Subscribes to hints.
    pub(crate) fn feed(&self) -> Hints {
        match self {
            Self::Storage(storage) => Hints::Storage(storage.feed()),
            Self::Mirror(mirror, _) => Hints::Mirror(mirror.hints()),
        }
    }

    /// Whether the known state may be outdated.
    pub(crate) fn staleness(&self) -> watch::Receiver<bool> {
        match self {
            Self::Storage(storage) => storage.staleness(),
            Self::Mirror(mirror, _) => mirror.staleness(),
        }
    }

    /// The organization and environment of a key.
    pub(crate) async fn find_key(
        &self,
        hash: SecretHash,
    ) -> Result<Option<(OrganizationId, EnvironmentId)>> {
        match self {
            Self::Storage(storage) => {
                let found = storage.find_key(hash).await?;
                Ok(found.map(|(organization, key)| (organization, key.environment)))
            }
            Self::Mirror(mirror, _) => mirror.find_key(hash),
        }
    }

    /// Whether an unknown key existed until it was revoked.
    pub(crate) async fn is_revoked_key(&self, hash: SecretHash) -> Result<bool> {
        match self {
            Self::Storage(storage) => Ok(storage.is_revoked_key(hash).await?),
            Self::Mirror(mirror, _) => Ok(mirror.is_revoked_key(hash)),
        }
    }

    pub(crate) async fn tenant(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<TenantRecord>> {
        match self {
            Self::Storage(storage) => Ok(storage.tenant(organization).await?),
            Self::Mirror(mirror, _) => Ok(mirror.tenant(organization)),
        }
    }

    /// The keys of an environment.
    pub(crate) async fn keys_of(&self, environment: EnvironmentId) -> Result<Vec<KeyRecord>> {
        match self {
            Self::Storage(storage) => Ok(storage.keys_of(environment).await?),
            Self::Mirror(mirror, _) => {
                let tenant = mirror.tenant(Mirror::tenant_of(environment));
                Ok(tenant.map(|record| record.keys).unwrap_or_default())
            }
        }
    }

    /// The approximate amount to read for each project's environments, if known.
    pub(crate) async fn flag_counts(
        &self,
        organization: OrganizationId,
    ) -> Result<HashMap<Key, i64>> {
        match self {
            Self::Storage(storage) => Ok(storage.flag_counts(organization).await?),
            // On an edge, each tenant has one environment.
            Self::Mirror(..) => Ok(HashMap::new()),
        }
    }

    /// Whether an environment has at most this many flags. An unknown one counts as large.
    pub(crate) async fn is_small(&self, environment: EnvironmentId, flags: u32) -> bool {
        match self {
            Self::Storage(storage) => {
                let more = storage.has_more_flags(environment, flags).await;
                more.is_ok_and(|more| !more)
            }
            Self::Mirror(mirror, _) => mirror.flag_count(environment) <= flags as usize,
        }
    }

    pub(crate) async fn ruleset(&self, environment: EnvironmentId) -> Result<Option<Ruleset>> {
        match self {
            Self::Storage(storage) => Ok(storage.ruleset(environment).await?),
            Self::Mirror(mirror, _) => Ok(mirror.ruleset(environment)),
        }
    }

    pub(crate) async fn changes_since(
        &self,
        environment: EnvironmentId,
        epoch: &str,
        version: i64,
        limit: u32,
    ) -> Result<ChangesSince> {
        match self {
            Self::Storage(storage) => Ok(storage
                .changes_since(environment, epoch, version, limit)
                .await?),
            Self::Mirror(mirror, _) => Ok(mirror.changes_since(environment, epoch, version, limit)),
        }
    }

    /// Records when keys were last used.
    pub(crate) async fn touch_sdk_keys(&self, uses: &[(SdkKeyId, OffsetDateTime)]) -> Result<()> {
        match self {
            Self::Storage(storage) => Ok(storage.touch_sdk_keys(uses).await?),
            Self::Mirror(mirror, _) => {
                mirror.note_used(uses.iter().map(|(id, _)| *id));
                Ok(())
            }
        }
    }

    /// Counts batches, or stores them for the upstream; returns for each whether it was new. They are durable when this
    /// returns.
    pub(crate) async fn record_usage(&self, batches: &[Admitted]) -> Result<Vec<bool>> {
        match self {
            Self::Storage(storage) => {
                let usage: Vec<_> = batches.iter().map(Admitted::to_usage).collect();
                Ok(storage.record_usage(&usage).await?)
            }
            Self::Mirror(_, spool) => spool.record(batches).await,
        }
    }
}

impl Hints {
    /// The next hint; `None` once the source has ended.
    pub(crate) async fn recv(&mut self) -> Option<Hint> {
        match self {
            Self::Storage(feed) => feed.recv().await,
            Self::Mirror(hints) => match hints.recv().await {
                Ok(hint) => Some(hint),
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    // Hints that are still queued are covered by a refresh of everything.
                    *hints = hints.resubscribe();
                    Some(Hint::Everything)
                }
                Err(broadcast::error::RecvError::Closed) => None,
            },
        }
    }
}
