//! Signing in and out.

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use peekaboo_policy::BuiltIn;
use peekaboo_storage::{Membership, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Principal;
use crate::auth::credential::{
    Credential, device_cookie, device_of, no_session_cookie, session_cookie, session_of,
};
use crate::auth::device::Device;
use crate::auth::reauthenticate::{self, Lacking};
use crate::auth::tries::SignInTry;
use crate::guard::{device_mark, is_marked};
use crate::http::{Page, SmallBody};
use crate::model::RoleSchema;
use crate::problem::Problem;
use crate::{ApiState, WhoCreates};

/// Who is signed in, where they belong, and what they can do with their account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact that the dashboard shows by itself"
)]
pub(crate) struct Session {
    /// The person.
    pub user: User,
    /// The organisations that they belong to, by name.
    pub organizations: Vec<SessionOrganization>,
    /// Whether they have shown that they read mail at their address.
    pub email_verified: bool,
    /// Their time zone, as `Europe/Berlin`; null where they never chose one.
    #[schema(required)]
    pub time_zone: Option<String>,
    /// Whether they need a code to sign in.
    pub second_factor: bool,
    /// Whether they run the hub.
    pub operator: bool,
    /// Whether they can create organizations.
    pub creates_organizations: bool,
    /// Whether the hub sends mail: what it needs, such as another address, is not offered otherwise.
    pub sends_mail: bool,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11", "email": "ada@example.com", "name": "Ada Lovelace"}))]
pub(crate) struct User {
    /// Stays the same when the e-mail changes.
    pub id: Uuid,
    /// What they sign in with; lower case.
    pub email: String,
    /// What they are called.
    pub name: String,
}

/// A page of people.
pub(crate) type UserPage = Page<User>;

/// An organisation that the person belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "key": "acme", "name": "Acme", "role": "owner", "requiresSecondFactor": false, "suspended": false
}))]
pub(crate) struct SessionOrganization {
    /// Its key in URLs.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The person's highest built-in role in the whole organization; null where they have none.
    #[schema(value_type = Option<RoleSchema>, required)]
    pub role: Option<BuiltIn>,
    /// Whether it can only be entered with a second factor.
    pub requires_second_factor: bool,
    /// Whether an operator keeps its members out.
    pub suspended: bool,
}

/// What a person signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ada@example.com", "password": "correct horse battery"}))]
pub(crate) struct SignIn {
    /// The e-mail; upper and lower case are the same.
    #[schema(format = Email)]
    pub email: String,
    /// The password.
    #[schema(format = Password)]
    pub password: String,
    /// For accounts with a second factor: the code that the app shows, or a recovery code, which is then used up.
    #[serde(default)]
    #[schema(max_length = 64, nullable = false)]
    pub code: Option<String>,
}

/// Who is signed in
///
/// Being asked puts the session's end off, and with it the cookie's.
#[utoipa::path(
    get, path = "/session", tag = "session", operation_id = "getSession", security(("session" = [])),
    responses((status = 200, description = "The person who is signed in.", body = Session,
        headers(("Set-Cookie" = String, description = "The same session, kept for longer.")))),
)]
pub(crate) async fn get_session(
    State(state): State<ApiState>,
    principal: Principal,
) -> Result<Response, Problem> {
    let Credential::Session(secret) = &principal.credential else {
        return Err(Problem::unauthenticated(
            "tokens have no session; only people sign in and out",
        ));
    };
    let user = principal.person()?.clone();
    let jar = CookieJar::new().add(session_cookie(secret, state.config()));
    // They came with the credential, so this is answered while the database is away too.
    let second_factor = principal.identity.second_factor;
    let memberships = principal.identity.memberships.iter().cloned();
    let session = Session::new(&state, user, second_factor, memberships);
    Ok((jar, Json(session)).into_response())
}

