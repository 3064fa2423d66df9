//! Another password.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::person::person;
use crate::ApiState;
use crate::auth::device::Device;
use crate::auth::{Principal, reauthenticate};
use crate::guard::check_password;
use crate::http::Body;
use crate::problem::Problem;

/// The present password and another one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"password": "correct horse battery", "newPassword": "incorrect horse staple"}))]
pub(crate) struct ChangePassword {
    /// The present one.
    #[schema(format = Password)]
    pub password: String,
    /// The other one.
    #[schema(format = Password, min_length = 10, max_length = 1024)]
    pub new_password: String,
}

/// Change the own password
///
/// Ends every other session, and makes links useless that were mailed to change the account.
#[utoipa::path(
    post, path = "/account/password", tag = "account", operation_id = "changePassword", security(("session" = [])),
    request_body = ChangePassword,
    responses(
        (status = 204, description = "It is changed."),
        (status = 429, description = "Too many tries."),
    ),
)]
pub(crate) async fn change_password(
    State(state): State<ApiState>,
    principal: Principal,
    device: Device,
    Body { value, .. }: Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let user = person(&state, &principal).await?;
    check_password("/newPassword", &value.new_password)?;
    reauthenticate::confirm_password(&state, &user, "/password", value.password, &device).await?;
    let hash = state.passwords().hash(value.new_password).await?;
    let keep = Some(principal.credential.secret().hash());
    let by = principal.attribution(&state, None);
    state
        .storage()
        .change_password(user.id, &hash, keep, &by)
        .await?;
    state.known().forget_person(user.id);
    Ok(StatusCode::NO_CONTENT)
}
