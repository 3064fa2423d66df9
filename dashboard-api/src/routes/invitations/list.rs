//! Listing invitations.

use axum::Json;
use axum::extract::State;

use super::invitation::Invitation;
use crate::ApiState;
use crate::auth::may;
use crate::http::{Page, PageQuery};
use crate::problem::Problem;
use crate::routes::path::OrganizationPath;

/// A page of invitations.
pub(crate) type InvitationPage = Page<Invitation>;

/// List invitations
///
/// Those that nobody has accepted yet, also when they have expired: they can be sent again.
#[utoipa::path(
    get, path = "/organizations/{org}/invitations", tag = "members", operation_id = "listInvitations",
    extensions(("x-permission" = json!("member.read"))), params(OrganizationPath, PageQuery),
    responses((status = 200, description = "The invitations, by e-mail.", body = InvitationPage)),
)]
pub(crate) async fn list_invitations(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    page: PageQuery,
) -> Result<Json<InvitationPage>, Problem> {
    let invitations = state
        .storage()
        .invitations(member.tenant(), &page.into())
        .await?;
    Ok(Json(Page::of(invitations)))
}
