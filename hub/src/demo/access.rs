//! Access in the demo in addition to the roles of its members: a custom role, teams, a colleague who only edits
//! development, and an invitation.

use std::collections::HashMap;

use peekaboo_policy::Scope;
use peekaboo_storage::{
    Attribution, Delivery, Grantee, Key, NewGrant, NewInvitation, NewPrincipal, NewRole,
    Organization, RoleChoice, Storage, User,
};
use time::{Duration, OffsetDateTime};

use super::error::DemoError;
use super::story::{Access, Invitation};

/// Makes the roles and teams, and gives them their grants.
pub(super) async fn organize(
    storage: &Storage,
    organization: &Organization,
    project: &Key,
    people: &HashMap<String, User>,
    access: &Access,
    by: &Attribution,
) -> Result<(), DemoError> {
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

/// Invites who has not come yet. No one keeps the links: to use one, send the invitation again.
pub(super) async fn invite(
    storage: &Storage,
    organization: &Organization,
    people: &HashMap<String, User>,
    invitations: &[Invitation],
    now: OffsetDateTime,
) -> Result<(), DemoError> {
    for invitation in invitations {
        let by = people
            .get(&invitation.by)
            .ok_or_else(|| missing(&invitation.by))?;
        let at = now - Duration::hours(invitation.hours_ago);
        let by = Attribution::user(by.id, by.name.clone(), at);
        let new = NewInvitation {
            email: invitation.email.clone(),
            role: invitation.role,
        };
        storage
            .invite(organization.id, new, Delivery::Link, &by)
            .await?;
    }
    Ok(())
}

fn missing(name: &str) -> DemoError {
    DemoError::Data(format!("nothing is called {name}"))
}
