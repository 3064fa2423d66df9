//! A code beside the password.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::SecretHash;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::person::person;
use crate::ApiState;
use crate::auth::Principal;
use crate::auth::device::Device;
use crate::auth::reauthenticate::{self, ISSUER};
use crate::guard::{App, recovery_codes, recovery_hash};
use crate::http::Body;
use crate::problem::Problem;

/// A person's second factor.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecondFactor {
    /// Since when it is on; null while it is off.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub enabled_at: Option<OffsetDateTime>,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

/// The person's password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "correct horse battery"}))]
pub(crate) struct BeginSecondFactor {
    /// The person's password.
    #[schema(format = Password)]
    pub password: String,
}

/// What an app needs to show codes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SecondFactorSetup {
    /// To type into the app.
    pub secret: String,
    /// To read as a QR code.
    pub uri: String,
}

/// A code that the app shows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "492039"}))]
pub(crate) struct ConfirmSecondFactor {
    /// The code.
    #[schema(max_length = 64)]
    pub code: String,
}

/// The password and a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "correct horse battery", "code": "492039"}))]
pub(crate) struct ShowSecondFactor {
    /// The person's password.
    #[schema(format = Password)]
    pub password: String,
    /// The code that the app shows, or a recovery code.
    #[schema(max_length = 64)]
    pub code: String,
}

/// Codes for when the app is lost.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Each signs in once, in the place of the app's code. They are shown only now.
    pub codes: Vec<String>,
}

/// Get the own second factor
#[utoipa::path(
    get, path = "/account/second-factor", tag = "account", operation_id = "getSecondFactor",
    security(("session" = [])),
    responses(
        (status = 200, description = "Whether it is on.", body = SecondFactor),
        (status = 403, description = "A token has no second factor."),
    ),
)]
pub(crate) async fn get_second_factor(
    State(state): State<ApiState>,
    principal: Principal,
) -> Result<Json<SecondFactor>, Problem> {
    let user = principal.person()?.id;
    let factor = state.storage().second_factor(user).await?;
    let factor = factor.filter(|factor| factor.confirmed_at.is_some());
    Ok(Json(SecondFactor {
        enabled_at: factor.as_ref().and_then(|factor| factor.confirmed_at),
        recovery_codes: factor.map_or(0, |factor| factor.recovery_codes),
    }))
}

/// Set a second factor up
///
/// Gives what an app needs to show codes. Nothing is asked for before the first code is confirmed.
#[utoipa::path(
    post, path = "/account/second-factor", tag = "account", operation_id = "beginSecondFactor",
    security(("session" = [])), request_body = BeginSecondFactor,
    responses(
        (status = 201, description = "What the app needs. It is shown only now.", body = SecondFactorSetup),
        (status = 409, description = "It is on already, or the hub has no secret key."),
        (status = 429, description = "Too many tries."),
    ),
)]
pub(crate) async fn begin_second_factor(
    State(state): State<ApiState>,
    principal: Principal,
    device: Device,
    Body { value, .. }: Body<BeginSecondFactor>,
) -> Result<(StatusCode, Json<SecondFactorSetup>), Problem> {
    let user = person(&state, &principal).await?;
    reauthenticate::confirm_password(&state, &user, "/password", value.password, &device).await?;
    let seed = App::seed();
    state
        .storage()
        .begin_second_factor(user.id, &seed, state.now())
        .await?;
    let app = App::new(&seed, ISSUER, &user.email)?;
    let setup = SecondFactorSetup {
        secret: app.secret(),
        uri: app.uri()?,
    };
    Ok((StatusCode::CREATED, Json(setup)))
}

/// Turn the second factor on
///
/// With a code that the app shows. From then on nobody signs in as this person without one.
#[utoipa::path(
    post, path = "/account/second-factor/confirm", tag = "account", operation_id = "confirmSecondFactor",
    security(("session" = [])), request_body = ConfirmSecondFactor,
    responses(
        (status = 200, description = "Codes for when the app is lost.", body = RecoveryCodes),
        (status = 404, description = "None is being set up."),
        (status = 429, description = "Too many tries."),
    ),
)]
pub(crate) async fn confirm_second_factor(
    State(state): State<ApiState>,
    principal: Principal,
    device: Device,
    Body { value, .. }: Body<ConfirmSecondFactor>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let user = person(&state, &principal).await?;
    state.throttle().confirm(device.ip, &user.email)?;
    let factor = state.storage().second_factor(user.id).await?;
    let factor = factor
        .filter(|factor| factor.confirmed_at.is_none())
        .ok_or_else(|| Problem::not_found("second factor"))?;
    let app = App::new(&factor.seed, ISSUER, &user.email)?;
    let step = app.step(&value.code, state.now()).ok_or_else(|| {
        Problem::field(
            "/code",
            "wrong",
            "the code is wrong; enter the one that the app shows now, and check the clock of its device",
        )
    })?;
    let codes = recovery_codes();
    let by = principal.attribution(&state, None);
    state
        .storage()
        .confirm_second_factor(user.id, step, &hashes(&codes), &by)
        .await?;
    state.known().forget_person(user.id);
    Ok(Json(RecoveryCodes { codes }))
}

/// Turn the second factor off
#[utoipa::path(
    post, path = "/account/second-factor/remove", tag = "account", operation_id = "removeSecondFactor",
    security(("session" = [])), request_body = ShowSecondFactor,
    responses(
        (status = 204, description = "The password is enough again."),
        (status = 429, description = "Too many tries."),
    ),
)]
pub(crate) async fn remove_second_factor(
    State(state): State<ApiState>,
    principal: Principal,
    device: Device,
    Body { value, .. }: Body<ShowSecondFactor>,
) -> Result<StatusCode, Problem> {
    let user = person(&state, &principal).await?;
    reauthenticate::confirm(&state, &user, value.password, Some(&value.code), &device).await?;
    let by = principal.attribution(&state, None);
    state.storage().remove_second_factor(user.id, &by).await?;
    state.known().forget_person(user.id);
    Ok(StatusCode::NO_CONTENT)
}

/// Make new recovery codes
///
/// Those before them no longer work.
#[utoipa::path(
    post, path = "/account/second-factor/recovery-codes", tag = "account", operation_id = "replaceRecoveryCodes",
    security(("session" = [])), request_body = ShowSecondFactor,
    responses(
        (status = 200, description = "The new codes.", body = RecoveryCodes),
        (status = 404, description = "The second factor is off."),
        (status = 429, description = "Too many tries."),
    ),
)]
pub(crate) async fn replace_recovery_codes(
    State(state): State<ApiState>,
    principal: Principal,
    device: Device,
    Body { value, .. }: Body<ShowSecondFactor>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let user = person(&state, &principal).await?;
    let factor = state.storage().second_factor(user.id).await?;
    if factor.is_none_or(|factor| factor.confirmed_at.is_none()) {
        return Err(Problem::not_found("second factor"));
    }
    reauthenticate::confirm(&state, &user, value.password, Some(&value.code), &device).await?;
    let codes = recovery_codes();
    let by = principal.attribution(&state, None);
    state
        .storage()
        .replace_recovery_codes(user.id, &hashes(&codes), &by)
        .await?;
    Ok(Json(RecoveryCodes { codes }))
}

fn hashes(codes: &[String]) -> Vec<SecretHash> {
    codes
        .iter()
        .filter_map(|code| recovery_hash(code))
        .collect()
}
