//! What a person is called, and their time zone.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::person::person;
use crate::ApiState;
use crate::auth::Principal;
use crate::http::Body;
use crate::problem::Problem;
use crate::routes::session::Session;

/// What changes of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Ada Lovelace", "timeZone": "Europe/London"}))]
pub(crate) struct UpdateAccount {
    /// What the person is called.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// Their time zone, as `Europe/Berlin`; null for that of their browser.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(value_type = Option<String>, max_length = 64)]
    #[expect(clippy::option_option, reason = "absent and null differ")]
    pub time_zone: Option<Option<String>>,
}

/// Change the own account
#[utoipa::path(
    patch, path = "/account", tag = "account", operation_id = "updateAccount", security(("session" = [])),
    request_body = UpdateAccount,
    responses((status = 200, description = "The person, as they are now.", body = Session)),
)]
pub(crate) async fn update_account(
    State(state): State<ApiState>,
    principal: Principal,
    Body { value: change, .. }: Body<UpdateAccount>,
) -> Result<Json<Session>, Problem> {
    let before = person(&state, &principal).await?;
    let name = change.name.unwrap_or(before.name);
    let time_zone = change.time_zone.unwrap_or(before.time_zone);
    let user = state
        .storage()
        .update_profile(before.id, &name, time_zone.as_deref(), state.now())
        .await?;
    let memberships = principal.identity.memberships.iter().cloned();
    let second_factor = principal.identity.second_factor;
    Ok(Json(Session::new(&state, user, second_factor, memberships)))
}
