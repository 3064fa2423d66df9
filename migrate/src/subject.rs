//! What a file describes: flags and segments, by key.

use std::fmt;

use peekaboo_flags::Kind;
use serde::Serialize;

/// A flag or a segment, by key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Subject {
    /// Which of the two.
    pub kind: Kind,
    /// Its key.
    pub key: String,
}

impl Subject {
    /// The flag of this key.
    pub fn flag(key: impl Into<String>) -> Self {
        Subject {
            kind: Kind::Flag,
            key: key.into(),
        }
    }

    /// The segment of this key.
    pub fn segment(key: impl Into<String>) -> Self {
        Subject {
            kind: Kind::Segment,
            key: key.into(),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Flag => "flag",
            Kind::Segment => "segment",
        };
        write!(f, "{kind} {}", self.key)
    }
}
