//! The hub's secret key: encrypts the few secrets that must be read again, such as seeds of second factors.
//!
//! Every node of a hub needs the same key, and a backup is worth little without it. Several keys may be given: the first
//! encrypts, all of them decrypt, so that a key can be replaced without a moment in which nothing can be read.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};

use crate::secret::Entropy;

const KEY_BYTES: usize = 32;
const NAME_BYTES: usize = 4;
const NONCE_BYTES: usize = 24;

/// The form of what is sealed: a byte for the form itself, the key's name, the nonce, the ciphertext with its tag.
const FORM: u8 = 1;

/// The keys of a hub, the one that encrypts first. Without any, nothing can be sealed.
#[derive(Clone, Default)]
pub struct Keyring(Vec<SecretKey>);

#[derive(Clone)]
struct SecretKey {
    /// The beginning of the key's hash, by which sealed text says which key opens it.
    name: [u8; NAME_BYTES],
    cipher: XChaCha20Poly1305,
}

/// Why something cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The hub has no key.
    #[error("the hub has no secret key; an operator has to set secret.key")]
    NoKey,
    /// It was sealed with a key that the hub does not have.
    #[error("it was encrypted with a secret key that this hub does not have")]
    UnknownKey,
    /// It is not what was sealed for this purpose.
    #[error("it cannot be decrypted")]
    Damaged,
}

/// The text is not a list of secret keys. The error never repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not a secret key; make one with `peekaboo secret generate`, and separate several with commas"
)]
pub struct InvalidSecretKey;

impl Keyring {
    /// Makes the text of a new key.
    pub fn generate(entropy: &dyn Entropy) -> String {
        let mut key = [0; KEY_BYTES];
        entropy.fill(&mut key);
        URL_SAFE_NO_PAD.encode(key)
    }

    /// Whether nothing can be sealed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Encrypts `text` for `purpose`, which names what it is and whose. It can only be opened for the same purpose, so
    /// that a sealed text is worth nothing in another row.
    ///
    /// # Errors
    /// [`KeyringError::NoKey`] where the hub has none.
    pub fn seal(
        &self,
        purpose: &str,
        text: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeyringError> {
        let key = self.0.first().ok_or(KeyringError::NoKey)?;
        let mut nonce = [0; NONCE_BYTES];
        entropy.fill(&mut nonce);
        let payload = Payload {
            msg: text,
            aad: purpose.as_bytes(),
        };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| KeyringError::Damaged)?;
        let mut whole = vec![FORM];
        whole.extend(key.name);
        whole.extend(nonce);
        whole.extend(sealed);
        Ok(whole)
    }

    /// Decrypts what was sealed for `purpose`.
    ///
    /// # Errors
    /// When its key is not among the hub's, or it was sealed for something else.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyringError> {
        let (name, rest) = parts(sealed).ok_or(KeyringError::Damaged)?;
        let key = self.0.iter().find(|key| key.name == name);
        let key = key.ok_or(KeyringError::UnknownKey)?;
        let (nonce, msg) = rest
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(KeyringError::Damaged)?;
        let payload = Payload {
            msg,
            aad: purpose.as_bytes(),
        };
        let opened = key.cipher.decrypt(&XNonce::from(*nonce), payload);
        opened.map_err(|_| KeyringError::Damaged)
    }

    /// Whether the key that encrypts now has sealed it.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        let name = parts(sealed).map(|(name, _)| name);
        name.is_some() && name == self.0.first().map(|key| key.name)
    }
}

fn parts(sealed: &[u8]) -> Option<([u8; NAME_BYTES], &[u8])> {
    let (form, rest) = sealed.split_first()?;
    let (name, rest) = rest.split_first_chunk::<NAME_BYTES>()?;
    (*form == FORM).then_some((*name, rest))
}

impl FromStr for Keyring {
    type Err = InvalidSecretKey;

    /// Reads keys as [`Keyring::generate`] makes them, separated by commas.
    fn from_str(text: &str) -> Result<Self, InvalidSecretKey> {
        let texts = text.split(',').map(str::trim).filter(|key| !key.is_empty());
        let keys: Result<Vec<_>, _> = texts.map(SecretKey::read).collect();
        keys.map(Self)
    }
}

impl SecretKey {
    fn read(text: &str) -> Result<Self, InvalidSecretKey> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidSecretKey)?;
        let bytes: [u8; KEY_BYTES] = bytes.try_into().map_err(|_| InvalidSecretKey)?;
        let hash = Sha256::new_with_prefix(b"peekaboo secret key\0")
            .chain_update(bytes)
            .finalize();
        let mut name = [0; NAME_BYTES];
        name.copy_from_slice(&hash[..NAME_BYTES]);
        Ok(Self {
            name,
            cipher: XChaCha20Poly1305::new(&Key::from(bytes)),
        })
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::OsEntropy;

    fn keyring(keys: &[&str]) -> Keyring {
        keys.join(",").parse().expect("keys")
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        let key = Keyring::generate(&OsEntropy);
        let ring = keyring(&[&key]);
        let sealed = ring
            .seal("seed of ada", b"seed", &OsEntropy)
            .expect("sealed");
        assert_eq!(ring.open("seed of ada", &sealed), Ok(b"seed".to_vec()));
        assert_eq!(
            ring.open("seed of eve", &sealed),
            Err(KeyringError::Damaged)
        );
        assert!(!sealed.windows(4).any(|window| window == b"seed"));
        for cut in [0, 1, 5, 20, sealed.len() - 1] {
            assert_eq!(
                ring.open("seed of ada", &sealed[..cut]),
                Err(KeyringError::Damaged)
            );
        }
    }

    #[test]
    fn a_key_can_be_replaced_while_both_are_given() {
        let (old, new) = (Keyring::generate(&OsEntropy), Keyring::generate(&OsEntropy));
        let sealed = keyring(&[&old])
            .seal("p", b"text", &OsEntropy)
            .expect("sealed");
        let both = keyring(&[&new, &old]);
        assert_eq!(both.open("p", &sealed), Ok(b"text".to_vec()));
        assert!(!both.is_current(&sealed));
        let again = both.seal("p", b"text", &OsEntropy).expect("sealed");
        assert!(both.is_current(&again));
        let new = keyring(&[&new]);
        assert_eq!(new.open("p", &again), Ok(b"text".to_vec()));
        assert_eq!(new.open("p", &sealed), Err(KeyringError::UnknownKey));
    }

    #[test]
    fn without_a_key_nothing_is_sealed() {
        let none = keyring(&[]);
        assert!(none.is_empty());
        assert_eq!(
            none.seal("p", b"text", &OsEntropy),
            Err(KeyringError::NoKey)
        );
    }

    #[test]
    fn what_is_not_a_key_is_refused_without_being_repeated() {
        for text in ["hunter2", "AAAA", &"A".repeat(44)] {
            let error = text.parse::<Keyring>().expect_err("not a key").to_string();
            assert!(!error.contains(text), "{error}");
        }
        let key = Keyring::generate(&OsEntropy);
        assert!(!format!("{:?}", keyring(&[&key])).contains(&key));
    }
}
