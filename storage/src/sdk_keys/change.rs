//! Making, changing, revoking and rotating keys.

use sqlx::FromRow;
use sqlx::types::Json;
use time::Duration;

use super::origin::check;
use super::{NewSdkKey, SdkKey, SdkKeyKind, SdkKeyPatch, SdkKeyPath, sdk_key_columns};
use crate::check::{self, Checks};
use crate::database::{fetch_one, fetch_optional};
use crate::environments;
use crate::error::{Current, Entity, Error, OrTaken as _, Result};
use crate::projects::CreatedKey;
use crate::secret::Secret;
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::{Attribution, Environment, Key, OrganizationId, SdkKeyId};

impl Storage {
    /// Makes a key.
    pub async fn create_sdk_key(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: &Key,
        key: NewSdkKey,
        by: &Attribution,
    ) -> Result<CreatedKey> {
        let mut change = self.change(organization, by).await?;
        let environment =
            environments::expect(&mut change.transaction, organization, project, environment)
                .await?;
        let created = insert(&mut change, project, &environment, key).await?;
        change.commit().await?;
        Ok(created)
    }

    /// Changes a key's name, origins or end.
    pub async fn update_sdk_key(
        &self,
        organization: OrganizationId,
        place: SdkKeyPath<'_>,
        patch: SdkKeyPatch,
        expected_version: Option<i64>,
        by: &Attribution,
    ) -> Result<SdkKey> {
        let mut change = self.change(organization, by).await?;
        let before = expect(&mut change, place).await?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            let current = Box::new(Current::SdkKey(before));
            return Err(Error::VersionConflict { current });
        }
        let mut after = before.clone();
        after.name = patch.name.unwrap_or(after.name);
        after.origins = patch.origins.unwrap_or(after.origins);
        after.expires_at = patch
            .expires_at
            .map_or(after.expires_at, |at| at.map(truncate));
        if after == before {
            return Ok(before);
        }
        check(
            &after.name,
            after.kind,
            &after.origins,
            self.limits().origins,
        )?;
        let after = save(&mut change, after).await?;
        let record = after.record(place, "key.updated");
        change
            .record(record, Some(before.document()), Some(after.document()))
            .await?;
        change.commit().await?;
        Ok(after)
    }

    /// Revokes a key: its connections close within a second. Revoking twice is once.
    pub async fn revoke_sdk_key(
        &self,
        organization: OrganizationId,
        place: SdkKeyPath<'_>,
        expected_version: Option<i64>,
        by: &Attribution,
    ) -> Result<SdkKey> {
        let mut change = self.change(organization, by).await?;
        let before = expect(&mut change, place).await?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            let current = Box::new(Current::SdkKey(before));
            return Err(Error::VersionConflict { current });
        }
        if before.revoked_at.is_some() {
            return Ok(before);
        }
        let mut after = before.clone();
        after.revoked_at = Some(truncate(by.at));
        let after = save(&mut change, after).await?;
        let record = after.record(place, "key.revoked");
        change
            .record(record, Some(before.document()), Some(after.document()))
            .await?;
        change.commit().await?;
        Ok(after)
    }

    /// Makes a key that takes another's place; the other still opens for `grace`, unless it ends before.
    pub async fn rotate_sdk_key(
        &self,
        organization: OrganizationId,
        place: SdkKeyPath<'_>,
        grace: Duration,
        by: &Attribution,
    ) -> Result<CreatedKey> {
        let mut change = self.change(organization, by).await?;
        let before = expect(&mut change, place).await?;
        if before.revoked_at.is_some() {
            let mut checks = Checks::default();
            checks.problem("", "revoked", "a revoked key cannot be rotated; create one");
            checks.done()?;
        }
        let end = truncate(by.at + grace.max(Duration::ZERO));
        let mut after = before.clone();
        after.expires_at = Some(
            before
                .expires_at
                .map_or(end, |expires_at| expires_at.min(end)),
        );
        let after = save(&mut change, after).await?;
        let record = after.record(place, "key.rotated");
        change
            .record(record, Some(before.document()), Some(after.document()))
            .await?;
        let environment = environments::expect(
            &mut change.transaction,
            organization,
            place.project,
            place.environment,
        )
        .await?;
        let successor = NewSdkKey {
            kind: before.kind,
            name: before.name,
            origins: before.origins,
            expires_at: None,
            secret: None,
        };
        let created = insert(&mut change, place.project, &environment, successor).await?;
        change.commit().await?;
        Ok(created)
    }
}

/// Adds a key to an environment.
pub(crate) async fn insert(
    change: &mut Change<'_>,
    project: &Key,
    environment: &Environment,
    new: NewSdkKey,
) -> Result<CreatedKey> {
    #[derive(FromRow)]
    struct Count {
        count: i64,
    }
    let limits = change.storage.limits();
    check(&new.name, new.kind, &new.origins, limits.origins)?;
    let count = fetch_one!(
        &mut change.transaction,
        Count,
        "SELECT count(*) AS count FROM sdk_keys WHERE environment = $1 AND revoked_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $2)",
        environment.id,
        Stamp(change.by.at),
    )?;
    check::limit(count.count, "sdkKeys", limits.sdk_keys)?;
    let at = truncate(change.by.at);
    let source = change.storage.source();
    let random = || Secret::generate(new.kind.prefix(), source);
    let secret = new.secret.unwrap_or_else(random);
    let token = (new.kind == SdkKeyKind::Client).then(|| secret.expose().to_owned());
    let key = fetch_one!(
        &mut change.transaction,
        SdkKey,
        concat!(
            "INSERT INTO sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10) RETURNING ",
            sdk_key_columns!()
        ),
        SdkKeyId::generate(at, source),
        environment.id,
        new.kind,
        new.name,
        secret.hash(),
        secret.display_prefix(),
        token,
        Json(new.origins),
        Stamp(at),
        new.expires_at.map(Stamp),
    )
    .or_taken(Entity::SdkKey, secret.display_prefix())?;
    let place = SdkKeyPath {
        project,
        environment: &environment.key,
        id: key.id,
    };
    let record = key.record(place, "key.created");
    change.record(record, None, Some(key.document())).await?;
    Ok(CreatedKey {
        environment: environment.key.clone(),
        key,
        secret,
    })
}

async fn expect(change: &mut Change<'_>, place: SdkKeyPath<'_>) -> Result<SdkKey> {
    let environment = environments::expect(
        &mut change.transaction,
        change.organization,
        place.project,
        place.environment,
    )
    .await?;
    let key = fetch_optional!(
        &mut change.transaction,
        SdkKey,
        concat!(
            "SELECT ",
            sdk_key_columns!(),
            " FROM sdk_keys WHERE environment = $1 AND id = $2"
        ),
        environment.id,
        place.id,
    )?;
    let what = Entity::SdkKey;
    key.ok_or(Error::NotFound { what })
}

/// Writes what can change of a key, and raises its version.
async fn save(change: &mut Change<'_>, key: SdkKey) -> Result<SdkKey> {
    let saved = fetch_one!(
        &mut change.transaction,
        SdkKey,
        concat!(
            "UPDATE sdk_keys SET name = $2, origins = $3, expires_at = $4, revoked_at = $5, version = version + 1 \
             WHERE id = $1 RETURNING ",
            sdk_key_columns!()
        ),
        key.id,
        key.name,
        Json(key.origins),
        key.expires_at.map(Stamp),
        key.revoked_at.map(Stamp),
    )?;
    Ok(saved)
}
