//! Determines which flags a change may affect for client keys.

use peekaboo_flags::{Changes, CompiledFlag, CompiledRuleset};

use super::client_frames::ClientFrames;
use super::history::HistorySince;

/// The client-visible flags that may have changed.
pub(super) enum ClientChanges {
    Known {
        put: Vec<Box<str>>,
        hidden: Vec<Box<str>>,
        /// The clients that have the earlier values receive this.
        frames: ClientFrames,
    },
    Unknown,
}

impl ClientChanges {
    /// The effect of `since` for client keys under the newest ruleset; unknown if `since` is.
    ///
    /// The newest ruleset is enough to find dependencies: if none of a flag's current dependencies changed since then,
    /// it had the same ones at that time.
    pub(super) fn of(since: Option<HistorySince>, ruleset: &CompiledRuleset) -> Self {
        let Some(since) = since else {
            return Self::Unknown;
        };
        let is_visible = |key: &str| {
            ruleset
                .flag(key)
                .is_some_and(CompiledFlag::is_client_visible)
        };
        let strings = |keys: &[Box<str>]| keys.iter().map(ToString::to_string).collect();
        let touched = Changes {
            deleted_flags: strings(&since.flags),
            deleted_segments: strings(&since.segments),
            ..Changes::default()
        };
        let affected = ruleset.affected_by(&touched);
        let (put, unseen): (Vec<_>, Vec<_>) = affected
            .into_iter()
            .map(String::into_boxed_str)
            .partition(|key| is_visible(key));
        match since.hidden {
            Some(hidden) => {
                let hidden = hidden.into_iter().filter(|key| !is_visible(key)).collect();
                Self::known(put, hidden)
            }
            None if unseen.is_empty() => Self::known(put, Vec::new()),
            None => Self::Unknown,
        }
    }
    fn known(put: Vec<Box<str>>, hidden: Vec<Box<str>>) -> Self {
        Self::Known {
            put,
            hidden,
            frames: ClientFrames::default(),
        }
    }
}
