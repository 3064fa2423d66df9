//! Deleting an organization from outside.

use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::OrganizationId;

use crate::ApiState;
use crate::auth::operator::Operator;
use crate::http::Path;
use crate::problem::Problem;
use crate::routes::path::OperatedPath;

/// Delete any organization
///
/// With everything in it, and for good. People keep their accounts. For people who run the hub.
#[utoipa::path(
    delete, path = "/operator/organizations/{organization}", tag = "operator",
    operation_id = "deleteOperatedOrganization", security(("session" = [])), params(OperatedPath),
    responses((status = 204, description = "It is gone.")),
)]
pub(crate) async fn delete_operated_organization(
    State(state): State<ApiState>,
    Operator(operator): Operator,
    Path(path): Path<OperatedPath>,
) -> Result<StatusCode, Problem> {
    let id = OrganizationId::from_uuid(path.organization);
    let by = operator.attribution(&state, None);
    state
        .storage()
        .delete_operated_organization(id, &by)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
