//! Taking an invitation back.

use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::InvitationId;

use crate::ApiState;
use crate::auth::may;
use crate::http::{Path, WriteComment};
use crate::problem::Problem;
use crate::routes::path::InvitationPath;

/// Revoke an invitation
#[utoipa::path(
    delete, path = "/organizations/{org}/invitations/{invitation}", tag = "members", operation_id = "revokeInvitation",
    extensions(("x-permission" = json!("member.invite"))), params(InvitationPath, WriteComment),
    responses((status = 204, description = "Nobody can accept it any more.")),
)]
pub(crate) async fn revoke_invitation(
    State(state): State<ApiState>,
    may::MemberInvite(member): may::MemberInvite,
    Path(path): Path<InvitationPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let id = InvitationId::from_uuid(path.invitation);
    let by = member.attribution(&state, comment);
    state
        .storage()
        .revoke_invitation(member.tenant(), id, &by)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
