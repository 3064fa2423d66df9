//! Where a grant holds, and where an act takes place.

use std::fmt;

/// The kinds of scope, widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeKind {
    /// Everything in the organization.
    Organization,
    /// One project and its environments.
    Project,
    /// One environment of a project.
    Environment,
}

impl ScopeKind {
    /// The name used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Project => "project",
            Self::Environment => "environment",
        }
    }
}

impl fmt::Display for ScopeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place within one organization.
///
/// Projects and environments go by key. A key never changes, and a stored grant refers to a row, so a grant ends with
/// its project or environment and does not pass to a later one of the same key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The whole organization.
    Organization,
    /// A project with its environments.
    Project {
        /// The project's key.
        project: String,
    },
    /// An environment.
    Environment {
        /// The key of its project.
        project: String,
        /// The environment's key.
        environment: String,
    },
}

impl Scope {
    /// A project with its environments.
    pub fn project(project: impl Into<String>) -> Self {
        Self::Project {
            project: project.into(),
        }
    }

    /// An environment of a project.
    pub fn environment(project: impl Into<String>, environment: impl Into<String>) -> Self {
        Self::Environment {
            project: project.into(),
            environment: environment.into(),
        }
    }

    /// Which kind of place this is.
    pub const fn kind(&self) -> ScopeKind {
        match self {
            Self::Organization => ScopeKind::Organization,
            Self::Project { .. } => ScopeKind::Project,
            Self::Environment { .. } => ScopeKind::Environment,
        }
    }

    /// Whether `other` is this place or lies within it.
    pub fn contains(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Organization, _) => true,
            (Self::Project { project }, _) => other.project_key() == Some(project),
            (Self::Environment { .. }, _) => self == other,
        }
    }

    /// The key of the project that this is or lies in.
    pub fn project_key(&self) -> Option<&str> {
        match self {
            Self::Organization => None,
            Self::Project { project } | Self::Environment { project, .. } => Some(project),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization => f.write_str("the organization"),
            Self::Project { project } => write!(f, "project {project}"),
            Self::Environment {
                project,
                environment,
            } => write!(f, "environment {environment} of project {project}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_contains_itself_and_what_lies_within() {
        let organization = Scope::Organization;
        let shop = Scope::project("shop");
        let production = Scope::environment("shop", "production");
        for (outer, inner, expected) in [
            (&organization, &organization, true),
            (&organization, &production, true),
            (&shop, &organization, false),
            (&shop, &shop, true),
            (&shop, &production, true),
            (&production, &shop, false),
            (&production, &production, true),
            (&shop, &Scope::project("app"), false),
            (&shop, &Scope::environment("app", "production"), false),
            (&production, &Scope::environment("shop", "staging"), false),
            (&production, &Scope::environment("app", "production"), false),
        ] {
            assert_eq!(outer.contains(inner), expected, "{outer} contains {inner}");
        }
    }
}
