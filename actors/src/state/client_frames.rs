//! Shares frames among client keys' clients: clients for whom a change has the same result receive the same bytes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use peekaboo_flags::Reason;

/// The number of cached results of a change. A flag has a few variations; there are more only if several flags change
/// at once.
const KEPT: usize = 64;

/// Changes of more flags than this rarely have the same result twice.
const MOST_FLAGS: usize = 8;

/// What one flag newly serves. Within one change of an environment, this determines its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Served {
    /// The flag's position among those that may have changed.
    pub(super) flag: usize,
    /// The position of the served variation.
    pub(super) variation: Option<usize>,
    /// The reason.
    pub(super) reason: Reason,
}

/// The frames of one change, by result.
#[derive(Default)]
pub(super) struct ClientFrames {
    made: Mutex<HashMap<Box<[Served]>, Bytes, foldhash::fast::RandomState>>,
}

impl ClientFrames {
    /// The frame of a result, created on first use.
    pub(super) fn get_or_make(&self, outcome: &[Served], make: impl FnOnce() -> Bytes) -> Bytes {
        if outcome.len() > MOST_FLAGS {
            return make();
        }
        let mut frames = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(frame) = frames.get(outcome) {
            return frame.clone();
        }
        let frame = make();
        if frames.len() < KEPT {
            frames.insert(outcome.into(), frame.clone());
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(flag: usize, variation: usize) -> Served {
        Served {
            flag,
            variation: Some(variation),
            reason: Reason::Split,
        }
    }

    fn frame(bytes: &'static [u8]) -> Bytes {
        Bytes::from_static(bytes)
    }

    #[test]
    fn an_outcome_has_one_frame_and_another_outcome_another() {
        let frames = ClientFrames::default();
        let one = [served(0, 1)];
        let other = [served(0, 1), served(1, 0)];
        assert_eq!(frames.get_or_make(&one, || frame(b"a")), "a");
        assert_eq!(frames.get_or_make(&other, || frame(b"b")), "b");
        assert_eq!(frames.get_or_make(&one, || frame(b"c")), "a");
    }

    #[test]
    fn only_so_many_outcomes_are_kept_and_none_of_very_many_flags() {
        let frames = ClientFrames::default();
        for variation in 0..2 * KEPT {
            frames.get_or_make(&[served(0, variation)], || frame(b"a"));
        }
        let many: Vec<_> = (0..=MOST_FLAGS).map(|flag| served(flag, 0)).collect();
        frames.get_or_make(&many, || frame(b"a"));
        assert_eq!(frames.made.lock().unwrap().len(), KEPT);
    }
}
