//! The endpoints: one resource a module, each with its models, its documentation and its tests.

mod access;
mod access_explained;
mod account;
mod audit;
mod connections;
mod deadline;
mod dependents;
mod environments;
mod evaluate;
mod events;
mod export;
mod flags;
mod given;
mod invitations;
mod keys;
mod members;
mod operator;
mod organization_export;
mod organizations;
mod ownership;
mod password_resets;
mod path;
mod projects;
mod segments;
mod session;
mod setup;
mod targeting;
mod tokens;
mod usage;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

pub(crate) use access::{Role, ServiceAccount, Team};
pub(crate) use environments::Environment;
pub(crate) use flags::Flag;
pub use organization_export::export_organization;
pub(crate) use projects::Project;
pub(crate) use segments::Segment;

/// Every endpoint, without the prefix.
pub(crate) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(setup::get_setup, setup::complete_setup))
        .routes(routes!(
            session::get_session,
            session::sign_in,
            session::sign_out
        ))
        .merge(account::router())
        .routes(routes!(password_resets::request_password_reset))
        .routes(routes!(password_resets::reset_password))
        .routes(routes!(
            organizations::list_organizations,
            organizations::create_organization
        ))
        .routes(routes!(
            organizations::get_organization,
            organizations::update_organization,
            ownership::delete_organization
        ))
        .routes(routes!(organization_export::download_organization))
        .routes(routes!(ownership::update_security))
        .routes(routes!(ownership::erase_person))
        .merge(operator::router())
        .merge(members::router())
        .merge(invitations::router())
        .merge(access::router())
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .merge(audit::router())
        .routes(routes!(events::follow_events))
        .routes(routes!(projects::list_projects, projects::create_project))
        .routes(routes!(
            projects::get_project,
            projects::update_project,
            projects::delete_project
        ))
        .routes(routes!(
            environments::list_environments,
            environments::create_environment
        ))
        .routes(routes!(
            environments::get_environment,
            environments::update_environment,
            environments::delete_environment
        ))
        .merge(keys::router())
        .routes(routes!(evaluate::evaluate))
        .routes(routes!(export::export_environment))
        .routes(routes!(connections::get_connections))
        .merge(usage::router())
        .merge(flags::router())
        .merge(targeting::router())
        .routes(routes!(dependents::list_flag_dependents))
        .merge(segments::router())
        .routes(routes!(dependents::list_segment_dependents))
}
