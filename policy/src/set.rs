//! Sets of permissions.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::permission::Permission;
use crate::role::BuiltIn;
use crate::scope::ScopeKind;

/// A set of permissions: one bit each, by their order in [`Permission::ALL`].
///
/// As JSON it is a list of keys. Keys that this release does not know are left out when read, so that a role made by a
/// newer release grants less on an older node and never more.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PermissionSet(u64);

const _: () = assert!(Permission::ALL.len() <= u64::BITS as usize);

impl PermissionSet {
    /// The set of nothing.
    pub const EMPTY: Self = Self(0);

    /// Whether `permission` is in the set.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Whether the set is of nothing.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with `permission` in it.
    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | bit(permission))
    }

    /// What either set has.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both sets have.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What this set has and `other` lacks.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The permissions, in the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        let all = Permission::ALL.iter().copied();
        all.filter(move |&permission| self.has(permission))
    }

    /// The permissions that a grant on a scope of this kind can give: those decided there or on something narrower.
    #[must_use]
    pub fn effective_on(self, kind: ScopeKind) -> Self {
        let effective = |permission: &Permission| {
            permission.scope() >= kind
                || (kind == ScopeKind::Environment && permission.reaches_up())
        };
        self.iter().filter(effective).collect()
    }
}

impl BuiltIn {
    /// The role's permissions.
    pub fn permissions(self) -> PermissionSet {
        let all = Permission::ALL.iter().copied();
        all.filter(|permission| permission.least_role() <= self)
            .collect()
    }
}

const fn bit(permission: Permission) -> u64 {
    1 << permission as u64
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(Permission::key))
            .finish()
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let keys = Vec::<String>::deserialize(deserializer)?;
        Ok(keys.iter().filter_map(|key| key.parse().ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        let set: PermissionSet = [Permission::FlagRead, Permission::OrganizationDelete]
            .into_iter()
            .collect();
        for &permission in Permission::ALL {
            let expected = matches!(
                permission,
                Permission::FlagRead | Permission::OrganizationDelete
            );
            assert_eq!(set.has(permission), expected, "{permission}");
        }
    }

    #[test]
    fn an_environment_gives_nothing_that_is_decided_above_it_but_sight_of_its_project() {
        let all: PermissionSet = Permission::ALL.iter().copied().collect();
        for permission in all.effective_on(ScopeKind::Environment).iter() {
            assert!(
                permission.scope() == ScopeKind::Environment || permission.reaches_up(),
                "{permission}"
            );
        }
        assert_eq!(all.effective_on(ScopeKind::Organization), all);
    }

    #[test]
    fn each_built_in_role_has_more_than_the_one_before() {
        for pair in BuiltIn::ALL.windows(2) {
            let (lower, higher) = (pair[0].permissions(), pair[1].permissions());
            assert!(lower.minus(higher).is_empty());
            assert!(!higher.minus(lower).is_empty());
        }
        let all: PermissionSet = Permission::ALL.iter().copied().collect();
        assert_eq!(BuiltIn::Owner.permissions(), all);
    }
}
