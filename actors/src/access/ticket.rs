//! Tickets for event streams, which replace a server key, whose secret must not be in a URL.
//!
//! A ticket names a key and the time at which it expires, with a code made with the key's stored hash. Every node and
//! edge that knows the key can create and check it, it is stored nowhere, and it is invalid once the key is. It is
//! valid for ten to twenty minutes, and the same within ten minutes, so that the response that contains it keeps its
//! entity tag. It only gives access to change notifications.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use peekaboo_storage::{OrganizationId, SdkKeyId, SecretHash};
use sha2::Sha256;
use time::OffsetDateTime;
use uuid::Uuid;

/// Tickets created within one such interval expire at the same second, one whole interval later.
const WINDOW: i64 = 600;

/// The number of bytes of the code: enough that no one can guess it.
const CODE: usize = 16;

/// The prefix of the code's input, so that a code for another purpose is never a ticket's.
const PURPOSE: &[u8] = b"peekaboo event stream ticket 1\0";

/// A ticket as presented by a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) organization: OrganizationId,
    pub(crate) key: SdkKeyId,
    /// In seconds since 1970.
    ends_at: i64,
    code: [u8; CODE],
}

impl Ticket {
    /// The ticket of a key at `now`.
    pub(crate) fn issue(
        organization: OrganizationId,
        key: SdkKeyId,
        hash: &SecretHash,
        now: OffsetDateTime,
    ) -> Self {
        let ends_at = (now.unix_timestamp().div_euclid(WINDOW) + 2) * WINDOW;
        let unsigned = Self {
            organization,
            key,
            ends_at,
            code: [0; CODE],
        };
        let whole = unsigned.code_of(hash).finalize().into_bytes();
        let (code, _) = whole.split_first_chunk().expect("32 bytes hold 16");
        Self {
            code: *code,
            ..unsigned
        }
    }

    /// Whether the key with this hash issued the ticket, and it has not expired.
    pub(crate) fn is_good(&self, hash: &SecretHash, now: OffsetDateTime) -> bool {
        let is_issued = self.code_of(hash).verify_truncated_left(&self.code).is_ok();
        is_issued && now.unix_timestamp() < self.ends_at
    }

    /// The ticket as text for a URL.
    pub(crate) fn encode(&self) -> String {
        let mut bytes = self.organization.as_uuid().into_bytes().to_vec();
        bytes.extend(self.key.as_uuid().into_bytes());
        bytes.extend(self.ends_at.to_be_bytes());
        bytes.extend(self.code);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Parses the result of [`Ticket::encode`].
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (organization, rest) = bytes.split_first_chunk()?;
        let (key, rest) = rest.split_first_chunk()?;
        let (ends_at, code) = rest.split_first_chunk()?;
        Some(Self {
            organization: OrganizationId::from_uuid(Uuid::from_bytes(*organization)),
            key: SdkKeyId::from_uuid(Uuid::from_bytes(*key)),
            ends_at: i64::from_be_bytes(*ends_at),
            code: code.try_into().ok()?,
        })
    }

    fn code_of(&self, hash: &SecretHash) -> Hmac<Sha256> {
        let mut code = Hmac::<Sha256>::new_from_slice(hash.as_bytes()).expect("any length does");
        code.update(PURPOSE);
        code.update(self.organization.as_uuid().as_bytes());
        code.update(self.key.as_uuid().as_bytes());
        code.update(&self.ends_at.to_be_bytes());
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    fn issue(now: i64) -> (Ticket, SecretHash) {
        let hash = SecretHash::of("pbs_secret");
        let organization = OrganizationId::from_uuid(Uuid::from_u128(1));
        let key = SdkKeyId::from_uuid(Uuid::from_u128(2));
        (Ticket::issue(organization, key, &hash, at(now)), hash)
    }

    #[test]
    fn a_ticket_is_good_for_ten_to_twenty_minutes_and_for_ten_the_same() {
        let (ticket, hash) = issue(6_000);
        assert_eq!(issue(6_599).0, ticket);
        assert_ne!(issue(6_600).0, ticket);
        assert!(ticket.is_good(&hash, at(6_000)) && ticket.is_good(&hash, at(7_199)));
        assert!(!ticket.is_good(&hash, at(7_200)));
        let presented = Ticket::decode(&ticket.encode()).unwrap();
        assert_eq!(presented, ticket);
    }

    #[test]
    fn nothing_of_a_ticket_can_be_changed() {
        let (ticket, hash) = issue(6_000);
        let later = Ticket {
            ends_at: ticket.ends_at + 1,
            ..ticket.clone()
        };
        let anothers = Ticket {
            key: SdkKeyId::from_uuid(Uuid::from_u128(3)),
            ..ticket.clone()
        };
        let elsewhere = Ticket {
            organization: OrganizationId::from_uuid(Uuid::from_u128(3)),
            ..ticket.clone()
        };
        for forged in [later, anothers, elsewhere] {
            assert!(!forged.is_good(&hash, at(6_000)));
        }
        assert!(!ticket.is_good(&SecretHash::of("pbs_other"), at(6_000)));
    }

    #[test]
    fn nonsense_is_not_a_ticket() {
        let (ticket, _) = issue(6_000);
        let whole = ticket.encode();
        for nonsense in [
            "",
            "a",
            "=",
            "pbs_secret",
            &whole[..whole.len() - 2],
            &format!("{whole}AA"),
        ] {
            assert_eq!(Ticket::decode(nonsense), None, "{nonsense}");
        }
    }
}
