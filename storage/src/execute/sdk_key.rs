//! Commands on the keys of applications.

use sqlx::types::Json;
use time::Duration;

use super::work::{Effect, Work, conflict};
use crate::check::{self, Checks};
use crate::database::{fetch_count, fetch_one, fetch_optional};
use crate::environments;
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::sdk_keys::{check as check_key, sdk_key_columns};
use crate::secret::Secret;
use crate::stamp::{Stamp, truncate};
use crate::{
    CreatedKey, Environment, Key, KeyCredential, NewSdkKey, Outcome, SdkKey, SdkKeyId, SdkKeyPatch,
};

/// Which key a command is about.
#[derive(Clone, Copy)]
pub(super) struct KeyPlace<'a> {
    pub(super) project: &'a Key,
    pub(super) environment: &'a Key,
    pub(super) id: SdkKeyId,
}

impl Work<'_> {
    pub(super) async fn create_sdk_key(
        &mut self,
        project: &Key,
        environment: &Key,
        key: NewSdkKey,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        let environment = self.environment_of_keys(project, environment).await?;
        let created = insert_sdk_key(self, project, &environment, key).await?;
        Ok(Effect::Changed(Outcome::CreatedSdkKey(Box::new(created))))
    }

    pub(super) async fn import_sdk_key(
        &mut self,
        project: &Key,
        environment: &Key,
        key: NewSdkKey,
        credential: KeyCredential,
    ) -> Result<Effect> {
        credential.check(key.kind)?;
        self.raise_organization().await?;
        let environment = self.environment_of_keys(project, environment).await?;
        let key = insert(self, project, &environment, key, credential).await?;
        Ok(Effect::Changed(Outcome::SdkKey(Box::new(key))))
    }

    pub(super) async fn update_sdk_key(
        &mut self,
        place: KeyPlace<'_>,
        patch: SdkKeyPatch,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        let before = self.sdk_key(place, expected_version).await?;
        let mut after = before.clone();
        after.name = patch.name.unwrap_or(after.name);
        after.origins = patch.origins.unwrap_or(after.origins);
        after.expires_at = patch
            .expires_at
            .map_or(after.expires_at, |at| at.map(truncate));
        if after == before {
            return Ok(Effect::Unchanged(Outcome::SdkKey(Box::new(before))));
        }
        let max_origins = self.storage.limits().origins;
        check_key(&after.name, after.kind, &after.origins, max_origins)?;
        let after = self.save(place, &before, after, "key.updated").await?;
        Ok(Effect::Changed(Outcome::SdkKey(Box::new(after))))
    }

    pub(super) async fn revoke_sdk_key(
        &mut self,
        place: KeyPlace<'_>,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        let before = self.sdk_key(place, expected_version).await?;
        if before.revoked_at.is_some() {
            return Ok(Effect::Unchanged(Outcome::SdkKey(Box::new(before))));
        }
        let mut after = before.clone();
        after.revoked_at = Some(self.at);
        let after = self.save(place, &before, after, "key.revoked").await?;
        Ok(Effect::Changed(Outcome::SdkKey(Box::new(after))))
    }

    pub(super) async fn rotate_sdk_key(
        &mut self,
        place: KeyPlace<'_>,
        grace_seconds: u32,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        let before = self.sdk_key(place, None).await?;
        if before.revoked_at.is_some() {
            let mut checks = Checks::default();
            checks.problem("", "revoked", "a revoked key cannot be rotated; create one");
            checks.done()?;
        }
        let end = self.at + Duration::seconds(grace_seconds.into());
        let mut after = before.clone();
        after.expires_at = Some(before.expires_at.map_or(end, |sooner| sooner.min(end)));
        self.save(place, &before, after, "key.rotated").await?;
        let environment = self
            .environment_of_keys(place.project, place.environment)
            .await?;
        let successor = NewSdkKey {
            kind: before.kind,
            name: before.name,
            origins: before.origins,
            expires_at: None,
        };
        let created = insert_sdk_key(self, place.project, &environment, successor).await?;
        Ok(Effect::Changed(Outcome::CreatedSdkKey(Box::new(created))))
    }

    /// The environment of a command on keys, which changes nothing else.
    async fn environment_of_keys(&mut self, project: &Key, key: &Key) -> Result<Environment> {
        let (transaction, organization) = (&mut self.transaction, self.organization);
        let environment = environments::expect(transaction, organization, project, key).await?;
        self.only_keys_of(environment.id);
        Ok(environment)
    }

    /// A key that must exist, at the version that the caller expects.
    async fn sdk_key(
        &mut self,
        place: KeyPlace<'_>,
        expected_version: Option<i64>,
    ) -> Result<SdkKey> {
        let environment = self
            .environment_of_keys(place.project, place.environment)
            .await?;
        let key = fetch_optional!(
            &mut self.transaction,
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
        let key = key.ok_or(Error::NotFound { what })?;
        if expected_version.is_some_and(|expected| expected != key.version) {
            return Err(conflict(Outcome::SdkKey(Box::new(key))));
        }
        Ok(key)
    }

    /// Writes what can change of a key, raises its version and records it.
    async fn save(
        &mut self,
        place: KeyPlace<'_>,
        before: &SdkKey,
        after: SdkKey,
        action: &'static str,
    ) -> Result<SdkKey> {
        let saved = fetch_one!(
            &mut self.transaction,
            SdkKey,
            concat!(
                "UPDATE sdk_keys SET name = $2, origins = $3, expires_at = $4, revoked_at = $5, version = version + 1 \
                 WHERE id = $1 RETURNING ",
                sdk_key_columns!()
            ),
            after.id,
            after.name,
            Json(after.origins),
            after.expires_at.map(Stamp),
            after.revoked_at.map(Stamp),
        )?;
        let record = saved.record(place.project, place.environment, action);
        self.record(record, Some(before.document()), Some(saved.document()));
        Ok(saved)
    }
}

/// Adds a key with a new secret to an environment.
pub(super) async fn insert_sdk_key(
    work: &mut Work<'_>,
    project: &Key,
    environment: &Environment,
    new: NewSdkKey,
) -> Result<CreatedKey> {
    let secret = Secret::generate(new.kind.prefix(), work.storage.source());
    let credential = KeyCredential::of(new.kind, &secret);
    let key = insert(work, project, environment, new, credential).await?;
    Ok(CreatedKey {
        environment: environment.key.clone(),
        key,
        secret,
    })
}

async fn insert(
    work: &mut Work<'_>,
    project: &Key,
    environment: &Environment,
    new: NewSdkKey,
    credential: KeyCredential,
) -> Result<SdkKey> {
    let limits = work.storage.limits();
    check_key(&new.name, new.kind, &new.origins, limits.origins)?;
    let count = fetch_count!(
        &mut work.transaction,
        "SELECT count(*) FROM sdk_keys WHERE environment = $1 AND revoked_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $2)",
        environment.id,
        Stamp(work.at),
    )?;
    check::limit(count, "sdkKeys", limits.sdk_keys)?;
    let key = fetch_one!(
        &mut work.transaction,
        SdkKey,
        concat!(
            "INSERT INTO sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10) RETURNING ",
            sdk_key_columns!()
        ),
        SdkKeyId::generate(work.at, work.storage.source()),
        environment.id,
        new.kind,
        new.name,
        credential.hash,
        &credential.prefix,
        credential.token,
        Json(new.origins),
        Stamp(work.at),
        new.expires_at.map(Stamp),
    )
    .or_taken(Entity::SdkKey, &credential.prefix)?;
    let record = key.record(project, &environment.key, "key.created");
    work.record(record, None, Some(key.document()));
    Ok(key)
}
