//! Answers at rest: sealed for whoever asked.
//!
//! An answer may hold a secret that is shown once, and the database must not. The key that opens one is made from the
//! caller's own credential, of which the database holds a hash only, so nobody but the caller can have it opened.

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use peekaboo_storage::Secret;
use sha2::{Digest as _, Sha256};

const NONCE: usize = 12;

/// Opens and closes what one credential was answered to one request.
#[derive(Clone)]
pub(super) struct Seal(ChaCha20Poly1305);

impl Seal {
    pub(super) fn new(credential: &Secret, fingerprint: &[u8; 32]) -> Self {
        let key = Sha256::new_with_prefix(b"peekaboo idempotent answer 1\0")
            .chain_update(fingerprint)
            .chain_update(credential.expose().as_bytes())
            .finalize();
        Self(ChaCha20Poly1305::new(&Key::from(<[u8; 32]>::from(key))))
    }

    /// The nonce, then the sealed text; `None` where it cannot be sealed.
    pub(super) fn close(&self, text: &[u8]) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE] = rand::random();
        let mut sealed = nonce.to_vec();
        sealed.extend(self.0.encrypt(&Nonce::from(nonce), text).ok()?);
        Some(sealed)
    }

    /// The text; `None` where another credential sealed it.
    pub(super) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE>()?;
        self.0.decrypt(&Nonce::from(*nonce), text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_credential_opens_the_same_request() {
        let own = Secret::new("pbt_own");
        let sealed = Seal::new(&own, &[1; 32]).close(b"secret").unwrap();
        assert_eq!(Seal::new(&own, &[1; 32]).open(&sealed).unwrap(), b"secret");
        assert_eq!(Seal::new(&own, &[2; 32]).open(&sealed), None);
        assert_eq!(
            Seal::new(&Secret::new("pbt_other"), &[1; 32]).open(&sealed),
            None
        );
        assert_eq!(Seal::new(&own, &[1; 32]).open(b"short"), None);
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }
}
