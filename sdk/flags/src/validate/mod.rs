//! Strict checks for writing: every problem at once, each with the field it is in and what to do about it.
//!
//! Loading is lenient and uses none of this.

mod flag;
mod references;

use std::fmt;

use serde::Serialize;

pub(crate) use references::{Reference, flag_references, segment_references};

pub use flag::{validate_flag, validate_segment};
pub use references::{
    Dependency, Dependent, Kind, Subject, dependents, flag_dependencies, segment_dependencies,
    validate_flag_references, validate_references, validate_segment_references,
};

/// Something that a flag or a segment may not be saved with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// JSON Pointer to the field, `/rules/0/when/all/1/values/0`; empty for the whole.
    pub pointer: String,
    /// What kind of problem, for programs: `unknown_variation`, `cycle`, `limit_exceeded`, …
    pub code: &'static str,
    /// What is wrong and how to put it right, for people.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Problem {
            pointer: pointer.into(),
            code,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// A JSON Pointer under construction.
#[derive(Default)]
pub(crate) struct Pointer(String);

impl Pointer {
    /// Runs `visit` with the pointer one token further, then takes the token off again.
    pub(crate) fn within<R>(
        &mut self,
        token: impl fmt::Display,
        visit: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let length = self.push(token);
        let result = visit(self);
        self.truncate(length);
        result
    }

    /// Adds a token and returns the length to truncate to afterwards.
    pub(crate) fn push(&mut self, token: impl fmt::Display) -> usize {
        let length = self.0.len();
        self.0.push('/');
        self.0
            .push_str(&token.to_string().replace('~', "~0").replace('/', "~1"));
        length
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_their_tokens() {
        let mut pointer = Pointer::default();
        let inner = pointer.within("a/b~c", |at| at.within(3, |at| at.as_str().to_owned()));
        assert_eq!(inner, "/a~1b~0c/3");
        assert_eq!(pointer.as_str(), "");
    }
}
