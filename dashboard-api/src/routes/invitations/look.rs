//! What an invitation's link leads to.

use axum::Json;
use axum::extract::State;
use peekaboo_policy::BuiltIn;
use peekaboo_storage::Secret;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::tries::LinkTry;
use crate::http::SmallBody;
use crate::model::RoleSchema;
use crate::problem::Problem;

/// The secret of an invitation's link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"secret": "Jv1n9sYw3cQ0mT5bX7kZ2rL8pF4hD6gA1eU9oI3yWqS"}))]
pub(crate) struct LookAtInvitation {
    /// What follows `#` in the link.
    #[schema(min_length = 1)]
    pub secret: String,
}

/// What the holder of an invitation's link learns of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationOffer {
    /// The organization's name.
    pub organization: String,
    /// Whom it is for: only an account with this address can accept it.
    pub email: String,
    /// The role that they get.
    #[schema(value_type = RoleSchema)]
    pub role: BuiltIn,
    /// Who sent it.
    pub invited_by: String,
    /// From when on it cannot be accepted.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// Look at an invitation
///
/// Requires the invitation's link. The answer does not reveal whether its address has an account.
#[utoipa::path(
    post, path = "/invitations/look", tag = "session", operation_id = "lookAtInvitation", security(()),
    request_body = LookAtInvitation,
    responses(
        (status = 200, description = "What it offers.", body = InvitationOffer),
        (status = 404, description = "The link is unknown, or was used, replaced or revoked, or has expired."),
        (status = 429, description = "Too many tries from this address."),
    ),
)]
pub(crate) async fn look_at_invitation(
    State(state): State<ApiState>,
    _: LinkTry,
    SmallBody(value): SmallBody<LookAtInvitation>,
) -> Result<Json<InvitationOffer>, Problem> {
    let secret = Secret::new(value.secret).hash();
    let open = state.storage().open_invitation(secret, state.now()).await?;
    let open = open.ok_or_else(|| Problem::not_found("invitation"))?;
    Ok(Json(InvitationOffer {
        organization: open.organization.name,
        email: open.invitation.email,
        role: open.invitation.role,
        invited_by: open.invitation.inviter.name,
        expires_at: open.invitation.expires_at,
    }))
}
