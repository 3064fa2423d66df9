//! The flags and segments that a change affects.

use peekaboo_flags::Changes;

/// Keys of flags and segments that were put or deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) flags: Vec<String>,
    pub(crate) segments: Vec<String>,
}

impl Touched {
    /// Adds those of a later change; each key is in the list only once.
    pub(crate) fn merge(&mut self, later: Self) {
        for (keys, later) in [
            (&mut self.flags, later.flags),
            (&mut self.segments, later.segments),
        ] {
            keys.extend(later);
            keys.sort_unstable();
            keys.dedup();
        }
    }
}

impl From<&Changes> for Touched {
    fn from(changes: &Changes) -> Self {
        let flags = changes.put_flags.keys().chain(&changes.deleted_flags);
        let segments = changes.put_segments.keys().chain(&changes.deleted_segments);
        Self {
            flags: flags.cloned().collect(),
            segments: segments.cloned().collect(),
        }
    }
}
