//! The table of permissions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::role::BuiltIn;
use crate::scope::ScopeKind;

/// A group of permissions, as shown in the role editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// Flags and their targeting.
    Flags,
    /// Segments.
    Segments,
    /// Projects, environments and SDK keys.
    Environments,
    /// What happened, and who did it.
    Audit,
    /// Members, teams, roles, service accounts and grants.
    Access,
    /// The organization itself.
    Organization,
}

impl Area {
    /// The area's heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Flags => "Flags",
            Self::Segments => "Segments",
            Self::Environments => "Projects, environments and keys",
            Self::Audit => "Audit log",
            Self::Access => "Members and access",
            Self::Organization => "Organization",
        }
    }
}

macro_rules! permissions {
    ($($variant:ident = $key:literal, $area:ident, $kind:ident, $least:ident, $custom:literal, $words:literal;)*) => {
        /// Allows one kind of action.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $(#[doc = $words] $variant,)*
        }

        impl Permission {
            /// Every permission, by area.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name used in JSON and in the database, for example `flag.create`. It never changes.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// The group it belongs to.
            pub const fn area(self) -> Area {
                match self { $(Self::$variant => Area::$area,)* }
            }

            /// The narrowest kind of scope on which it is decided. A grant on this kind or a wider one can hold it.
            pub const fn scope(self) -> ScopeKind {
                match self { $(Self::$variant => ScopeKind::$kind,)* }
            }

            /// The lowest built-in role that has it; each higher one has it too.
            pub const fn least_role(self) -> BuiltIn {
                match self { $(Self::$variant => BuiltIn::$least,)* }
            }

            /// Whether a custom role may have it. The others stay with the built-in admin and owner, so that control of
            /// the organization cannot be handed out by editing a role.
            pub const fn in_custom_roles(self) -> bool {
                match self { $(Self::$variant => $custom,)* }
            }

            /// What it allows, worded to follow "you need permission to".
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }
        }
    };
}

permissions! {
    FlagRead = "flag.read", Flags, Project, Viewer, true, "view flags and their history";
    FlagCreate = "flag.create", Flags, Project, Editor, true, "create flags";
    FlagUpdate = "flag.update", Flags, Project, Editor, true, "edit flags and their variations";
    FlagDelete = "flag.delete", Flags, Project, Editor, true, "archive and delete flags";
    TargetingUpdate = "targeting.update", Flags, Environment, Editor, true, "change targeting";
    FlagToggle = "flag.toggle", Flags, Environment, Editor, true, "turn flags on and off";
    SegmentRead = "segment.read", Segments, Project, Viewer, true, "view segments";
    SegmentUpdate = "segment.update", Segments, Project, Editor, true, "create, edit and delete segments";
    ProjectRead = "project.read", Environments, Project, Viewer, true, "view the project";
    ProjectCreate = "project.create", Environments, Organization, Admin, true, "create projects";
    ProjectUpdate = "project.update", Environments, Project, Admin, true, "edit the project";
    ProjectDelete = "project.delete", Environments, Project, Admin, true, "delete the project";
    EnvironmentRead = "environment.read", Environments, Environment, Viewer, true, "view targeting, usage and connections";
    EnvironmentCreate = "environment.create", Environments, Project, Admin, true, "create environments";
    EnvironmentUpdate = "environment.update", Environments, Environment, Admin, true, "edit the environment";
    EnvironmentDelete = "environment.delete", Environments, Environment, Admin, true, "delete the environment";
    KeyRead = "key.read", Environments, Environment, Viewer, true, "view SDK keys";
    KeyManage = "key.manage", Environments, Environment, Admin, true, "create, rotate and revoke SDK keys";
    AuditRead = "audit.read", Audit, Environment, Viewer, true, "view changes";
    AuditReadAccess = "audit.readAccess", Audit, Organization, Admin, true, "view sign-ins and changes to access";
    AuditExport = "audit.export", Audit, Organization, Admin, true, "export the audit log";
    MemberRead = "member.read", Access, Organization, Admin, true, "view members and teams";
    MemberInvite = "member.invite", Access, Organization, Admin, false, "invite members";
    MemberManage = "member.manage", Access, Organization, Admin, false, "change members' roles and remove members";
    TeamManage = "team.manage", Access, Organization, Admin, false, "create and change teams";
    RoleManage = "role.manage", Access, Organization, Admin, false, "create and change roles";
    ServiceAccountManage = "serviceAccount.manage", Access, Organization, Admin, false, "manage service accounts and tokens";
    AccessGrant = "access.grant", Access, Environment, Admin, false, "give others access";
    OrganizationUpdate = "organization.update", Organization, Organization, Owner, false, "change the organization's settings";
    OrganizationSecurity = "organization.security", Organization, Organization, Owner, false, "change sign-in and security settings";
    UsageErase = "usage.erase", Organization, Organization, Owner, false, "erase a person's usage data";
    OrganizationExport = "organization.export", Organization, Organization, Owner, false, "export the organization";
    OrganizationDelete = "organization.delete", Organization, Organization, Owner, false, "delete the organization";
}

impl Permission {
    /// Whether holding it on one environment of a project also gives it on the project.
    ///
    /// Someone who works in one environment has to see the project's flags and segments there; they are the project's.
    pub const fn reaches_up(self) -> bool {
        matches!(self, Self::ProjectRead | Self::FlagRead | Self::SegmentRead)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// The name is not the name of a permission.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown permission `{0}`")]
pub struct UnknownPermission(pub String);

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(key: &str) -> Result<Self, UnknownPermission> {
        let found = Self::ALL.iter().find(|permission| permission.key() == key);
        found
            .copied()
            .ok_or_else(|| UnknownPermission(key.to_owned()))
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        key.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_permission_is_found_by_its_key_and_no_two_share_one() {
        let keys: BTreeSet<_> = Permission::ALL.iter().map(|one| one.key()).collect();
        assert_eq!(keys.len(), Permission::ALL.len());
        for &permission in Permission::ALL {
            assert_eq!(permission.key().parse(), Ok(permission));
        }
        assert_eq!(
            "flag.fly".parse::<Permission>(),
            Err(UnknownPermission("flag.fly".to_owned()))
        );
    }

    #[test]
    fn the_table_is_ordered_by_area() {
        assert!(Permission::ALL.is_sorted_by_key(|permission| permission.area()));
    }

    #[test]
    fn only_reading_reaches_up_from_an_environment() {
        for &permission in Permission::ALL {
            if permission.reaches_up() {
                assert_eq!(permission.scope(), ScopeKind::Project);
                assert_eq!(permission.least_role(), BuiltIn::Viewer);
            }
        }
    }
}
