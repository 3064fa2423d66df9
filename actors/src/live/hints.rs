//! What there may be to read, gathered until the tenant's actor gets to it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use peekaboo_protocol::Resume;
use peekaboo_storage::{EnvironmentId, Hint};

/// Hints of one tenant. What the tenant holds by the time they are taken needs no read: a node hears of its own commits
/// too, and may do so before it has applied them.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    environments: HashMap<EnvironmentId, Newest>,
    /// The newest revision of the structure.
    structure: Option<i64>,
    everything: bool,
}

/// The newest version of an environment that was heard of.
#[derive(Debug, PartialEq, Eq)]
enum Newest {
    Version(Resume),
    /// Versions of several histories, of which nothing says which is the present one.
    Unclear,
}

impl Hints {
    pub(super) fn add(&mut self, hint: &Hint) {
        match hint {
            Hint::Environment {
                environment,
                epoch,
                version,
                ..
            } => self.add_version(*environment, epoch, *version),
            Hint::Organization { revision, .. } => {
                self.structure = self.structure.max(Some(*revision));
            }
            Hint::Everything => self.everything = true,
        }
    }

    fn add_version(&mut self, environment: EnvironmentId, epoch: &str, version: i64) {
        let heard = Resume {
            epoch: epoch.to_owned(),
            version: u64::try_from(version).unwrap_or_default(),
        };
        match self.environments.entry(environment) {
            Entry::Vacant(entry) => {
                entry.insert(Newest::Version(heard));
            }
            Entry::Occupied(mut entry) => match entry.get_mut() {
                Newest::Version(newest) if newest.epoch == heard.epoch => {
                    newest.version = newest.version.max(heard.version);
                }
                newest => *newest = Newest::Unclear,
            },
        }
    }

    /// Whether a tenant at this revision must be read whole.
    pub(crate) fn concern_all(&self, revision: i64) -> bool {
        self.everything || self.structure > Some(revision)
    }

    /// The environments whose logs must be read, given which versions are held.
    pub(super) fn behind(
        &self,
        holds: impl Fn(EnvironmentId, &Resume) -> bool,
    ) -> Vec<EnvironmentId> {
        let is_behind = |(id, newest): &(&EnvironmentId, &Newest)| match newest {
            Newest::Version(version) => !holds(**id, version),
            Newest::Unclear => true,
        };
        let behind = self.environments.iter().filter(is_behind);
        behind.map(|(id, _)| *id).collect()
    }
}

#[cfg(test)]
mod tests {
    use peekaboo_storage::OrganizationId;
    use uuid::Uuid;

    use super::*;

    fn environment(number: u128) -> EnvironmentId {
        EnvironmentId::from_uuid(Uuid::from_u128(number))
    }

    fn hint(number: u128, epoch: &str, version: i64) -> Hint {
        Hint::Environment {
            organization: OrganizationId::from_uuid(Uuid::nil()),
            environment: environment(number),
            epoch: epoch.to_owned(),
            version,
        }
    }

    fn of(hints: &[Hint]) -> Hints {
        let mut all = Hints::default();
        for hint in hints {
            all.add(hint);
        }
        all
    }

    /// Whether an environment that holds version 7 of epoch `e` must read its log.
    fn is_behind(hints: &[Hint]) -> bool {
        let held = |_, heard: &Resume| heard.epoch == "e" && heard.version <= 7;
        !of(hints).behind(held).is_empty()
    }

    #[test]
    fn a_version_at_or_below_what_is_held_needs_no_read() {
        assert!(!is_behind(&[hint(1, "e", 7)]));
        assert!(!is_behind(&[hint(1, "e", 6), hint(1, "e", 7)]));
        assert!(is_behind(&[hint(1, "e", 8)]));
        assert!(
            is_behind(&[hint(1, "e", 8), hint(1, "e", 7)]),
            "in any order"
        );
        assert!(is_behind(&[hint(1, "f", 1)]), "another history");
    }

    #[test]
    fn hints_of_several_histories_are_read_whatever_is_held() {
        for first in [["e", "f"], ["f", "e"]] {
            let hints = first.map(|epoch| hint(1, epoch, 1));
            assert!(is_behind(&hints), "{first:?}");
            assert!(is_behind(&[&hints[..], &[hint(1, "e", 2)]].concat()));
        }
    }

    #[test]
    fn each_environment_goes_by_its_own_version() {
        let hints = of(&[hint(1, "e", 3), hint(2, "e", 9)]);
        let behind = hints.behind(|_, heard| heard.version <= 7);
        assert_eq!(behind, [environment(2)]);
    }

    #[test]
    fn a_structure_is_read_for_a_newer_revision() {
        let revision = |revision| Hint::Organization {
            organization: OrganizationId::from_uuid(Uuid::nil()),
            revision,
        };
        assert!(!of(&[revision(4), revision(5)]).concern_all(5));
        assert!(of(&[revision(6), revision(5)]).concern_all(5));
        assert!(!of(&[]).concern_all(5));
        assert!(of(&[Hint::Everything]).concern_all(5));
    }
}