/// Sign in
///
/// Answers 401 alike for an unknown e-mail and a wrong password, and takes as long for either. Where the password is
/// right and the account has a second factor, the answer is 401 `second_factor_required`: send the same again with a code.
#[utoipa::path(
    post, path = "/session", tag = "session", operation_id = "signIn", security(()),
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in.", body = Session,
            headers(("Set-Cookie" = String, description = "The session."))),
        (status = 401, description = "The e-mail or the password is wrong, or a code is needed."),
        (status = 429, description = "Too many tries from this address or for this account."),
    ),
)]
pub(crate) async fn sign_in(
    State(state): State<ApiState>,
    SignInTry(address): SignInTry,
    device: Device,
    headers: HeaderMap,
    SmallBody(given): SmallBody<SignIn>,
) -> Result<Response, Problem> {
    let email = given.email.trim().to_lowercase();
    state.throttle().account_from(address, &email)?;
    let user = state.storage().user_by_email(&email).await?;
    let mark = device_of(&headers);
    let is_known = matches!((&user, &mark), (Some(user), Some(mark)) if is_marked(user, mark));
    if !is_known {
        state.throttle().account(&email)?;
    }
    let code = given.code.as_deref();
    let checked =
        reauthenticate::check(&state, user.as_ref(), given.password, code, &device).await?;
    match (user, checked) {
        (Some(user), Ok(())) => {
            let held = session_of(&headers);
            signed_in(&state, user, device, StatusCode::OK, held).await
        }
        (_, Err(Lacking::Code)) => Err(Problem::second_factor_required(
            "enter the code from your authenticator app, or a recovery code",
        )),
        (_, Err(Lacking::RightCode)) => Err(Problem::second_factor_required(
            "the code is wrong or was already used; wait for the next one",
        )),
        _ => Err(Problem::unauthenticated("wrong email or password")),
    }
}

/// Sign out
///
/// Answers the same whether or not anybody was signed in.
#[utoipa::path(
    delete, path = "/session", tag = "session", operation_id = "signOut", security((), ("session" = [])),
    responses((status = 204, description = "Nobody is signed in any more.",
        headers(("Set-Cookie" = String, description = "Removes the session.")))),
)]
pub(crate) async fn sign_out(
    State(state): State<ApiState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(session) = session_of(&headers) {
        end(&state, &session).await?;
    }
    let jar = CookieJar::new().add(no_session_cookie(state.config()));
    Ok((StatusCode::NO_CONTENT, jar).into_response())
}

/// Begins a new session, and ends the one that the browser held: a session that somebody planted there is worth
/// nothing afterwards.
pub(super) async fn signed_in(
    state: &ApiState,
    user: peekaboo_storage::User,
    device: Device,
    status: StatusCode,
    held: Option<Secret>,
) -> Result<Response, Problem> {
    if let Some(held) = held {
        end(state, &held).await?;
    }
    let lifetime = state.config().session_lifetime();
    let secret = state
        .storage()
        .create_session(device.session(user.id), state.now(), lifetime)
        .await?;
    let jar = CookieJar::new().add(session_cookie(&secret, state.config()));
    let session = state
        .storage()
        .session(secret.hash(), state.now(), lifetime);
    let second_factor = session.await?.is_some_and(|session| session.second_factor);
    let memberships = state.storage().memberships(user.id).await?;
    let marked = device_mark(&user).map(|mark| device_cookie(&mark, state.config()));
    let session = Session::new(state, user, second_factor, memberships);
    let mut response = (status, jar, Json(session)).into_response();
    if let Some(marked) = marked.and_then(|cookie| HeaderValue::from_str(&cookie.to_string()).ok())
    {
        response.headers_mut().append(SET_COOKIE, marked);
    }
    Ok(response)
}

async fn end(state: &ApiState, session: &Secret) -> Result<(), Problem> {
    state.known().forget(session.hash());
    state.storage().delete_session(session.hash()).await?;
    Ok(())
}

impl Session {
    pub(super) fn new(
        state: &ApiState,
        user: peekaboo_storage::User,
        second_factor: bool,
        memberships: impl IntoIterator<Item = Membership>,
    ) -> Self {
        let memberships = memberships.into_iter();
        let mut organizations: Vec<_> = memberships
            .map(|membership| SessionOrganization {
                role: membership.role(),
                key: membership.organization.key.into(),
                name: membership.organization.name,
                requires_second_factor: membership.organization.requires_second_factor,
                suspended: membership.organization.suspended_at.is_some(),
            })
            .collect();
        organizations.sort_by_key(|organization| organization.name.to_lowercase());
        Self {
            organizations,
            email_verified: user.email_verified_at.is_some(),
            time_zone: user.time_zone.clone(),
            second_factor,
            operator: user.is_operator,
            creates_organizations: creates_organizations(state, &user),
            sends_mail: state.mailed_links().is_some(),
            user: user.into(),
        }
    }
}

