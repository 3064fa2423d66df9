//! The first run: who holds the printed code becomes the first owner.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use peekaboo_storage::{Entity, Error as StorageError, Key, NewOrganization, NewUser};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::organizations::key_from_name;
use super::session::{Session, signed_in};
use crate::ApiState;
use crate::auth::device::Device;
use crate::auth::setup_code;
use crate::guard::check_password;
use crate::http::{Address, SmallBody};
use crate::problem::Problem;

/// Whether this installation still waits for its first owner.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct SetupState {
    /// True until the first owner is made.
    pub required: bool,
}

/// The first owner and their organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "F4TN-9K2M-QW7C-X3PD", "name": "Ada Lovelace", "email": "ada@example.com",
    "password": "correct horse battery", "organization": {"name": "Acme"}
}))]
pub(crate) struct CompleteSetup {
    /// The one-time code that the hub printed when it started.
    pub code: String,
    /// The owner's name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What the owner signs in with.
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// What the owner signs in with.
    #[schema(format = Password, min_length = 10, max_length = 1024)]
    pub password: String,
    /// Their organisation.
    pub organization: SetupOrganization,
}

/// The first organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupOrganization {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Its key in URLs; made from the name where it is left out.
    #[schema(value_type = Option<String>, pattern = "^[a-z0-9][a-z0-9._-]{0,99}$", nullable = false)]
    pub key: Option<Key>,
}

/// Whether setup is needed
#[utoipa::path(
    get, path = "/setup", tag = "setup", operation_id = "getSetup", security(()),
    responses((status = 200, description = "Whether the first owner is still to be made.", body = SetupState)),
)]
pub(crate) async fn get_setup(State(state): State<ApiState>) -> Result<Json<SetupState>, Problem> {
    let required = state.storage().setup_required().await?;
    Ok(Json(SetupState { required }))
}

/// Make the first owner
///
/// Works once, with the code that the hub printed at its start, and signs the owner in.
#[utoipa::path(
    post, path = "/setup", tag = "setup", operation_id = "completeSetup", security(()),
    request_body = CompleteSetup,
    responses(
        (status = 201, description = "The owner is made and signed in.", body = Session,
            headers(("Set-Cookie" = String, description = "The session."))),
        (status = 409, description = "Setup is done already."),
        (status = 429, description = "Too many wrong codes."),
    ),
)]
pub(crate) async fn complete_setup(
    State(state): State<ApiState>,
    Address(address): Address,
    device: Device,
    SmallBody(setup): SmallBody<CompleteSetup>,
) -> Result<Response, Problem> {
    if !state.storage().setup_required().await? {
        return Err(already_done());
    }
    let organization = NewOrganization {
        key: match setup.organization.key {
            Some(key) => key,
            None => key_from_name("/organization/key", &setup.organization.name)?,
        },
        name: setup.organization.name,
    };
    check_password("/password", &setup.password)?;
    let mut owner = NewUser {
        email: setup.email,
        name: setup.name,
        password_hash: String::new(),
    };
    owner.check()?;
    organization.check().map_err(in_organization)?;
    // A slip in a field is no try at the code.
    state.throttle().setup(address)?;
    owner.password_hash = state.passwords().hash(setup.password).await?;
    let code = setup_code::normalized(&setup.code).hash();
    let made = state
        .storage()
        .set_up_with_code(code, organization, owner, state.now())
        .await;
    match made {
        Ok((_, owner)) => signed_in(&state, owner, device, StatusCode::CREATED, None).await,
        Err(StorageError::NotFound {
            what: Entity::SetupCode,
        }) => {
            if !state.storage().setup_required().await? {
                return Err(already_done());
            }
            Err(Problem::field(
                "/code",
                "wrong_code",
                "wrong code; enter the one that the hub printed when it last started",
            ))
        }
        Err(error) => Err(error.into()),
    }
}

/// The fields of an organisation stand in one of their own here.
fn in_organization(error: StorageError) -> StorageError {
    match error {
        StorageError::Invalid(mut problems) => {
            for problem in &mut problems {
                problem.pointer.insert_str(0, "/organization");
            }
            StorageError::Invalid(problems)
        }
        error => error,
    }
}

