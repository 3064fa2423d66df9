//! Inviting somebody.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_policy::BuiltIn;
use peekaboo_storage::NewInvitation;
use serde::Deserialize;
use utoipa::ToSchema;

use super::invitation::{InvitationDelivery, SentInvitation};
use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, WriteComment};
use crate::model::RoleSchema;
use crate::problem::Problem;
use crate::routes::path::OrganizationPath;

/// Whom to invite, as what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "grace@example.com", "role": "editor"}))]
pub(crate) struct CreateInvitation {
    /// Whom it is for. Their account will have this address.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// The role that they get: at most the inviter's own.
    #[schema(value_type = RoleSchema)]
    pub role: BuiltIn,
    /// How the link gets to them. By default by mail, or as a link where the hub sends no mail.
    #[serde(default)]
    #[schema(nullable = false)]
    pub delivery: Option<InvitationDelivery>,
}

/// Invite somebody
///
/// The invitation can be accepted once, within 72 hours, and only with its link. Having an account with the same address is
/// not enough.
#[utoipa::path(
    post, path = "/organizations/{org}/invitations", tag = "members", operation_id = "createInvitation",
    extensions(("x-permission" = json!("member.invite"))), params(OrganizationPath, WriteComment),
    request_body = CreateInvitation,
    responses(
        (status = 201, description = "The invitation, with its link unless it was mailed.", body = SentInvitation),
        (status = 409, description = "They are a member or invited already, or the hub sends no mail."),
    ),
)]
pub(crate) async fn create_invitation(
    State(state): State<ApiState>,
    may::MemberInvite(member): may::MemberInvite,
    WriteComment { comment }: WriteComment,
    Body { value: new, .. }: Body<CreateInvitation>,
) -> Result<(StatusCode, Json<SentInvitation>), Problem> {
    let delivery = InvitationDelivery::choose(new.delivery, &state)?;
    let by = member.attribution(&state, comment);
    let new = NewInvitation {
        email: new.email,
        role: new.role,
    };
    let storage = state.storage();
    let (invitation, secret) = storage.invite(member.tenant(), new, delivery, &by).await?;
    let sent = SentInvitation::new(invitation, &secret, &state);
    Ok((StatusCode::CREATED, Json(sent)))
}
