//! Roles, teams, service accounts, grants and tokens: who has access, besides being a member.

mod grants;
mod own;
mod permissions;
mod personal_tokens;
mod roles;
mod service_accounts;
mod service_tokens;
mod teams;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

pub(crate) use roles::Role;
pub(crate) use service_accounts::{ServiceAccount, ServiceAccountDetails};
pub(crate) use teams::{Team, TeamDetails};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(permissions::list_permissions))
        .routes(routes!(own::get_access))
        .routes(routes!(grants::list_grants, grants::create_grant))
        .routes(routes!(grants::delete_grant))
        .routes(routes!(roles::list_roles, roles::create_role))
        .routes(routes!(
            roles::get_role,
            roles::update_role,
            roles::delete_role
        ))
        .routes(routes!(teams::list_teams, teams::create_team))
        .routes(routes!(
            teams::get_team,
            teams::update_team,
            teams::delete_team
        ))
        .routes(routes!(teams::list_team_members))
        .routes(routes!(teams::add_team_member, teams::remove_team_member))
        .routes(routes!(
            service_accounts::list_service_accounts,
            service_accounts::create_service_account
        ))
        .routes(routes!(
            service_accounts::get_service_account,
            service_accounts::update_service_account,
            service_accounts::delete_service_account
        ))
        .routes(routes!(
            service_tokens::list_service_account_tokens,
            service_tokens::create_service_account_token
        ))
        .routes(routes!(
            personal_tokens::list_personal_tokens,
            personal_tokens::create_personal_token
        ))
        .routes(routes!(personal_tokens::revoke_personal_token))
}
