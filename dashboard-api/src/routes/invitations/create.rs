//! Inviting somebody.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use peekaboo_policy::BuiltIn;
use peekaboo_storage::{Invitation, NewInvitation, Secret};
use serde::Deserialize;
use utoipa::ToSchema;

use super::invitation::{InvitationDelivery, SentInvitation};
use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, IdempotencyKey, Once, Reply, WriteComment};
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
    extensions(("x-permission" = json!("member.invite"))), params(OrganizationPath, IdempotencyKey, WriteComment),
    request_body = CreateInvitation,
    responses(
        (status = 201, description = "The invitation, with its link unless it was mailed.", body = SentInvitation),
        (status = 409, description = "They are a member or invited already, or the hub sends no mail."),
    ),
)]
pub(crate) async fn create_invitation(
    State(state): State<ApiState>,
    may::MemberInvite(member): may::MemberInvite,
    idempotency: IdempotencyKey,
    WriteComment { comment }: WriteComment,
    body: Body<CreateInvitation>,
) -> Result<Response, Problem> {
    let what = ("createInvitation", member.tenant());
    let once = Once::new(&member, idempotency, what, &body);
    let value = body.value;
    let delivery = InvitationDelivery::choose(value.delivery, &state)?;
    let by = member.attribution(&state, comment);
    let new = NewInvitation {
        email: value.email,
        role: value.role,
    };
    let (storage, tenant) = (state.storage(), member.tenant());
    let dashboard = state.config().dashboard_url.clone();
    let reply = move |(invitation, secret): (Invitation, Secret)| {
        Reply::created(&SentInvitation::new(invitation, &secret, &dashboard))
    };
    let Some(once) = once else {
        let sent = storage.invite(tenant, new, delivery, &by).await?;
        return Ok(reply(sent)?.into_response());
    };
    let request = once.request(reply);
    let sent = storage.invite_once(tenant, new, delivery, &by, request);
    once.respond(Box::pin(sent).await?)
}
