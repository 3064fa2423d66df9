//! A key as this API shows it.

use peekaboo_actors::Error as HubError;
use peekaboo_storage::{Command, Current, Error as StorageError, Outcome, SdkKey, SdkKeyKind};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiState;
use crate::auth::Member;
use crate::commands::{self, Failure};
use crate::http::{Page, Reply, Tagged, WriteComment};
use crate::problem::Problem;

/// For which kind of application a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyKind {
    /// `pbs_…`: secret; receives the rules and evaluates itself.
    Server,
    /// `pbc_…`: public; receives evaluated values of client-visible flags only.
    Client,
}

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyStatus {
    /// It works.
    Active,
    /// It works until it expires.
    Expiring,
    /// It expired.
    Expired,
    /// It was revoked.
    Revoked,
}

/// An SDK key.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Key {
    /// Its id.
    pub id: Uuid,
    /// For which kind of application.
    pub kind: KeyKind,
    /// What it is for.
    pub name: String,
    /// How it begins, to tell it from others.
    pub prefix: String,
    /// A client key whole, for it is public; null for a server key.
    #[serde(rename = "key")]
    #[schema(required)]
    pub token: Option<String>,
    /// The origins from which a client key may be used; empty: from any.
    pub origins: Vec<String>,
    /// Rises with each change; also the `ETag`.
    pub version: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it stops working; null: never.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was revoked.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub revoked_at: Option<OffsetDateTime>,
    /// When something last connected with it, to within some minutes; null: never.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub last_used_at: Option<OffsetDateTime>,
    /// Whether it works.
    pub status: KeyStatus,
}

/// A page of keys.
pub(crate) type KeyPage = Page<Key>;

/// A new key, with the secret that is shown only now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CreatedKey {
    /// The key.
    #[serde(flatten)]
    pub details: Key,
    /// The key itself; a server key is not stored and cannot be shown again.
    pub secret: String,
}

impl Key {
    /// Executes a command that changes a key. A conflict comes with the key as it is now.
    pub(super) async fn change(
        state: &ApiState,
        member: &Member,
        comment: WriteComment,
        command: Command,
    ) -> Result<Tagged<Self>, Problem> {
        let shown = |key: SdkKey| Self::new(key, state.now());
        match commands::execute(state, member, comment, command).await {
            Ok(Outcome::SdkKey(key)) => Ok(Tagged::ok(key.version, shown(*key))),
            Ok(_) => Err(Problem::unexpected("a command on a key")),
            Err(Failure::Failed(HubError::Storage(StorageError::VersionConflict { current }))) => {
                match *current {
                    Current::Outcome(Outcome::SdkKey(key)) => {
                        Err(Problem::version_conflict(&shown(*key)))
                    }
                    _ => Err(Problem::unexpected("a conflict over a key")),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn new(key: SdkKey, now: OffsetDateTime) -> Self {
        let status = match (key.revoked_at, key.expires_at) {
            (Some(_), _) => KeyStatus::Revoked,
            (None, Some(expires_at)) if expires_at <= now => KeyStatus::Expired,
            (None, Some(_)) => KeyStatus::Expiring,
            (None, None) => KeyStatus::Active,
        };
        Self {
            id: key.id.as_uuid(),
            kind: key.kind.into(),
            name: key.name,
            prefix: key.prefix,
            token: key.token,
            origins: key.origins,
            version: key.version,
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
            status,
        }
    }
}

impl CreatedKey {
    /// The answer to a command that created a key.
    pub(super) fn reply(outcome: Outcome, now: OffsetDateTime) -> Result<Reply, Problem> {
        let created = outcome.created_sdk_key();
        let created = created.ok_or_else(|| Problem::unexpected("a new key"))?;
        let secret = created.secret.expose().to_owned();
        let details = Key::new(created.key, now);
        Reply::tagged(&Tagged::created(details.version, Self { details, secret }))
    }
}

impl From<SdkKeyKind> for KeyKind {
    fn from(kind: SdkKeyKind) -> Self {
        match kind {
            SdkKeyKind::Server => Self::Server,
            SdkKeyKind::Client => Self::Client,
        }
    }
}

impl From<KeyKind> for SdkKeyKind {
    fn from(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Server => Self::Server,
            KeyKind::Client => Self::Client,
        }
    }
}
