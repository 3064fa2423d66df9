//! What storage keeps of a key's secret.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check::Checks;
use crate::error::Result;
use crate::model::SdkKeyKind;
use crate::secret::{PREFIX_CHARACTERS, Secret, SecretHash};

/// What storage keeps of a key's secret: enough to recognize the key, not enough to use a server key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyCredential {
    /// What a presented key is looked up by; in JSON base64url.
    #[serde(serialize_with = "write_hash", deserialize_with = "read_hash")]
    pub hash: SecretHash,
    /// Its first characters, to tell it from others in a list.
    pub prefix: String,
    /// The key itself, of a client key: it is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl KeyCredential {
    /// What is kept of the secret of a key of this kind.
    pub fn of(kind: SdkKeyKind, secret: &Secret) -> Self {
        KeyCredential {
            hash: secret.hash(),
            prefix: secret.display_prefix(),
            token: (kind == SdkKeyKind::Client).then(|| secret.expose().to_owned()),
        }
    }

    /// Refuses a credential that does not fit the kind of key, or that holds more of a server key than its prefix.
    pub(crate) fn check(&self, kind: SdkKeyKind) -> Result<()> {
        let mut checks = Checks::default();
        if !self.prefix.starts_with(kind.prefix())
            || self.prefix.chars().count() > PREFIX_CHARACTERS
        {
            let detail = format!(
                "the prefix of a {kind} key is its first {PREFIX_CHARACTERS} characters and starts with {}",
                kind.prefix()
            );
            checks.problem("/credential/prefix", "malformed", detail);
        }
        let fits = match (kind, &self.token) {
            (SdkKeyKind::Server, token) => token.is_none(),
            (SdkKeyKind::Client, Some(token)) => {
                let secret = Secret::new(token);
                *self == KeyCredential::of(kind, &secret)
            }
            (SdkKeyKind::Client, None) => false,
        };
        if !fits {
            let detail = "a client key has its token here, and a server key has none";
            checks.problem("/credential/token", "malformed", detail);
        }
        checks.done()
    }
}

fn write_hash<S: Serializer>(hash: &SecretHash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&URL_SAFE_NO_PAD.encode(hash.as_bytes()))
}

fn read_hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretHash, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = URL_SAFE_NO_PAD.decode(&text).map_err(D::Error::custom)?;
    let digest = bytes
        .try_into()
        .map_err(|_| D::Error::custom("a hash is 32 bytes in base64url"))?;
    Ok(SecretHash::from_bytes(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_holds_a_client_key_but_never_a_server_key() {
        let server = Secret::new("pbs_0123456789abcdef");
        let kept = KeyCredential::of(SdkKeyKind::Server, &server);
        kept.check(SdkKeyKind::Server).expect("it fits");
        let json = serde_json::to_string(&kept).expect("JSON");
        assert!(!json.contains("9abcdef"), "{json}");
        assert_eq!(
            serde_json::from_str::<KeyCredential>(&json).expect("read"),
            kept
        );

        let client = Secret::new("pbc_0123456789abcdef");
        let kept = KeyCredential::of(SdkKeyKind::Client, &client);
        kept.check(SdkKeyKind::Client).expect("it fits");
        assert_eq!(kept.token.as_deref(), Some(client.expose()));
    }

    #[test]
    fn a_credential_of_the_wrong_kind_is_refused() {
        let server = KeyCredential::of(SdkKeyKind::Server, &Secret::new("pbs_0123456789abcdef"));
        let client = KeyCredential::of(SdkKeyKind::Client, &Secret::new("pbc_0123456789abcdef"));
        let mismatched = KeyCredential {
            hash: server.hash,
            ..client.clone()
        };
        let whole = KeyCredential {
            prefix: "pbs_0123456789abcdef".to_owned(),
            ..server.clone()
        };
        for (kind, bad) in [
            (SdkKeyKind::Server, &client),
            (SdkKeyKind::Client, &server),
            (SdkKeyKind::Client, &mismatched),
            (SdkKeyKind::Server, &whole),
        ] {
            bad.check(kind).expect_err("it does not fit");
        }
    }
}
