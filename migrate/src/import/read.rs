//! Reading other systems' JSON: what is not known there is passed over, and a mistake says where it is.

use peekaboo_flags::Value;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::outcome::ImportError;

/// Null is as good as nothing.
pub(super) fn or_empty<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + DeserializeOwned,
    D: Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads JSON, or says that it is not what it should be, and where.
pub(super) fn parse<T: DeserializeOwned>(json: &Value, is_not: &str) -> Result<T, ImportError> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let (path, reason) = (error.path().to_string(), error.inner());
        ImportError::Form(format!("{is_not}: {path}: {reason}"))
    })
}
