//! A person's own account: what they are called, how they sign in, and where they are signed in.

mod email;
mod password;
mod person;
mod profile;
mod second_factor;
mod sessions;
#[cfg(test)]
mod tests;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(profile::update_account))
        .routes(routes!(password::change_password))
        .routes(routes!(email::request_email_change))
        .routes(routes!(email::confirm_email_change))
        .routes(routes!(
            sessions::list_sessions,
            sessions::end_other_sessions
        ))
        .routes(routes!(sessions::end_session))
        .routes(routes!(
            second_factor::get_second_factor,
            second_factor::begin_second_factor
        ))
        .routes(routes!(second_factor::confirm_second_factor))
        .routes(routes!(second_factor::remove_second_factor))
        .routes(routes!(second_factor::replace_recovery_codes))
}
