//! Which flags and segments refer to a flag or a segment: references, the other way round.

use std::collections::BTreeSet;

use super::references::References;
use crate::shared_map::SharedMap;

/// Of each flag and segment that others refer to, whether it exists or not, who they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Referrers {
    of_flags: SharedMap<Keys>,
    of_segments: SharedMap<Keys>,
}

/// Sets of keys, which may be as large as the ruleset: many flags may refer to one segment.
#[derive(Clone, Debug, Default)]
struct Keys {
    flags: SharedMap<()>,
    segments: SharedMap<()>,
}

impl Referrers {
    /// A flag refers to other things than before; nothing is copied where it does not.
    pub(super) fn flag_changed(&mut self, key: &str, before: &References, after: &References) {
        self.changed(before, after, |keys| &mut keys.flags, key);
    }

    /// The same for a segment.
    pub(super) fn segment_changed(&mut self, key: &str, before: &References, after: &References) {
        self.changed(before, after, |keys| &mut keys.segments, key);
    }

    fn changed(
        &mut self,
        before: &References,
        after: &References,
        among: impl Fn(&mut Keys) -> &mut SharedMap<()>,
        key: &str,
    ) {
        let lists = [
            (&mut self.of_flags, &before.flags, &after.flags),
            (&mut self.of_segments, &before.segments, &after.segments),
        ];
        for (referrers, before, after) in lists {
            for gone in before.iter().filter(|target| !after.contains(target)) {
                edit(referrers, gone, |keys| _ = among(keys).remove(key));
            }
            for new in after.iter().filter(|target| !before.contains(target)) {
                edit(referrers, new, |keys| among(keys).insert(key, ()));
            }
        }
    }

    /// These flags, and all that depend on them or on these segments, however indirectly.
    pub(super) fn dependents<'a>(
        &'a self,
        mut flags: BTreeSet<&'a str>,
        mut segments: BTreeSet<&'a str>,
    ) -> BTreeSet<String> {
        let of_flags = flags.iter().filter_map(|key| self.of_flags.get(key));
        let of_segments = segments.iter().filter_map(|key| self.of_segments.get(key));
        let mut unvisited: Vec<_> = of_flags.chain(of_segments).collect();
        while let Some(keys) = unvisited.pop() {
            for key in keys.flags.keys() {
                if flags.insert(key) {
                    unvisited.extend(self.of_flags.get(key));
                }
            }
            for key in keys.segments.keys() {
                if segments.insert(key) {
                    unvisited.extend(self.of_segments.get(key));
                }
            }
        }
        flags.into_iter().map(str::to_owned).collect()
    }
}

fn edit(referrers: &mut SharedMap<Keys>, target: &str, edit: impl FnOnce(&mut Keys)) {
    // Taken out, so that what no other version shares is not copied.
    let mut keys = referrers.remove(target).unwrap_or_default();
    edit(&mut keys);
    if !keys.flags.is_empty() || !keys.segments.is_empty() {
        referrers.insert(target, keys);
    }
}
