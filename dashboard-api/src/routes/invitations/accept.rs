//! Accepting an invitation, with a new account or as who is signed in.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use peekaboo_storage::{Entity, Error as StorageError, Invitee, Secret, SecretHash};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::credential::session_of;
use crate::auth::device::Device;
use crate::auth::tries::LinkTry;
use crate::auth::visitor::Visitor;
use crate::guard::check_password;
use crate::http::SmallBody;
use crate::problem::Problem;
use crate::routes::session::{Session, signed_in};

/// An invitation, and the account to make for it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "secret": "Jv1n9sYw3cQ0mT5bX7kZ2rL8pF4hD6gA1eU9oI3yWqS",
    "account": {"name": "Grace Hopper", "password": "correct horse battery"}
}))]
pub(crate) struct AcceptInvitation {
    /// What follows `#` in the link.
    #[schema(min_length = 1)]
    pub secret: String,
    /// The account to make, with the invitation's address. Left out by who is signed in with that address.
    #[serde(default)]
    #[schema(nullable = false)]
    pub account: Option<NewAccount>,
}

/// An account to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// What the person is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What they will sign in with.
    #[schema(format = Password, min_length = 10, max_length = 1024)]
    pub password: String,
}

/// Accept an invitation
///
/// The invitation's address, organization and role cannot be changed. It works once.
#[utoipa::path(
    post, path = "/invitations/accept", tag = "session", operation_id = "acceptInvitation",
    security((), ("session" = [])), request_body = AcceptInvitation,
    responses(
        (status = 200, description = "The person belongs to the organization and is signed in.", body = Session,
            headers(("Set-Cookie" = String, description = "The session."))),
        (status = 401, description = "Nobody is signed in, and no account was given."),
        (status = 404, description = "The link is unknown, or was used, replaced or revoked, or has expired."),
        (status = 409, description = "Somebody has the address, or the person is a member already."),
        (status = 429, description = "Too many tries from this address."),
    ),
)]
pub(crate) async fn accept_invitation(
    State(state): State<ApiState>,
    _: LinkTry,
    device: Device,
    headers: HeaderMap,
    Visitor(visitor): Visitor,
    SmallBody(value): SmallBody<AcceptInvitation>,
) -> Result<Response, Problem> {
    let secret = Secret::new(value.secret).hash();
    // A slow hash is made for who holds an invitation, and nobody else.
    refuse_unknown(&state, secret).await?;
    let invitee = match value.account {
        Some(account) => new_account(&state, account).await?,
        None => Invitee::Known(visitor?.person()?.id),
    };
    let accepted = state
        .storage()
        .accept_invitation(secret, invitee, device.origin.clone(), state.now())
        .await;
    match accepted {
        Ok(user) => signed_in(&state, user, device, StatusCode::OK, session_of(&headers)).await,
        Err(StorageError::AlreadyExists {
            what: Entity::User, ..
        }) => Err(Problem::conflict(
            "account_exists",
            "an account with this address already exists; sign in to accept the invitation",
        )),
        Err(error) => Err(error.into()),
    }
}

async fn refuse_unknown(state: &ApiState, secret: SecretHash) -> Result<(), Problem> {
    let open = state.storage().open_invitation(secret, state.now()).await?;
    open.map(drop)
        .ok_or_else(|| Problem::not_found("invitation"))
}

async fn new_account(state: &ApiState, account: NewAccount) -> Result<Invitee, Problem> {
    check_password("/account/password", &account.password)?;
    Ok(Invitee::New {
        name: account.name,
        password_hash: state.passwords().hash(account.password).await?,
    })
}
