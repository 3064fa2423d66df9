//! Sending an invitation again.

use axum::Json;
use axum::extract::State;
use peekaboo_storage::InvitationId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::invitation::{InvitationDelivery, SentInvitation};
use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, Path, WriteComment};
use crate::problem::Problem;
use crate::routes::path::InvitationPath;

/// How to send it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"delivery": "link"}))]
pub(crate) struct ResendInvitation {
    /// How the link gets to them. By default by mail, or as a link where the hub sends no mail.
    #[serde(default)]
    #[schema(nullable = false)]
    pub delivery: Option<InvitationDelivery>,
}

/// Send an invitation again
///
/// With another link, which works for another 72 hours. The link before it no longer works.
#[utoipa::path(
    post, path = "/organizations/{org}/invitations/{invitation}/resend", tag = "members", operation_id = "resendInvitation",
    extensions(("x-permission" = json!("member.invite"))), params(InvitationPath, WriteComment),
    request_body = ResendInvitation,
    responses(
        (status = 200, description = "The invitation, with its link unless it was mailed.", body = SentInvitation),
        (status = 409, description = "The hub sends no mail."),
    ),
)]
pub(crate) async fn resend_invitation(
    State(state): State<ApiState>,
    may::MemberInvite(member): may::MemberInvite,
    Path(path): Path<InvitationPath>,
    WriteComment { comment }: WriteComment,
    Body { value: how, .. }: Body<ResendInvitation>,
) -> Result<Json<SentInvitation>, Problem> {
    let id = InvitationId::from_uuid(path.invitation);
    let delivery = InvitationDelivery::choose(how.delivery, &state)?;
    let by = member.attribution(&state, comment);
    let storage = state.storage();
    let sent = storage.resend_invitation(member.tenant(), id, delivery, &by);
    let (invitation, secret) = sent.await?;
    let dashboard = &state.config().dashboard_url;
    Ok(Json(SentInvitation::new(invitation, &secret, dashboard)))
}
