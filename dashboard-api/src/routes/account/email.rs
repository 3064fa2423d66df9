//! Another address to sign in with, once the person has shown that they read mail there.

use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::person::person;
use crate::ApiState;
use crate::auth::device::Device;
use crate::auth::tries::LinkTry;
use crate::auth::{Principal, reauthenticate};
use crate::http::{Body, SmallBody};
use crate::problem::Problem;

/// Another address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ada@example.org", "password": "correct horse battery"}))]
pub(crate) struct RequestEmailChange {
    /// The address to sign in with.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// The person's password.
    #[schema(format = Password)]
    pub password: String,
}

/// The secret of a mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"secret": "Jv1n9sYw3cQ0mT5bX7kZ2rL8pF4hD6gA1eU9oI3yWqS"}))]
pub(crate) struct ConfirmEmailChange {
    /// What follows `#` in the link.
    #[schema(min_length = 1)]
    pub secret: String,
}

/// Ask for another address
///
/// Mails a link to it, and a notice to the present one. Nothing changes before the link is used. The answer does not show
/// whether somebody has the address already.
#[utoipa::path(
    post, path = "/account/email", tag = "account", operation_id = "requestEmailChange", security(("session" = [])),
    request_body = RequestEmailChange,
    responses(
        (status = 202, description = "A link is on its way to the address."),
        (status = 409, description = "The hub sends no mail."),
        (status = 429, description = "Too many tries."),
    ),
)]
pub(crate) async fn request_email_change(
    State(state): State<ApiState>,
    principal: Principal,
    device: Device,
    Body { value, .. }: Body<RequestEmailChange>,
) -> Result<StatusCode, Problem> {
    let user = person(&state, &principal).await?;
    let dashboard = state.mailed_links().ok_or_else(|| {
        Problem::conflict(
            "no_mail",
            "this hub does not send email, so it cannot verify a new address; contact an operator",
        )
    })?;
    reauthenticate::confirm_password(&state, &user, "/password", value.password, &device).await?;
    let by = principal.attribution(&state, None);
    state
        .storage()
        .request_email_change(user.id, &value.email, dashboard, &by)
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Confirm another address
///
/// By the link that was mailed there, while the person is signed in. It works once, within 24 hours.
#[utoipa::path(
    post, path = "/account/email/confirm", tag = "account", operation_id = "confirmEmailChange",
    security(("session" = [])), request_body = ConfirmEmailChange,
    responses(
        (status = 204, description = "The person signs in with it from now on."),
        (status = 404, description = "The link is unknown, another person's, or was used or replaced, or has expired."),
        (status = 409, description = "Somebody has the address."),
        (status = 429, description = "Too many tries from this address."),
    ),
)]
pub(crate) async fn confirm_email_change(
    State(state): State<ApiState>,
    principal: Principal,
    _: LinkTry,
    SmallBody(value): SmallBody<ConfirmEmailChange>,
) -> Result<StatusCode, Problem> {
    let user = principal.person()?.id;
    let secret = Secret::new(value.secret).hash();
    let by = principal.attribution(&state, None);
    state.storage().confirm_email(user, secret, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}
