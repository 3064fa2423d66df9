//! What an owner does to the whole organization: who needs a second factor, forgetting a person, the end.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::organizations::Organization;
use super::path::OrganizationPath;
use crate::ApiState;
use crate::auth::may;
use crate::guard::Who;
use crate::http::{Body, WriteComment};
use crate::problem::Problem;

/// How people enter the organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"requiresSecondFactor": true}))]
pub(crate) struct UpdateSecurity {
    /// Whether people need a second factor.
    pub requires_second_factor: bool,
}

/// Whom to forget.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"targetingKey": "user-42"}))]
pub(crate) struct ErasePerson {
    /// Their targeting key, as applications send it.
    #[schema(min_length = 1)]
    pub targeting_key: String,
}

/// What was forgotten.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ErasedPerson {
    /// Exposures and events, in all environments together.
    pub erased: u64,
}

/// Change how people enter
///
/// Who has no second factor is kept out as soon as one is required. Tokens are not asked for one.
#[utoipa::path(
    patch, path = "/organizations/{org}/security", tag = "organizations", operation_id = "updateSecurity",
    extensions(("x-permission" = json!("organization.security"))), params(OrganizationPath, WriteComment),
    request_body = UpdateSecurity,
    responses((status = 200, description = "The organization.", body = Organization)),
)]
pub(crate) async fn update_security(
    State(state): State<ApiState>,
    may::OrganizationSecurity(member): may::OrganizationSecurity,
    WriteComment { comment }: WriteComment,
    Body { value: change, .. }: Body<UpdateSecurity>,
) -> Result<Json<Organization>, Problem> {
    if change.requires_second_factor
        && let Who::Person(user) = &member.identity.who
        && !has_second_factor(&state, user.id).await?
    {
        return Err(Problem::field(
            "/requiresSecondFactor",
            "not_applicable",
            "set up your own second factor first; otherwise you would lock yourself out",
        ));
    }
    let by = member.attribution(&state, comment);
    let organization = state
        .storage()
        .require_second_factor(member.tenant(), change.requires_second_factor, &by)
        .await?;
    Ok(Json(Organization::new(organization, member.role)))
}

async fn has_second_factor(state: &ApiState, user: UserId) -> Result<bool, Problem> {
    let factor = state.storage().second_factor(user).await?;
    Ok(factor.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Forget a person
///
/// Deletes what a person was served and did, in every environment. Sums, which name nobody, stay.
#[utoipa::path(
    post, path = "/organizations/{org}/erasures", tag = "usage", operation_id = "erasePerson",
    extensions(("x-permission" = json!("usage.erase"))), params(OrganizationPath, WriteComment),
    request_body = ErasePerson,
    responses((status = 200, description = "What was forgotten.", body = ErasedPerson)),
)]
pub(crate) async fn erase_person(
    State(state): State<ApiState>,
    may::UsageErase(member): may::UsageErase,
    WriteComment { comment }: WriteComment,
    Body { value, .. }: Body<ErasePerson>,
) -> Result<Json<ErasedPerson>, Problem> {
    let by = member.attribution(&state, comment);
    let erased = state
        .storage()
        .erase_person(member.tenant(), &value.targeting_key, &by)
        .await?;
    Ok(Json(ErasedPerson { erased }))
}

/// Delete the organization
///
/// With everything in it, and for good. Applications are turned away; people keep their accounts.
#[utoipa::path(
    delete, path = "/organizations/{org}", tag = "organizations", operation_id = "deleteOrganization",
    extensions(("x-permission" = json!("organization.delete"))), params(OrganizationPath, WriteComment),
    responses((status = 204, description = "It is gone.")),
)]
pub(crate) async fn delete_organization(
    State(state): State<ApiState>,
    may::OrganizationDelete(member): may::OrganizationDelete,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let by = member.attribution(&state, comment);
    state
        .storage()
        .delete_organization(member.tenant(), &by)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
