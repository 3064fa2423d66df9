//! Suspending an organization, and letting it go on.

use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::OrganizationId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::operator::Operator;
use crate::http::{Body, Path};
use crate::problem::Problem;
use crate::routes::path::OperatedPath;

/// What changes of an organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"suspended": true}))]
pub(crate) struct UpdateOperatedOrganization {
    /// Whether its members and tokens are kept out. Applications go on with the flags that they have.
    pub suspended: bool,
}

/// Suspend an organization
///
/// For people who run the hub.
#[utoipa::path(
    patch, path = "/operator/organizations/{organization}", tag = "operator",
    operation_id = "updateOperatedOrganization", security(("session" = [])), params(OperatedPath),
    request_body = UpdateOperatedOrganization,
    responses((status = 204, description = "It is suspended, or goes on.")),
)]
pub(crate) async fn update_operated_organization(
    State(state): State<ApiState>,
    Operator(operator): Operator,
    Path(path): Path<OperatedPath>,
    Body { value: change, .. }: Body<UpdateOperatedOrganization>,
) -> Result<StatusCode, Problem> {
    let id = OrganizationId::from_uuid(path.organization);
    let by = operator.attribution(&state, None);
    state
        .storage()
        .suspend_organization(id, change.suspended, &by)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
