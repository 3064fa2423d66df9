//! The keys that applications connect with.

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::id::{EnvironmentId, SdkKeyId};
use crate::key::Key;
use crate::secret::Secret;
use crate::text_enum::text_enum;

text_enum! {
    /// Who holds a key, and therefore what it shows.
    pub enum SdkKeyKind {
        /// A server: receives rules. Secret, stored hashed, shown once.
        Server = "server",
        /// A browser or an app: receives values of client-visible flags. Public.
        Client = "client",
    }
}

impl SdkKeyKind {
    /// What keys of this kind begin with.
    pub const fn prefix(self) -> &'static str {
        match self {
            SdkKeyKind::Server => "pbs_",
            SdkKeyKind::Client => "pbc_",
        }
    }
}

/// A key as people see it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SdkKey {
    /// Identifies it.
    pub id: SdkKeyId,
    /// What it opens.
    pub environment: EnvironmentId,
    /// Server or client.
    pub kind: SdkKeyKind,
    /// For people.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// The key itself, of a client key; of a server key nobody has it but its holder.
    pub token: Option<String>,
    /// Origins that a client key may be used from; empty means any.
    #[sqlx(json)]
    pub origins: Vec<String>,
    /// Rises by one with every change: its entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when on it opens nothing.
    pub expires_at: Option<OffsetDateTime>,
    /// Since when it opens nothing, by somebody's decision.
    pub revoked_at: Option<OffsetDateTime>,
    /// Roughly when it was last used.
    pub last_used_at: Option<OffsetDateTime>,
}

/// A key just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedKey {
    /// The environment that it opens.
    pub environment: Key,
    /// The key as it is listed.
    pub key: SdkKey,
    /// The key itself; of a server key this is the one time that it is seen.
    pub secret: Secret,
}
