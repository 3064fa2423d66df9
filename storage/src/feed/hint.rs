//! Hints, which of them are news, and their text in a notification.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::{EnvironmentId, OrganizationId};

/// The Postgres channel that nodes notify each other on.
pub(super) const CHANNEL: &str = "peekaboo_changes";

/// Something moved, or may have. A hint is never the truth: read the log from the version held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// An environment's ruleset reached a version.
    Environment {
        /// Whose it is.
        organization: OrganizationId,
        /// Which.
        environment: EnvironmentId,
        /// The history that `version` counts in.
        epoch: String,
        /// At least this one is committed.
        version: i64,
    },
    /// An organisation's structure, keys or members changed.
    Organization {
        /// Which.
        organization: OrganizationId,
        /// At least this one is committed.
        revision: i64,
    },
    /// A revision of an organization changed the keys of one environment and nothing else: whoever holds the revision
    /// before it needs to read those keys only.
    Keys {
        /// Whose environment it is.
        organization: OrganizationId,
        /// Which.
        environment: EnvironmentId,
        /// The organization's revision after the change.
        revision: i64,
    },
    /// Hints were lost, or a first look is due: look at everything held.
    Everything,
}

impl Hint {
    /// A new revision of an organization; `keys_of` is the environment whose keys are all that it changed.
    pub fn of_revision(
        organization: OrganizationId,
        revision: i64,
        keys_of: Option<EnvironmentId>,
    ) -> Self {
        match keys_of {
            Some(environment) => Self::Keys {
                organization,
                environment,
                revision,
            },
            None => Self::Organization {
                organization,
                revision,
            },
        }
    }

    /// One line of a notification; `Everything` has none, as it is this node's own affair.
    pub(super) fn to_line(&self) -> Option<String> {
        match self {
            Hint::Environment {
                organization,
                environment,
                epoch,
                version,
            } => Some(format!("e {organization} {environment} {epoch} {version}")),
            Hint::Organization {
                organization,
                revision,
            } => Some(format!("o {organization} {revision}")),
            Hint::Keys {
                organization,
                environment,
                revision,
            } => Some(format!("k {organization} {environment} {revision}")),
            Hint::Everything => None,
        }
    }

    /// Whether both are of the same thing and this one tells more. Versions of different epochs cannot be compared.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Hint::Environment { epoch, version, .. },
                Hint::Environment {
                    epoch: other_epoch,
                    version: other,
                    ..
                },
            ) => epoch == other_epoch && version > other,
            (
                Hint::Organization { revision, .. },
                Hint::Organization {
                    revision: other, ..
                },
            ) => revision > other,
            _ => false,
        }
    }

    /// Reads a line; what another version of the software writes is passed over, as the poll finds it anyway.
    pub(super) fn from_line(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["e", organization, environment, epoch, version] => Some(Hint::Environment {
                organization: organization.parse().ok()?,
                environment: environment.parse().ok()?,
                epoch: epoch.to_owned(),
                version: version.parse().ok()?,
            }),
            ["o", organization, revision] => Some(Hint::Organization {
                organization: organization.parse().ok()?,
                revision: revision.parse().ok()?,
            }),
            ["k", organization, environment, revision] => Some(Hint::Keys {
                organization: organization.parse().ok()?,
                environment: environment.parse().ok()?,
                revision: revision.parse().ok()?,
            }),
            _ => None,
        }
    }
}

/// The newest versions that this node has told its subscribers of, so that each is told once however it was learned.
#[derive(Debug, Default)]
pub(super) struct Known {
    environments: HashMap<EnvironmentId, (String, i64)>,
    organizations: HashMap<OrganizationId, i64>,
}

impl Known {
    /// Notes a hint; answers whether it is news.
    pub(super) fn note(&mut self, hint: &Hint) -> bool {
        match hint {
            Hint::Environment {
                environment,
                epoch,
                version,
                ..
            } => match self.environments.get_mut(environment) {
                Some((known_epoch, known)) if known_epoch == epoch && *known >= *version => false,
                Some(known) => {
                    *known = (epoch.clone(), *version);
                    true
                }
                None => {
                    self.environments
                        .insert(*environment, (epoch.clone(), *version));
                    true
                }
            },
            Hint::Organization {
                organization,
                revision,
            }
            | Hint::Keys {
                organization,
                revision,
                ..
            } => {
                let known = self.organizations.entry(*organization).or_insert(i64::MIN);
                let news = *known < *revision;
                *known = (*known).max(*revision);
                news
            }
            Hint::Everything => true,
        }
    }

    /// Forgets what is no longer there.
    pub(super) fn retain(
        &mut self,
        environments: &HashSet<EnvironmentId>,
        organizations: &HashSet<OrganizationId>,
    ) {
        self.environments.retain(|id, _| environments.contains(id));
        self.organizations
            .retain(|id, _| organizations.contains(id));
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn environment(epoch: &str, version: i64) -> Hint {
        Hint::Environment {
            organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
            environment: EnvironmentId::from_uuid(Uuid::from_u128(2)),
            epoch: epoch.to_owned(),
            version,
        }
    }

    fn organization(revision: i64) -> Hint {
        Hint::Organization {
            organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
            revision,
        }
    }

    fn keys(revision: i64) -> Hint {
        Hint::Keys {
            organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
            environment: EnvironmentId::from_uuid(Uuid::from_u128(2)),
            revision,
        }
    }

    #[test]
    fn a_hint_survives_its_notification() {
        for hint in [environment("e1", 7), organization(3), keys(4)] {
            let line = hint.to_line().expect("has a line");
            assert_eq!(Hint::from_line(&line), Some(hint));
        }
        for bad in ["", "e", "x 1 2", "o not-an-id 3"] {
            assert_eq!(Hint::from_line(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_what_is_newer_or_of_another_epoch_is_news() {
        let mut known = Known::default();
        assert!(known.note(&environment("a", 2)));
        assert!(!known.note(&environment("a", 2)));
        assert!(!known.note(&environment("a", 1)));
        assert!(known.note(&environment("a", 3)));
        assert!(known.note(&environment("b", 1)));
        assert!(known.note(&organization(5)));
        assert!(!known.note(&organization(4)));
        assert!(!known.note(&keys(5)), "of the same revision");
        assert!(known.note(&keys(6)));
        assert!(!known.note(&organization(6)));
        known.retain(&HashSet::new(), &HashSet::new());
        assert!(known.note(&organization(4)), "forgotten");
    }
}
