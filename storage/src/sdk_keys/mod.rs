//! The keys that applications connect with.

mod origin;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::audit_record::Record;
use crate::database::{execute, fetch_all, fetch_optional};
use crate::environments;
use crate::error::Result;
use crate::page::{Cursor, List, Page};
use crate::secret::SecretHash;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::{EnvironmentId, Key, OrganizationId, SdkKey, SdkKeyId, SdkKeyKind};

pub(crate) use origin::check;

/// A key as the hub needs it to let a connection in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct KeyRecord {
    /// Identifies it.
    pub id: SdkKeyId,
    /// What it opens.
    pub environment: EnvironmentId,
    /// Server or client.
    pub kind: SdkKeyKind,
    /// What the presented key hashes to.
    pub hash: SecretHash,
    /// Origins that a client key may be used from; empty means any.
    #[sqlx(json)]
    pub origins: Vec<String>,
    /// From when on it opens nothing; the caller compares with its clock.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
}

/// The columns of [`SdkKey`].
macro_rules! sdk_key_columns {
    () => {
        "sdk_keys.id, sdk_keys.environment, sdk_keys.kind, sdk_keys.name, sdk_keys.prefix, sdk_keys.token, \
         sdk_keys.origins, sdk_keys.version, sdk_keys.created_at, sdk_keys.expires_at, sdk_keys.revoked_at, \
         sdk_keys.last_used_at"
    };
}

/// The columns of [`KeyRecord`].
macro_rules! key_record_columns {
    () => {
        "sdk_keys.id, sdk_keys.environment, sdk_keys.kind, sdk_keys.hash, sdk_keys.origins, sdk_keys.expires_at"
    };
}

pub(crate) use key_record_columns;
pub(crate) use sdk_key_columns;

impl SdkKey {
    pub(crate) fn document(&self) -> Value {
        json!({
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "prefix": self.prefix,
            "origins": self.origins,
            "expiresAt": self.expires_at.map(rfc3339),
            "revokedAt": self.revoked_at.map(rfc3339),
        })
    }

    pub(crate) fn record<'a>(
        &'a self,
        project: &'a Key,
        environment: &'a Key,
        action: &'static str,
    ) -> Record<'a> {
        Record {
            action,
            project: Some(project),
            environment: Some(environment),
            kind: "key",
            key: &self.name,
            restored: None,
        }
    }
}

impl Storage {
    /// An environment's keys, newest first, revoked ones included.
    pub async fn sdk_keys(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: &Key,
        page: &Page,
    ) -> Result<List<SdkKey>> {
        let after: Option<SdkKeyId> = page.cursor()?;
        let mut transaction = self.read().await?;
        let environment =
            environments::expect(&mut transaction, organization, project, environment).await?;
        let keys = fetch_all!(
            &mut transaction,
            SdkKey,
            concat!(
                "SELECT ",
                sdk_key_columns!(),
                " FROM sdk_keys WHERE environment = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
            ),
            environment.id,
            after,
            page.fetch(),
        )?;
        Ok(page.list(keys, |key| Cursor::of(&key.id)))
    }

    /// The key that a presented secret is, unless it was revoked, with its organisation. Expiry is the caller's to see.
    pub async fn find_key(&self, hash: SecretHash) -> Result<Option<(OrganizationId, KeyRecord)>> {
        #[derive(FromRow)]
        struct Found {
            organization: OrganizationId,
            #[sqlx(flatten)]
            key: KeyRecord,
        }
        let found = fetch_optional!(
            &mut self.read().await?,
            Found,
            concat!(
                "SELECT environments.organization, ",
                key_record_columns!(),
                " FROM sdk_keys JOIN environments ON environments.id = sdk_keys.environment \
                 WHERE sdk_keys.hash = $1 AND sdk_keys.revoked_at IS NULL"
            ),
            hash,
        )?;
        Ok(found.map(|found| (found.organization, found.key)))
    }

    /// Whether a presented secret is a key that was revoked. For the answer to whoever still presents it.
    pub async fn is_revoked_key(&self, hash: SecretHash) -> Result<bool> {
        #[derive(FromRow)]
        struct Revoked {
            #[sqlx(rename = "id")]
            _id: SdkKeyId,
        }
        let revoked = fetch_optional!(
            &mut self.read().await?,
            Revoked,
            "SELECT id FROM sdk_keys WHERE hash = $1 AND revoked_at IS NOT NULL",
            hash,
        )?;
        Ok(revoked.is_some())
    }

    /// Notes when keys were last used; for a slow task that collects such uses, never for a connection itself.
    pub async fn touch_sdk_keys(&self, uses: &[(SdkKeyId, OffsetDateTime)]) -> Result<()> {
        let mut uses = uses.to_vec();
        // In one order on every node, so that no two wait for each other.
        uses.sort_unstable_by_key(|(id, _)| *id);
        let mut transaction = self.write().await?;
        for (id, at) in uses {
            execute!(
                &mut transaction,
                "UPDATE sdk_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
                id,
                Stamp(at),
            )?;
        }
        Ok(transaction.commit().await?)
    }
}

fn rfc3339(at: OffsetDateTime) -> String {
    let text = at.format(&time::format_description::well_known::Rfc3339);
    text.unwrap_or_default()
}
