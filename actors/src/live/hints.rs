//! What there may be to read, gathered until the tenant's actor gets to it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use peekaboo_protocol::Resume;
use peekaboo_storage::{EnvironmentId, Hint};

/// Hints of one tenant. What the tenant holds by the time they are taken needs no read: a node hears of its own commits
/// too, and may do so before it has applied them.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    environments: HashMap<EnvironmentId, Newest>,
    /// The newest revision of the structure.
    structure: Option<i64>,
    /// The environments whose keys are all that a revision changed, by revision.
    keys: BTreeMap<i64, EnvironmentId>,
    everything: bool,
}

/// What must be read of a structure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ToRead {
    Nothing,
    /// The keys of these environments, which is all that changed up to this revision.
    Keys {
        environments: BTreeSet<EnvironmentId>,
        revision: i64,
    },
    All,
}

/// The newest version of an environment that was heard of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Newest {
    Version(Resume),
    /// Versions of several histories, of which nothing says which is the present one.
    Unclear,
}

impl Newest {
    /// Merges another hint into this one.
    pub(crate) fn merge(&mut self, heard: Self) {
        match (&mut *self, heard) {
            (Self::Version(newest), Self::Version(heard)) if newest.epoch == heard.epoch => {
                newest.version = newest.version.max(heard.version);
            }
            _ => *self = Self::Unclear,
        }
    }

    /// Whether a node that holds this version of this history needs no read.
    pub(crate) fn is_held_at(&self, epoch: &str, version: u64) -> bool {
        matches!(self, Self::Version(newest) if newest.epoch == epoch && newest.version <= version)
    }
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
            Hint::Keys {
                environment,
                revision,
                ..
            } => {
                self.structure = self.structure.max(Some(*revision));
                self.keys.insert(*revision, *environment);
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
            Entry::Occupied(mut entry) => entry.get_mut().merge(Newest::Version(heard)),
        }
    }

    /// Whether a tenant at this revision has anything to read of its structure.
    pub(super) fn concern_structure(&self, revision: i64) -> bool {
        self.everything || self.structure > Some(revision)
    }

    /// What a tenant at this revision must read of its structure.
    pub(crate) fn structure(&self, revision: i64) -> ToRead {
        if self.everything {
            return ToRead::All;
        }
        let Some(newest) = self.structure.filter(|newest| *newest > revision) else {
            return ToRead::Nothing;
        };
        let since = self.keys.range(revision + 1..=newest);
        if since.clone().count() as u64 != newest.abs_diff(revision) {
            // Others are only known to have changed something.
            return ToRead::All;
        }
        ToRead::Keys {
            environments: since.map(|(_, environment)| *environment).collect(),
            revision: newest,
        }
    }

    /// The environments whose logs must be read, given which versions are held, and what was heard of them.
    pub(super) fn behind(
        &self,
        holds: impl Fn(EnvironmentId, &Newest) -> bool,
    ) -> Vec<(EnvironmentId, Newest)> {
        let behind = self
            .environments
            .iter()
            .filter(|(id, newest)| !holds(**id, newest));
        behind.map(|(id, newest)| (*id, newest.clone())).collect()
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
        let held = |_, heard: &Newest| heard.is_held_at("e", 7);
        !of(hints).behind(held).is_empty()
    }

    #[test]
    fn a_version_at_or_below_the_current_one_needs_no_read() {
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
        let behind = hints.behind(|_, heard| heard.is_held_at("e", 7));
        let behind: Vec<_> = behind.into_iter().map(|(id, _)| id).collect();
        assert_eq!(behind, [environment(2)]);
    }

    #[test]
    fn a_structure_is_read_for_a_newer_revision() {
        let revision = |revision| Hint::Organization {
            organization: OrganizationId::from_uuid(Uuid::nil()),
            revision,
        };
        for (hints, expected) in [
            (&[revision(4), revision(5)][..], ToRead::Nothing),
            (&[revision(6), revision(5)], ToRead::All),
            (&[], ToRead::Nothing),
            (&[Hint::Everything], ToRead::All),
        ] {
            assert_eq!(of(hints).structure(5), expected);
            assert_eq!(of(hints).concern_structure(5), expected != ToRead::Nothing);
        }
    }

    #[test]
    fn only_keys_are_read_if_every_revision_since_changed_nothing_else() {
        let keys = |revision, number| Hint::Keys {
            organization: OrganizationId::from_uuid(Uuid::nil()),
            environment: environment(number),
            revision,
        };
        let structure = Hint::Organization {
            organization: OrganizationId::from_uuid(Uuid::nil()),
            revision: 7,
        };
        let read = |hints: &[Hint]| of(hints).structure(5);
        assert_eq!(read(&[keys(5, 1)]), ToRead::Nothing);
        assert_eq!(
            read(&[keys(7, 2), keys(6, 1), keys(8, 1)]),
            ToRead::Keys {
                environments: [1, 2].map(environment).into(),
                revision: 8
            }
        );
        assert_eq!(read(&[keys(7, 2)]), ToRead::All, "6 may be anything");
        assert_eq!(read(&[keys(6, 1), structure]), ToRead::All);
        assert_eq!(of(&[keys(6, 1)]).structure(i64::MIN), ToRead::All);
    }
}
