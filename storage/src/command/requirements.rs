//! What a command requires of whoever executes it.

use peekaboo_policy::{Permission, Scope};

use super::Command;
use super::flag::FlagPatch;
use super::segment::SegmentPatch;
use super::targeting::TargetingPatch;
use crate::key::Key;

/// A permission that has to be held on a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The permission.
    pub permission: Permission,
    /// Where it has to be held. A permission of environments on a project has to be held in all of its environments.
    pub scope: Scope,
}

impl Command {
    /// Everything that has to be allowed for this command to be executed; at least one requirement.
    ///
    /// A change of what every environment of a project serves requires the right to change targeting in all of them: a
    /// flag's definition, its archiving, a segment's members.
    pub fn requirements(&self) -> Vec<Requirement> {
        use Permission as P;
        match self {
            Self::CreateProject { .. } => vec![Requirement {
                permission: P::ProjectCreate,
                scope: Scope::Organization,
            }],
            Self::UpdateProject { project, .. } => vec![in_project(P::ProjectUpdate, project)],
            Self::DeleteProject { project, .. } => vec![in_project(P::ProjectDelete, project)],
            Self::CreateEnvironment {
                project,
                environment,
            } => {
                let source = environment.copy_from.as_ref();
                let source = source.map(|from| within(P::EnvironmentRead, project, from));
                let create = in_project(P::EnvironmentCreate, project);
                [create].into_iter().chain(source).collect()
            }
            Self::UpdateEnvironment {
                project,
                environment,
                ..
            }
            | Self::ResetEpoch {
                project,
                environment,
            } => vec![within(P::EnvironmentUpdate, project, environment)],
            Self::DeleteEnvironment {
                project,
                environment,
                ..
            } => vec![within(P::EnvironmentDelete, project, environment)],
            Self::CreateSdkKey {
                project,
                environment,
                ..
            }
            | Self::ImportSdkKey {
                project,
                environment,
                ..
            }
            | Self::UpdateSdkKey {
                project,
                environment,
                ..
            }
            | Self::RevokeSdkKey {
                project,
                environment,
                ..
            }
            | Self::RotateSdkKey {
                project,
                environment,
                ..
            } => vec![within(P::KeyManage, project, environment)],
            Self::CreateFlag { project, .. } => vec![in_project(P::FlagCreate, project)],
            Self::UpdateFlag { project, patch, .. } => flag(project, patch),
            Self::DeleteFlag { project, .. } => vec![
                in_project(P::FlagDelete, project),
                in_project(P::TargetingUpdate, project),
            ],
            Self::UpdateTargeting {
                project,
                environment,
                patch,
                ..
            } => targeting(project, environment, patch),
            Self::RestoreTargeting {
                project,
                environment,
                ..
            } => vec![
                within(P::TargetingUpdate, project, environment),
                within(P::FlagToggle, project, environment),
            ],
            Self::CreateSegment { project, .. } | Self::DeleteSegment { project, .. } => {
                vec![in_project(P::SegmentUpdate, project)]
            }
            Self::UpdateSegment { project, patch, .. } => segment(project, patch),
            Self::UpdateSegmentMembers { project, .. } => vec![
                in_project(P::SegmentUpdate, project),
                in_project(P::TargetingUpdate, project),
            ],
        }
    }
}

fn flag(project: &Key, patch: &FlagPatch) -> Vec<Requirement> {
    let FlagPatch {
        name,
        description,
        variations,
        tags,
        client_visible,
        track,
        metadata,
        archived,
    } = patch;
    let details = name.is_some()
        || description.is_some()
        || tags.is_some()
        || track.is_some()
        || metadata.is_some();
    let definition = variations.is_some() || client_visible.is_some();
    let mut required = Vec::new();
    if details || definition || archived.is_none() {
        required.push(in_project(Permission::FlagUpdate, project));
    }
    if archived.is_some() {
        required.push(in_project(Permission::FlagDelete, project));
    }
    if definition || archived.is_some() {
        required.push(in_project(Permission::TargetingUpdate, project));
    }
    required
}

