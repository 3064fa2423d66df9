//! The hub's secret keys.

use peekaboo_storage::{InvalidSecretKey, Keyring};

use crate::config::value::Value;

impl Value for Keyring {
    const KIND: &'static str = "keys";

    fn read(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|error: InvalidSecretKey| error.to_string())
    }

    fn write(&self) -> String {
        Self::redact(if self.is_empty() { "" } else { "key" })
    }

    fn redact(text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        "…".to_owned()
    }
}
