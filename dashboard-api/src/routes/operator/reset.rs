//! A link for who has forgotten their password, where no mail is sent or their second factor is lost.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::operator::Operator;
use crate::http::Body;
use crate::problem::Problem;

/// Whom to let in again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"email": "ada@example.com", "clearSecondFactor": false}))]
pub(crate) struct CreatePasswordReset {
    /// What they sign in with.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// Whether using the link also turns their second factor off.
    #[serde(default)]
    pub clear_second_factor: bool,
}

/// A link to hand over to the person and nobody else.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PasswordReset {
    /// It works once, within an hour. It is shown only now.
    pub link: String,
}

/// Make a link to a new password
///
/// For people who run the hub. The link works once, within an hour; using it ends every session of the person.
#[utoipa::path(
    post, path = "/operator/password-resets", tag = "operator", operation_id = "createPasswordReset",
    security(("session" = [])), request_body = CreatePasswordReset,
    responses(
        (status = 201, description = "The link.", body = PasswordReset),
        (status = 404, description = "Nobody has the address."),
    ),
)]
pub(crate) async fn create_password_reset(
    State(state): State<ApiState>,
    Operator(operator): Operator,
    Body { value, .. }: Body<CreatePasswordReset>,
) -> Result<(StatusCode, Json<PasswordReset>), Problem> {
    let by = operator.attribution(&state, None);
    let secret = state
        .storage()
        .create_password_reset(&value.email, value.clear_second_factor, &by)
        .await?;
    let link = format!("{}/reset#{}", state.config().dashboard_url, secret.expose());
    Ok((StatusCode::CREATED, Json(PasswordReset { link })))
}
