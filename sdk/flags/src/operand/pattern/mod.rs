//! Portable regular expressions: the part of the syntax that means the same everywhere.
//!
//! Rust, JavaScript and others agree on less than it seems: `\d`, `\w`, `\s` and `\b` are Unicode in one and ASCII in
//! the other, `.` stops at different line ends, brackets nest or do not. So the operator `matches` has a grammar of
//! its own, small enough to be written down (`docs/evaluation.md`) and to be read by hand in any language. This module
//! reads it and writes the same expression in the `regex` crate's syntax, which matches in linear time. What the
//! grammar leaves out is malformed: refused when written, false when loaded.

mod reader;
#[cfg(test)]
mod tests;

use regex::{Regex, RegexBuilder};

use reader::{NotPortable, translate};

/// What an expression within all these limits takes at the very most, compiled.
const COMPILED_BYTES: usize = 64 << 20;

/// What an expression unfolds to, sets beyond ASCII counted ten times: a measure of what it takes compiled.
pub(crate) fn size(pattern: &str, fold: bool) -> Result<usize, NotPortable> {
    let (_, size) = translate(pattern, fold)?;
    Ok(size.cost as usize)
}

/// An expression, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// Compiles an expression. With `fold`, it expects text whose ASCII letters are in lower case.
    pub(crate) fn compile(pattern: &str, fold: bool) -> Result<Self, NotPortable> {
        let (translated, _) = translate(pattern, fold)?;
        RegexBuilder::new(&translated)
            .dot_matches_new_line(true)
            .size_limit(COMPILED_BYTES)
            .build()
            .map(Self)
            .map_err(|_| NotPortable {
                position: 0,
                reason: "the expression is too large",
            })
    }

    #[inline]
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl PartialEq for Pattern {
    /// Compares the expressions as they were translated, which is what they match by.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}
