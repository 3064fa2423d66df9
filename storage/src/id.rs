//! Identifiers: one type for each kind of row, so that a flag's can never stand where a segment's belongs.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::secret::Entropy;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        ///
        /// A version 7 UUID: rows sort by when they were made.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an identifier that came from elsewhere: a test, a path.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare identifier.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }

            /// Makes an identifier for a row written at `at`.
            pub(crate) fn generate(at: OffsetDateTime, source: &Source) -> Self {
                Self(source.uuid(at))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::from_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// Identifies an organisation: the tenant.
    OrganizationId,
    /// Identifies a person.
    UserId,
    /// Identifies a project.
    ProjectId,
    /// Identifies an environment of a project.
    EnvironmentId,
    /// Identifies a flag.
    FlagId,
    /// Identifies a segment.
    SegmentId,
    /// Identifies a key that an application connects with.
    SdkKeyId,
    /// Identifies a machine's token for the admin API.
    ApiTokenId,
    /// Identifies a role that an organization made.
    RoleId,
    /// Identifies a team.
    TeamId,
    /// Identifies a machine's account.
    ServiceAccountId,
    /// Identifies a grant.
    GrantId,
    /// Identifies an entry of the audit log.
    AuditId,
    /// Identifies a task.
    TaskId,
    /// Identifies an invitation.
    InvitationId,
    /// Identifies a person at an identity provider.
    IdentityId,
}

/// Makes identifiers and random text for one storage.
pub(crate) struct Source {
    entropy: Arc<dyn Entropy>,
    /// The identifier made last.
    last: Mutex<Uuid>,
}

impl Source {
    pub(crate) fn new(entropy: Arc<dyn Entropy>) -> Self {
        Source {
            entropy,
            last: Mutex::new(Uuid::nil()),
        }
    }

    /// An identifier greater than all that this source made before, whatever the clock says: the audit log, which is
    /// read by descending identifier, keeps the order in which one node wrote it.
    pub(crate) fn uuid(&self, at: OffsetDateTime) -> Uuid {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // One more than the last never carries into the time: the random tail begins with a zero.
        *last = uuid_v7(at, self).max(Uuid::from_u128(last.as_u128() + 1));
        *last
    }
}

impl Entropy for Source {
    fn fill(&self, bytes: &mut [u8]) {
        self.entropy.fill(bytes);
    }
}

/// A UUID of version 7 whose order is that of `at` down to the microsecond: the twelve bits after the millisecond hold
/// the fraction of it (RFC 9562, section 6.2, method 3).
fn uuid_v7(at: OffsetDateTime, entropy: &dyn Entropy) -> Uuid {
    let micros = u64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(0);
    let mut bytes = [0; 10];
    entropy.fill(&mut bytes);
    let fraction = (micros % 1_000) * 4_096 / 1_000;
    bytes[..2].copy_from_slice(&u16::try_from(fraction).unwrap_or(0).to_be_bytes());
    // The two bits above this one are the variant's.
    bytes[2] &= 0b1101_1111;
    uuid::Builder::from_unix_timestamp_millis(micros / 1_000, &bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::*;
    use crate::secret::OsEntropy;

    #[test]
    fn identifiers_made_a_few_microseconds_apart_keep_their_order() {
        let start = datetime!(2026-01-01 00:00:00.000_990 UTC);
        // From a source each, as on several nodes.
        let id = |n| {
            AuditId::generate(
                start + Duration::microseconds(n),
                &Source::new(Arc::new(OsEntropy)),
            )
        };
        let ids: Vec<_> = (0..20).map(id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        assert_eq!(ids[0].as_uuid().get_version_num(), 7);
    }

    #[test]
    fn one_source_s_identifiers_rise_also_while_the_clock_stands_or_falls() {
        let source = Source::new(Arc::new(OsEntropy));
        let start = datetime!(2026-01-01 00:00 UTC);
        let times =
            [0, 0, 0, -5_000_000, 3, 2].map(|micros| start + Duration::microseconds(micros));
        let ids = times.map(|at| AuditId::generate(at, &source));
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    }
}