fn targeting(project: &Key, environment: &Key, patch: &TargetingPatch) -> Vec<Requirement> {
    let toggle = within(Permission::FlagToggle, project, environment);
    let update = within(Permission::TargetingUpdate, project, environment);
    let only_toggles = TargetingPatch {
        enabled: patch.enabled,
        ..TargetingPatch::default()
    };
    match patch.enabled {
        None => vec![update],
        Some(_) if *patch == only_toggles => vec![toggle],
        Some(_) => vec![update, toggle],
    }
}

fn segment(project: &Key, patch: &SegmentPatch) -> Vec<Requirement> {
    let SegmentPatch {
        name: _,
        description: _,
        attribute,
        included,
        excluded,
        when,
    } = patch;
    let update = in_project(Permission::SegmentUpdate, project);
    let changes_members =
        attribute.is_some() || included.is_some() || excluded.is_some() || when.is_some();
    if changes_members {
        return vec![update, in_project(Permission::TargetingUpdate, project)];
    }
    vec![update]
}

fn in_project(permission: Permission, project: &Key) -> Requirement {
    Requirement {
        permission,
        scope: Scope::project(project.as_str()),
    }
}

fn within(permission: Permission, project: &Key, environment: &Key) -> Requirement {
    Requirement {
        permission,
        scope: Scope::environment(project.as_str(), environment.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use peekaboo_policy::{BuiltIn, Grant, decide};

    use super::*;

    fn allowed(grants: &[Grant], command: &Command) -> bool {
        let mut requirements = command.requirements().into_iter();
        requirements.all(|one| decide(grants, one.permission, &one.scope).is_allowed())
    }

    fn command(json: serde_json::Value) -> Command {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn an_editor_of_development_changes_nothing_that_production_serves() {
        let grants = [
            Grant::built_in(BuiltIn::Viewer, Scope::Organization),
            Grant::built_in(BuiltIn::Editor, Scope::environment("shop", "development")),
        ];
        let toggle = |environment| {
            command(serde_json::json!({"updateTargeting": {
                "project": "shop", "environment": environment, "flag": "checkout", "patch": {"enabled": true}
            }}))
        };
        assert!(allowed(&grants, &toggle("development")));
        let refused = [
            toggle("production"),
            command(serde_json::json!({"updateFlag": {
                "project": "shop", "flag": "checkout", "patch": {"archived": true}
            }})),
            command(serde_json::json!({"updateFlag": {
                "project": "shop", "flag": "checkout", "patch": {"clientVisible": true}
            }})),
            command(serde_json::json!({"updateSegment": {
                "project": "shop", "segment": "beta", "patch": {"included": ["ada"]}
            }})),
            command(serde_json::json!({"updateSegmentMembers": {
                "project": "shop", "segment": "beta", "members": {"included": {"add": ["ada"]}}
            }})),
            command(serde_json::json!({"deleteFlag": {"project": "shop", "flag": "checkout"}})),
        ];
        for command in refused {
            assert!(!allowed(&grants, &command), "{}", command.kind());
        }
    }

    #[test]
    fn somebody_who_may_only_turn_flags_on_and_off_changes_no_targeting() {
        let grants = [Grant {
            permissions: [Permission::FlagToggle].into_iter().collect(),
            scope: Scope::environment("shop", "production"),
        }];
        let patch = |patch: serde_json::Value| {
            command(serde_json::json!({"updateTargeting": {
                "project": "shop", "environment": "production", "flag": "checkout", "patch": patch
            }}))
        };
        assert!(allowed(
            &grants,
            &patch(serde_json::json!({"enabled": false}))
        ));
        for more in [
            serde_json::json!({}),
            serde_json::json!({"enabled": true, "offVariation": null}),
            serde_json::json!({"fallthrough": {"variation": "on"}}),
        ] {
            assert!(!allowed(&grants, &patch(more)));
        }
    }
}