/// Whether a person can create organizations, as the hub is set up.
pub(super) fn creates_organizations(state: &ApiState, user: &peekaboo_storage::User) -> bool {
    match state.config().create_organizations {
        WhoCreates::Anyone => true,
        WhoCreates::Operators => user.is_operator,
        WhoCreates::Nobody => false,
    }
}

impl From<peekaboo_storage::User> for User {
    fn from(user: peekaboo_storage::User) -> Self {
        Self {
            id: user.id.as_uuid(),
            email: user.email,
            name: user.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ApiConfig, Rate};
    use crate::harness::{Caller, PASSWORD, TestApi};
    use axum::http::Method;
    use serde_json::json;
    use std::num::NonZeroU32;
    use std::time::Duration;

    #[tokio::test]
    async fn whoever_signs_in_is_signed_in_until_they_sign_out() {
        let api = TestApi::empty().await;
        api.organization("acme", "ada@example.com").await;
        let ada = api.sign_in("Ada@Example.com").await;
        let session = api.get(&ada, "/session").await;
        assert_eq!(session.body["user"]["email"], "ada@example.com");
        let acme = json!({
            "key": "acme", "name": "ACME", "role": "owner", "requiresSecondFactor": false, "suspended": false
        });
        assert_eq!(session.body["organizations"], json!([acme]));

        let out = api
            .call(&ada, Method::DELETE, "/session")
            .expect(StatusCode::NO_CONTENT)
            .await;
        assert!(
            out.headers["set-cookie"]
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
        api.call(&ada, Method::GET, "/session")
            .refused(StatusCode::UNAUTHORIZED, "unauthenticated")
            .await;
        api.call(&Caller::Nobody, Method::DELETE, "/session")
            .expect(StatusCode::NO_CONTENT)
            .await;
    }

    #[tokio::test]
    async fn a_wrong_password_and_an_unknown_email_are_answered_alike() {
        let api = TestApi::empty().await;
        api.organization("acme", "ada@example.com").await;
        let try_in = |email: &str, password: &str| {
            api.call(&Caller::Nobody, Method::POST, "/session")
                .json(json!({"email": email, "password": password}))
                .refused(StatusCode::UNAUTHORIZED, "unauthenticated")
        };
        let wrong = try_in("ada@example.com", "wrong").await;
        let unknown = try_in("eve@example.com", PASSWORD).await;
        assert_eq!(wrong.body, unknown.body);
        assert!(!unknown.headers.contains_key("set-cookie"));
    }

    #[tokio::test]
    async fn signing_in_ends_the_session_that_the_browser_held() {
        let api = TestApi::empty().await;
        api.organization("acme", "ada@example.com").await;
        let first = api.sign_in("ada@example.com").await;
        let second = api
            .call(&first, Method::POST, "/session")
            .json(json!({"email": "ada@example.com", "password": PASSWORD}))
            .expect(StatusCode::OK)
            .await
            .session();
        api.get(&second, "/session").await;
        api.call(&first, Method::GET, "/session")
            .expect(StatusCode::UNAUTHORIZED)
            .await;
    }

    #[tokio::test]
    async fn a_session_lasts_as_long_as_it_is_used() {
        let api = TestApi::empty().await;
        api.organization("acme", "ada@example.com").await;
        let ada = api.sign_in("ada@example.com").await;
        for _ in 0..3 {
            api.clock.advance(time::Duration::days(6));
            let kept = api.get(&ada, "/session").await;
            assert!(
                kept.headers["set-cookie"]
                    .to_str()
                    .unwrap()
                    .contains("Max-Age=604800")
            );
        }
        api.clock.advance(time::Duration::days(8));
        api.call(&ada, Method::GET, "/session")
            .expect(StatusCode::UNAUTHORIZED)
            .await;
    }

    #[tokio::test]
    async fn passwords_cannot_be_guessed_at_will() {
        let rate = Rate::new(NonZeroU32::new(2).unwrap(), Duration::from_hours(1));
        let api = TestApi::with(ApiConfig {
            sign_in_by_account: rate,
            ..ApiConfig::default()
        })
        .await;
        api.organization("acme", "ada@example.com").await;
        let try_from = |address: &str| {
            api.call(&Caller::Nobody, Method::POST, "/session")
                .json(json!({"email": "ada@example.com", "password": "wrong"}))
                .from(address)
        };
        try_from("192.0.2.1").expect(StatusCode::UNAUTHORIZED).await;
        try_from("192.0.2.2").expect(StatusCode::UNAUTHORIZED).await;
        let refused = try_from("192.0.2.3")
            .refused(StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
            .await;
        assert!(refused.headers.contains_key("retry-after"));
    }

    #[tokio::test]
    async fn strangers_elsewhere_do_not_lock_an_owner_out() {
        let rate = Rate::new(NonZeroU32::new(3).unwrap(), Duration::from_hours(1));
        let api = TestApi::with(ApiConfig {
            sign_in_by_account: rate,
            ..ApiConfig::default()
        })
        .await;
        api.organization("acme", "ada@example.com").await;
        let try_from = |address: &str, password: &str| {
            api.call(&Caller::Nobody, Method::POST, "/session")
                .json(json!({"email": "ada@example.com", "password": password}))
                .from(address)
        };
        let signed_in = try_from("192.0.2.1", PASSWORD).expect(StatusCode::OK).await;
        let cookies = signed_in.headers.get_all("set-cookie").iter();
        let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
        let mark = cookies.find(|cookie| cookie.starts_with("peekaboo_device="));
        let mark = mark.unwrap().split(';').next().unwrap().to_owned();
        for stranger in 2..4 {
            try_from(&format!("198.51.100.{stranger}"), "wrong")
                .expect(StatusCode::UNAUTHORIZED)
                .await;
        }
        try_from("198.51.100.9", "wrong")
            .expect(StatusCode::TOO_MANY_REQUESTS)
            .await;
        try_from("203.0.113.7", PASSWORD)
            .header("cookie", &mark)
            .header("sec-fetch-site", "same-origin")
            .expect(StatusCode::OK)
            .await;
        try_from("203.0.113.7", PASSWORD)
            .header("cookie", "peekaboo_device=00ff")
            .header("sec-fetch-site", "same-origin")
            .expect(StatusCode::TOO_MANY_REQUESTS)
            .await;
    }

    #[tokio::test]
    async fn a_stranger_sends_no_more_than_a_sign_in_takes() {
        let api = TestApi::empty().await;
        let password = "a".repeat(20_000);
        api.call(&Caller::Nobody, Method::POST, "/session")
            .json(json!({"email": "ada@example.com", "password": password}))
            .refused(StatusCode::PAYLOAD_TOO_LARGE, "too_large")
            .await;
    }

    #[tokio::test]
    async fn the_cookie_holds_nothing_that_the_database_holds() {
        let api = TestApi::empty().await;
        api.organization("acme", "ada@example.com").await;
        let Caller::Session(cookie) = api.sign_in("ada@example.com").await else {
            panic!("expected a session")
        };
        let secret = cookie.split('=').nth(1).unwrap();
        assert!(secret.len() >= 43, "256 bits");
        for file in api.database_files() {
            let stored = std::fs::read(&file).unwrap();
            let found = stored
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{}", file.display());
        }
    }

    #[tokio::test]
    async fn who_is_signed_in_stays_so_while_the_database_is_away() {
        let api = TestApi::empty().await;
        api.organization("acme", "ada@example.com").await;
        let ada = api.sign_in("ada@example.com").await;
        let before = api.get(&ada, "/session").await;
        api.lose_database().await;
        assert_eq!(api.get(&ada, "/session").await.body, before.body);
        assert_eq!(before.body["organizations"][0]["key"], "acme");
    }

    #[tokio::test]
    async fn a_token_has_no_session() {
        let (api, token) = TestApi::with_shop().await;
        api.call(&token, Method::GET, "/session")
            .expect(StatusCode::UNAUTHORIZED)
            .await;
    }
}
