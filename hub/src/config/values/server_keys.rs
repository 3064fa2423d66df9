//! The server keys that an edge was given.

use peekaboo_storage::Secret;

use crate::config::value::Value;

/// Server keys, which never show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerKeys(Vec<Secret>);

impl ServerKeys {
    /// Each, as given.
    pub fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter()
    }

    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Value for ServerKeys {
    const KIND: &'static str = "keys";

    fn read(text: &str) -> Result<Self, String> {
        let keys: Vec<_> = text
            .split(',')
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .collect();
        if keys.iter().any(|key| key.starts_with("pbc_")) {
            return Err(
                "contains a client key; an edge needs server keys, which start with pbs_"
                    .to_owned(),
            );
        }
        if !keys.iter().all(|key| key.starts_with("pbs_")) {
            return Err(
                "contains an invalid server key; write pbs_…, and separate keys with commas"
                    .to_owned(),
            );
        }
        Ok(Self(keys.into_iter().map(Secret::new).collect()))
    }

    fn write(&self) -> String {
        Self::redact(if self.is_empty() { "" } else { "pbs_" })
    }

    fn redact(text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        "…".to_owned()
    }
}
