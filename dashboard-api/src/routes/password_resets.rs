//! A new password for who has forgotten theirs.

use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::{MailPasswordReset, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::device::Device;
use crate::auth::tries::LinkTry;
use crate::guard::check_password;
use crate::http::SmallBody;
use crate::problem::Problem;

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ada@example.com"}))]
pub(crate) struct RequestPasswordReset {
    /// What they sign in with.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
}

/// A link, and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "secret": "Jv1n9sYw3cQ0mT5bX7kZ2rL8pF4hD6gA1eU9oI3yWqS", "password": "incorrect horse staple"
}))]
pub(crate) struct ResetPassword {
    /// What follows `#` in the link.
    #[schema(min_length = 1)]
    pub secret: String,
    /// The new password.
    #[schema(format = Password, min_length = 10, max_length = 1024)]
    pub password: String,
}

/// Ask for a new password
///
/// Mails a link to the address, if somebody has it. The answer is the same, and takes as long, if nobody does.
#[utoipa::path(
    post, path = "/password-resets", tag = "session", operation_id = "requestPasswordReset", security(()),
    request_body = RequestPasswordReset,
    responses(
        (status = 202, description = "If somebody has the address, a link is on its way."),
        (status = 409, description = "The hub sends no mail. An operator can make a link."),
        (status = 429, description = "Too many tries from this address or for this account."),
    ),
)]
pub(crate) async fn request_password_reset(
    State(state): State<ApiState>,
    _: LinkTry,
    SmallBody(value): SmallBody<RequestPasswordReset>,
) -> Result<StatusCode, Problem> {
    let email = value.email.trim().to_lowercase();
    state.throttle().reset(&email)?;
    if state.mailed_links().is_none() {
        return Err(Problem::conflict(
            "no_mail",
            "this hub does not send email; ask an operator for a link to reset your password",
        ));
    }
    let now = state.now();
    let work = MailPasswordReset::to(&email);
    state.storage().queue_task(&work, now, now).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Choose a new password
///
/// By a link that was mailed, or that an operator made. It works once, within an hour. Every session of the person ends.
#[utoipa::path(
    post, path = "/password-resets/complete", tag = "session", operation_id = "resetPassword", security(()),
    request_body = ResetPassword,
    responses(
        (status = 204, description = "The new password signs in."),
        (status = 404, description = "The link is unknown, or was used or replaced, or has expired."),
        (status = 429, description = "Too many tries from this address."),
    ),
)]
pub(crate) async fn reset_password(
    State(state): State<ApiState>,
    _: LinkTry,
    device: Device,
    SmallBody(value): SmallBody<ResetPassword>,
) -> Result<StatusCode, Problem> {
    check_password("/password", &value.password)?;
    let secret = Secret::new(value.secret).hash();
    // A slow hash is made for who holds a link, and nobody else.
    if !state
        .storage()
        .is_password_reset(secret, state.now())
        .await?
    {
        return Err(Problem::not_found("link"));
    }
    let hash = state.passwords().hash(value.password).await?;
    let storage = state.storage();
    let user = storage
        .reset_password(secret, &hash, device.origin, state.now())
        .await?;
    state.known().forget_person(user.id);
    Ok(StatusCode::NO_CONTENT)
}
