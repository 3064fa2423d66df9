//! Invitations: bringing people into an organization.

mod accept;
mod create;
mod invitation;
mod list;
mod look;
mod resend;
mod revoke;
#[cfg(test)]
mod tests;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

pub(super) use invitation::Invitation;

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_invitations, create::create_invitation))
        .routes(routes!(revoke::revoke_invitation))
        .routes(routes!(resend::resend_invitation))
        .routes(routes!(look::look_at_invitation))
        .routes(routes!(accept::accept_invitation))
}
