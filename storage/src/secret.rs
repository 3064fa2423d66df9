//! Secrets: how they are made, what is kept of them, and that they never show in a log.
//!
//! Every secret holds 43 random characters of 62, 256 bits. That is why a plain SHA-256 is kept of it and not a slow
//! hash as of a password: there is no dictionary to try, and 2^256 guesses are out of reach however fast each is, while
//! a slow hash would cost every connection and every request of a machine dearly.

use std::fmt;

use rand::Rng as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Characters of randomness in a secret: 43 × log2(62) = 256 bits.
const SECRET_CHARACTERS: usize = 43;

/// Characters of a checksum: 62^6 is more than 2^32.
const CHECKSUM_CHARACTERS: usize = 6;

/// Characters of a secret that are kept in clear, for people to tell it from others.
pub(crate) const PREFIX_CHARACTERS: usize = 12;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Where randomness comes from: the operating system's, or a test's own.
pub trait Entropy: Send + Sync {
    /// Fills the bytes, each uniform and independent.
    fn fill(&self, bytes: &mut [u8]);
}

/// The thread's cryptographic generator, seeded by the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// Text that must not be logged; [`Secret::expose`] is the one way to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret that came from outside: a header, a cookie, the demo's fixed keys.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// Makes a secret of 256 random bits behind a prefix that tells its kind (`pbs_`, `pbc_`, `pbt_`).
    pub fn generate(prefix: &str, entropy: &dyn Entropy) -> Self {
        let mut text = String::with_capacity(prefix.len() + SECRET_CHARACTERS);
        text.push_str(prefix);
        random_characters(&mut text, SECRET_CHARACTERS, entropy);
        Secret(text)
    }

    /// The same, followed by a checksum of all before it, by which a scanner tells a secret that leaked from other text
    /// without asking the hub: the CRC-32 (ISO-HDLC) in six digits of base 62.
    pub fn generate_checked(prefix: &str, entropy: &dyn Entropy) -> Self {
        let Secret(mut text) = Self::generate(prefix, entropy);
        text.push_str(&checksum(&text));
        Secret(text)
    }

    /// The text itself: to show once to its owner, or to send.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored, and what a secret is looked up by.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    /// The beginning, by which people recognise a key in a list; leaves at least 200 bits unknown.
    pub fn display_prefix(&self) -> String {
        self.0.chars().take(PREFIX_CHARACTERS).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The CRC-32 of the text in six digits of base 62, the highest first.
fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes()) as usize;
    let mut digits = [0; CHECKSUM_CHARACTERS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % ALPHABET.len()];
        rest /= ALPHABET.len();
    }
    digits.iter().copied().map(char::from).collect()
}

/// Appends uniform characters; bytes past the last whole multiple of 62 are thrown away, so none is favoured.
pub(crate) fn random_characters(text: &mut String, count: usize, entropy: &dyn Entropy) {
    let mut bytes = [0; 64];
    let mut missing = count;
    while missing > 0 {
        entropy.fill(&mut bytes);
        for byte in bytes.iter().filter(|byte| **byte < 248).take(missing) {
            text.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
            missing -= 1;
        }
    }
}

/// The SHA-256 of a secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Hashes a secret as it was presented.
    pub fn of(secret: &str) -> Self {
        SecretHash(Sha256::digest(secret.as_bytes()).into())
    }

    /// Takes a digest that was made elsewhere.
    pub const fn from_bytes(digest: [u8; 32]) -> Self {
        SecretHash(digest)
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

impl<DB: sqlx::Database> sqlx::Type<DB> for SecretHash
where
    [u8]: sqlx::Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <[u8] as sqlx::Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <[u8] as sqlx::Type<DB>>::compatible(ty)
    }
}

impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for SecretHash
where
    Vec<u8>: sqlx::Encode<'q, DB>,
{
    fn encode_by_ref(
        &self,
        buffer: &mut <DB as sqlx::Database>::ArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        <Vec<u8> as sqlx::Encode<'q, DB>>::encode(self.0.to_vec(), buffer)
    }
}

impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for SecretHash
where
    &'r [u8]: sqlx::Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        let bytes = <&'r [u8] as sqlx::Decode<'r, DB>>::decode(value)?;
        Ok(SecretHash(bytes.try_into()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checked_secret_ends_with_the_checksum_of_what_is_before() {
        // As `zlib.crc32` computes it: 0xcbf43926.
        assert_eq!(checksum("123456789"), "3jZRME");
        let secret = Secret::generate_checked("pbt_", &OsEntropy);
        let (text, sum) = secret.expose().split_at(4 + SECRET_CHARACTERS);
        assert_eq!(sum, checksum(text));
        assert_ne!(sum, checksum(&text.replace("pbt_", "pbs_")));
    }

    #[test]
    fn a_secret_shows_only_when_asked_to() {
        let secret = Secret::generate("pbs_", &OsEntropy);
        assert_eq!(
            format!("{secret:?} {:?}", secret.hash()),
            "Secret(…) SecretHash(…)"
        );
        assert!(secret.expose().starts_with("pbs_"));
        assert_eq!(secret.expose().len(), 4 + SECRET_CHARACTERS);
        assert_ne!(secret, Secret::generate("pbs_", &OsEntropy));
    }

    #[test]
    fn every_character_is_as_likely_as_any_other() {
        let mut text = String::new();
        random_characters(&mut text, 62_000, &OsEntropy);
        for character in ALPHABET {
            let count = text.bytes().filter(|byte| byte == character).count();
            // 1,000 expected with a standard deviation of 31; a modulo bias would put some at 1,210.
            assert!(
                (800..1_200).contains(&count),
                "{}: {count}",
                char::from(*character)
            );
        }
    }
}
