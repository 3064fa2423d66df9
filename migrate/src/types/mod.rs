//! Declarations of flags for compilers: each key with the type of its values.
//!
//! A string flag whose values are words is one of them; other text may be any. Numbers are numbers. An object has the
//! members that its variations have, those that not all have being optional.

mod names;
mod rust;
mod shape;
mod typescript;

use std::collections::BTreeMap;

use crate::document::{Document, FlagDocument};

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

/// Declares the flags of a document: the same flags always make the same text. `command` is what writes it anew.
pub fn declare(document: &Document, language: Language, visible: Visible, command: &str) -> String {
    let flags = document.flags.iter();
    let flags = flags.filter(|(_, flag)| visible == Visible::Everywhere || flag.client_visible);
    let flags: Flags<'_> = flags.map(|(key, flag)| (key.as_str(), flag)).collect();
    match language {
        Language::TypeScript => typescript::declare(&flags, command),
        Language::Rust => rust::declare(&flags, command),
    }
}

type Flags<'a> = BTreeMap<&'a str, &'a FlagDocument>;

/// What people say of a flag, in lines.
fn description(key: &str, flag: &FlagDocument) -> Vec<String> {
    let name = flag.name.as_deref().filter(|name| !name.is_empty());
    let mut lines = vec![sentence(name.unwrap_or(key))];
    let description = flag.description.as_deref().unwrap_or_default().trim();
    if !description.is_empty() {
        lines.push(String::new());
        lines.extend(description.lines().map(|line| line.trim_end().to_owned()));
    }
    lines
}

fn sentence(text: &str) -> String {
    let ended = text.ends_with(['.', '!', '?', ':']);
    format!("{text}{}", if ended { "" } else { "." })
}

/// The words of a string flag, if that is what its values are.
fn words(flag: &FlagDocument) -> Option<Vec<&str>> {
    const LONGEST: usize = 40;
    let is_word = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain)
    };
    let mut words: Vec<&str> = Vec::new();
    for variation in &flag.variations {
        let word = variation.value.as_str().filter(|text| is_word(text))?;
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Some(words)
}
