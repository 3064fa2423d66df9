//! The declared layers, as `layers.toml` holds them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::Error;

/// Layers of crates, and layers of modules within each crate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// Folders of crates, lowest layer first.
    pub(crate) crates: Layers,
    /// By folder of a crate: the names of its modules, lowest layer first.
    #[serde(default)]
    pub(crate) modules: BTreeMap<String, Layers>,
}

/// Names in an order: each may depend on those in lower layers, and not on those in its own.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Layers(Vec<Vec<String>>);

impl Declaration {
    /// Reads a declaration from a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is not TOML, or has unknown fields.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text)
    }

    /// Reads a declaration from TOML.
    ///
    /// # Errors
    ///
    /// When the text is not TOML or has unknown fields.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Ok(toml::from_str(text)?)
    }
}

impl Layers {
    /// The layer of a name, counted from the lowest.
    pub(crate) fn of(&self, name: &str) -> Option<usize> {
        self.0
            .iter()
            .position(|layer| layer.iter().any(|one| one == name))
    }

    /// All names, lowest layer first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().map(String::as_str)
    }

    /// Names that occur more than once.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = &str> {
        self.names()
            .enumerate()
            .filter(|(nth, name)| self.names().take(*nth).any(|before| before == *name))
            .map(|(_, name)| name)
    }
}
