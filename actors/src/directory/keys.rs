//! Which key a client presented: from memory, or else from storage.

use std::sync::Arc;

use peekaboo_protocol::CloseCode;
use peekaboo_storage::{EnvironmentId, OrganizationId, SdkKeyId, SecretHash};
use tokio::time::timeout;

use super::Directory;
use crate::error::{Error, Result};
use crate::live::{LiveKey, Wanted};

/// The longest key that is looked up.
const MAX_KEY: usize = 128;

impl Directory {
    /// The key that a client presented, if it may use it. Only a key of an environment that is not in memory costs a query.
    pub(crate) async fn authenticate(
        &self,
        presented: &str,
        origin: Option<&str>,
    ) -> Result<Arc<LiveKey>, CloseCode> {
        if presented.len() > MAX_KEY
            || !(presented.starts_with("pbs_") || presented.starts_with("pbc_"))
        {
            return Err(CloseCode::InvalidKey);
        }
        let hash = SecretHash::of(presented);
        let key = match self.registry.keys.key(&hash) {
            Some(key) => key,
            // Boxed: it is rare, and every connection's greeting would hold room for it.
            None => timeout(
                self.registry.config.lookup_timeout,
                Box::pin(self.look_up(hash)),
            )
            .await
            .unwrap_or(Err(CloseCode::Unavailable))?,
        };
        key.check(origin, (self.registry.config.clock)())?;
        Ok(key)
    }

    /// The key that a ticket names. Only one of an environment that is not in memory costs queries.
    pub(crate) async fn key_by_id(
        &self,
        organization: OrganizationId,
        id: SdkKeyId,
    ) -> Result<Arc<LiveKey>, CloseCode> {
        let held = || self.registry.keys.key_by_id(id);
        if let Some(key) = held() {
            return Ok(key);
        }
        let loading = Box::pin(self.ask(self.want(organization, Wanted::KeyOf(id))));
        match timeout(self.registry.config.lookup_timeout, loading).await {
            Ok(Some(Ok(_))) => held().ok_or(CloseCode::InvalidKey),
            Ok(Some(Err(Error::OrganizationNotFound))) => Err(CloseCode::InvalidKey),
            Ok(Some(Err(_)) | None) | Err(_) => Err(CloseCode::Unavailable),
        }
    }

    async fn look_up(&self, hash: SecretHash) -> Result<Arc<LiveKey>, CloseCode> {
        if let Some(code) = self.registry.keys.refusal(&hash) {
            return Err(code);
        }
        let found = self.ask(async {
            // Others with the same key may have had it looked up meanwhile.
            if let Some(key) = self.registry.keys.key(&hash) {
                return Ok(Found::Live(key));
            }
            match self.registry.keys.refusal(&hash) {
                Some(code) => Ok(Found::Refused(code)),
                None => self.find_owner(hash).await,
            }
        });
        let (organization, environment) = match found.await {
            Some(Ok(Found::Live(key))) => return Ok(key),
            Some(Ok(Found::Refused(code))) => return Err(code),
            Some(Ok(Found::Opens(organization, environment))) => (organization, environment),
            Some(Err(error)) => {
                tracing::warn!(%error, "cannot look up a key");
                self.saved_place(hash).await?
            }
            None => self.saved_place(hash).await?,
        };
        self.key_of(organization, environment, hash).await
    }

    async fn find_owner(&self, hash: SecretHash) -> Result<Found> {
        let source = &self.registry.source;
        if let Some((organization, environment)) = source.find_key(hash).await? {
            return Ok(Found::Opens(organization, environment));
        }
        let code = if source.is_revoked_key(hash).await? {
            CloseCode::KeyRevoked
        } else {
            CloseCode::InvalidKey
        };
        self.registry.keys.remember_refusal(hash, code);
        Ok(Found::Refused(code))
    }

    /// Whose key it is and what it opens, by the files: all there is to go by without the database.
    async fn saved_place(
        &self,
        hash: SecretHash,
    ) -> Result<(OrganizationId, EnvironmentId), CloseCode> {
        let saved = match &self.registry.snapshots {
            Some(snapshots) => snapshots.whose(hash).await,
            None => None,
        };
        saved.ok_or(CloseCode::Unavailable)
    }

    /// The key, once its environment is in memory.
    async fn key_of(
        &self,
        organization: OrganizationId,
        environment: EnvironmentId,
        hash: SecretHash,
    ) -> Result<Arc<LiveKey>, CloseCode> {
        let unavailable = |error: Error| {
            tracing::warn!(%error, %organization, %environment, "cannot load an environment");
            CloseCode::Unavailable
        };
        let wanted = Wanted::Environment(environment);
        let tenant = self.want(organization, wanted).await.map_err(unavailable)?;
        if let Some(key) = self.registry.keys.key(&hash) {
            return Ok(key);
        }
        if self.registry.is_stale() {
            return Err(CloseCode::Unavailable);
        }
        // Made a moment ago, and the tenant's hint on its way: have it look before saying no.
        tenant.handle.refresh().await.map_err(unavailable)?;
        self.want(organization, wanted).await.map_err(unavailable)?;
        // Revoked between the two reads, where it is not there now.
        self.registry.keys.key(&hash).ok_or(CloseCode::KeyRevoked)
    }
}

/// What storage says of a key.
enum Found {
    /// Its tenant came into memory meanwhile.
    Live(Arc<LiveKey>),
    /// It is this organization's, and opens this environment.
    Opens(OrganizationId, EnvironmentId),
    /// It opens nothing, and this is why.
    Refused(CloseCode),
}
