//! Who has access to the demo besides the roles of its members: a custom role, teams, and a colleague who edits
//! development only.

use std::collections::HashMap;

use peekaboo_policy::Scope;
use peekaboo_storage::{
    Attribution, Grantee, Key, NewGrant, NewPrincipal, NewRole, Organization, RoleChoice, Storage,
    User,
};

use super::error::DemoError;
use super::story::Access;

/// Makes the roles and teams, and gives them their grants.
pub(super) async fn organize(
    storage: &Storage,
    organization: &Organization,
    project: &Key,
    people: &HashMap<String, User>,
    access: &Access,
    by: &Attribution,
) -> Result<(), DemoError> {
    let missing = |name: &str| DemoError::Data(format!("nothing is called {name}"));
    let mut grantees: HashMap<&str, Grantee> = people
        .iter()
        .map(|(name, user)| (name.as_str(), Grantee::Member(user.id)))
        .collect();
    let mut roles = HashMap::new();
    for role in &access.roles {
        let new = NewRole {
            name: role.name.clone(),
            description: role.description.clone(),
            permissions: role.permissions.iter().copied().collect(),
        };
        let made = storage.create_role(organization.id, new, by).await?;
        roles.insert(role.name.as_str(), RoleChoice::Custom(made.id));
    }
    for team in &access.teams {
        let new = NewPrincipal {
            name: team.name.clone(),
            description: team.description.clone(),
        };
        let made = storage.create_team(organization.id, new, by).await?;
        for name in &team.members {
            let user = people.get(name).ok_or_else(|| missing(name))?.id;
            storage
                .add_team_member(organization.id, made.id, user, by)
                .await?;
        }
        grantees.insert(&team.name, Grantee::Team(made.id));
    }
    for grant in &access.grants {
        let role = match grant.role.parse() {
            Ok(role) => RoleChoice::BuiltIn(role),
            Err(_) => *roles
                .get(grant.role.as_str())
                .ok_or_else(|| missing(&grant.role))?,
        };
        let new = NewGrant {
            grantee: *grantees
                .get(grant.to.as_str())
                .ok_or_else(|| missing(&grant.to))?,
            role,
            scope: match &grant.environment {
                None => Scope::project(project.as_str()),
                Some(environment) => Scope::environment(project.as_str(), environment),
            },
        };
        storage.create_grant(organization.id, new, by).await?;
    }
    Ok(())
}