fn already_done() -> Problem {
    Problem::conflict(
        "already_set_up",
        "this hub is already set up; sign in instead",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::ensure_setup_code;
    use crate::config::{ApiConfig, Rate};
    use crate::harness::{Caller, TestApi};
    use axum::http::Method;
    use serde_json::{Value, json};
    use std::num::NonZeroU32;
    use std::time::Duration;

    async fn code(api: &TestApi) -> String {
        let code = ensure_setup_code(&api.storage, &peekaboo_storage::OsEntropy, api.now()).await;
        code.unwrap().unwrap().expose().to_owned()
    }

    fn setup(code: &str) -> Value {
        json!({
            "code": code, "name": "Ada", "email": "Ada@Example.com",
            "password": "correct horse battery", "organization": {"name": "Acme & Co"}
        })
    }

    #[tokio::test]
    async fn the_holder_of_the_printed_code_becomes_owner() {
        let api = TestApi::empty().await;
        let code = code(&api).await;
        assert_eq!(
            api.get(&Caller::Nobody, "/setup").await.body["required"],
            true
        );

        let made = api
            .call(&Caller::Nobody, Method::POST, "/setup")
            .json(setup(&code.to_lowercase()))
            .expect(StatusCode::CREATED)
            .await;
        assert_eq!(made.body["user"]["email"], "ada@example.com");
        let acme = json!({
            "key": "acme-co", "name": "Acme & Co", "role": "owner", "requiresSecondFactor": false, "suspended": false
        });
        assert_eq!(made.body["organizations"], json!([acme]));

        let ada = made.session();
        api.get(&ada, "/organizations/acme-co").await;
        assert_eq!(
            api.get(&Caller::Nobody, "/setup").await.body["required"],
            false
        );
    }

    #[tokio::test]
    async fn the_code_works_once() {
        let api = TestApi::empty().await;
        let code = code(&api).await;
        let call = || {
            api.call(&Caller::Nobody, Method::POST, "/setup")
                .json(setup(&code))
        };
        call().expect(StatusCode::CREATED).await;
        call().refused(StatusCode::CONFLICT, "already_set_up").await;
        let another =
            ensure_setup_code(&api.storage, &peekaboo_storage::OsEntropy, api.now()).await;
        assert!(
            another.unwrap().is_none(),
            "there is nothing left to set up"
        );
    }

    #[tokio::test]
    async fn a_wrong_code_makes_nobody_owner() {
        let api = TestApi::empty().await;
        code(&api).await;
        api.call(&Caller::Nobody, Method::POST, "/setup")
            .json(setup("AAAA-AAAA-AAAA-AAAA"))
            .invalid("/code", "wrong_code")
            .await;
        assert_eq!(
            api.get(&Caller::Nobody, "/setup").await.body["required"],
            true
        );
    }

    #[tokio::test]
    async fn a_slip_in_a_field_is_no_try_at_the_code() {
        let once = Rate::new(NonZeroU32::MIN, Duration::from_hours(1));
        let api = TestApi::with(ApiConfig {
            setup_by_address: once,
            setup_tries: once,
            ..ApiConfig::default()
        })
        .await;
        let code = code(&api).await;
        let send = |body| api.call(&Caller::Nobody, Method::POST, "/setup").json(body);
        for (member, value, pointer) in [
            ("password", json!("short"), "/password"),
            ("email", json!("nobody"), "/email"),
            ("name", json!(" "), "/name"),
            (
                "organization",
                json!({"name": " ", "key": "acme"}),
                "/organization/name",
            ),
        ] {
            let mut body = setup(&code);
            body[member] = value;
            let refused = send(body)
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
                .await;
            assert_eq!(refused.body["errors"][0]["pointer"], pointer);
        }
        send(setup(&code)).expect(StatusCode::CREATED).await;
    }

    #[tokio::test]
    async fn a_stranger_who_guesses_keeps_nobody_else_out() {
        let api = TestApi::with(ApiConfig {
            setup_by_address: Rate::new(NonZeroU32::MIN, Duration::from_hours(1)),
            ..ApiConfig::default()
        })
        .await;
        let code = code(&api).await;
        let send = |code: &str, address: &str| {
            api.call(&Caller::Nobody, Method::POST, "/setup")
                .json(setup(code))
                .from(address)
        };
        send("AAAA-AAAA-AAAA-AAAA", "192.0.2.1")
            .invalid("/code", "wrong_code")
            .await;
        send(&code, "192.0.2.1")
            .refused(StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
            .await;
        send(&code, "192.0.2.2").expect(StatusCode::CREATED).await;
    }

    #[tokio::test]
    async fn codes_cannot_be_guessed_at_will_from_many_addresses() {
        let api = TestApi::with(ApiConfig {
            setup_tries: Rate::new(NonZeroU32::MIN, Duration::from_hours(1)),
            ..ApiConfig::default()
        })
        .await;
        let code = code(&api).await;
        let call = |code, address| {
            api.call(&Caller::Nobody, Method::POST, "/setup")
                .json(setup(code))
                .from(address)
        };
        call("AAAA-AAAA-AAAA-AAAA", "192.0.2.1")
            .invalid("/code", "wrong_code")
            .await;
        let refused = call(&code, "192.0.2.2")
            .refused(StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
            .await;
        assert!(refused.headers.contains_key("retry-after"));
    }

    #[tokio::test]
    async fn what_is_wrong_with_the_owner_is_told_by_field() {
        let api = TestApi::empty().await;
        let code = code(&api).await;
        for (member, value, pointer, expected) in [
            ("password", json!("short"), "/password", "too_short"),
            ("email", json!("nobody"), "/email", "malformed"),
            (
                "organization",
                json!({"name": "✓"}),
                "/organization/key",
                "required",
            ),
            (
                "organization",
                json!({"name": "Acme", "key": "A B"}),
                "/organization/key",
                "malformed_key",
            ),
        ] {
            let mut body = setup(&code);
            body[member] = value;
            let call = api.call(&Caller::Nobody, Method::POST, "/setup").json(body);
            call.invalid(pointer, expected).await;
        }
        let call = api
            .call(&Caller::Nobody, Method::POST, "/setup")
            .json(setup(&code));
        call.expect(StatusCode::CREATED).await;
    }
}
