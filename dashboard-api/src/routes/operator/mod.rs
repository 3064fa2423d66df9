//! Running the hub: its organizations from outside, and people who cannot get in.

mod delete;
mod list;
mod reset;
#[cfg(test)]
mod tests;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_operated_organizations))
        .routes(routes!(
            update::update_operated_organization,
            delete::delete_operated_organization
        ))
        .routes(routes!(reset::create_password_reset))
}
