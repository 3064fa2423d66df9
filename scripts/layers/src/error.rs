//! Why the check could not be made.

use std::path::PathBuf;

/// Why the check could not be made. What it finds in code is a [`Finding`](crate::Finding) instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is missing or not readable.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A source file is not Rust.
    #[error("{}:{}: cannot parse: {source}", path.display(), source.span().start().line)]
    Parse {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        source: syn::Error,
    },
    /// A `mod name;` has no file.
    #[error("{}: module `{module}` has no file; expected {}", declared_in.display(), expected.display())]
    MissingModule {
        /// The file with the `mod` item.
        declared_in: PathBuf,
        /// The module's name.
        module: String,
        /// The first place where its file was looked for.
        expected: PathBuf,
    },
    /// `layers.toml` does not have the expected form.
    #[error("invalid layers.toml: {0}")]
    Declaration(#[from] toml::de::Error),
    /// Cargo could not describe the workspace.
    #[error("cannot read the workspace: {0}")]
    Metadata(#[from] cargo_metadata::Error),
}
