//! What flags and segments refer to, for finding what a change affects.

use std::collections::BTreeSet;

use crate::model::{Flag, Segment};
use crate::validate::{Reference, flag_references, segment_references};

/// The keys that a flag or a segment refers to directly.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct References {
    pub(super) flags: Box<[Box<str>]>,
    pub(super) segments: Box<[Box<str>]>,
}

impl References {
    pub(super) fn of_flag(flag: &Flag) -> Self {
        let (mut flags, mut segments) = (BTreeSet::new(), BTreeSet::new());
        flag_references(flag, &mut |_, reference| {
            Self::add(reference, &mut flags, &mut segments);
        });
        Self::from_sets(flags, segments)
    }

    pub(super) fn of_segment(segment: &Segment) -> Self {
        let (mut flags, mut segments) = (BTreeSet::new(), BTreeSet::new());
        segment_references(segment, &mut |_, reference| {
            Self::add(reference, &mut flags, &mut segments);
        });
        Self::from_sets(flags, segments)
    }

    fn add<'a>(
        reference: Reference<'a>,
        flags: &mut BTreeSet<&'a str>,
        segments: &mut BTreeSet<&'a str>,
    ) {
        match reference {
            Reference::Flag { key, .. } => flags.insert(key),
            Reference::Segment(key) => segments.insert(key),
        };
    }

    fn from_sets(flags: BTreeSet<&str>, segments: BTreeSet<&str>) -> Self {
        References {
            flags: flags.into_iter().map(Into::into).collect(),
            segments: segments.into_iter().map(Into::into).collect(),
        }
    }
}
