//! Declarations of flags for compilers: each key with the type of its values.
//!
//! A string flag whose values are words is one of them; other text may be any. Numbers are numbers. An object has the
//! members that its variations have, those that not all have being optional.

mod flags;
mod names;
mod rust;
mod shape;
mod typescript;

use self::flags::Flags;
use crate::document::Document;

/// A language to declare flags in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// An interface for `createClient<Flags>(…)` of `@peekaboo/sdk`.
    TypeScript,
    /// Handles for `peekaboo-sdk`.
    Rust,
}

/// Which flags are declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visible {
    /// All of them.
    Everywhere,
    /// Those that client keys see.
    ToClients,
}

/// Declares the flags of a document: the same flags always make the same text. `command` is what writes it again.
pub fn declare(document: &Document, language: Language, visible: Visible, command: &str) -> String {
    let flags = document.flags.iter();
    let flags = flags.filter(|(_, flag)| visible == Visible::Everywhere || flag.client_visible);
    let flags: Flags<'_> = flags.map(|(key, flag)| (key.as_str(), flag)).collect();
    match language {
        Language::TypeScript => typescript::declare(&flags, command),
        Language::Rust => rust::declare(&flags, command),
    }
}
