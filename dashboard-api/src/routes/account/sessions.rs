//! Where a person is signed in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::{SessionEntry, SessionId};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiState;
use crate::auth::Principal;
use crate::http::{Page, Path};
use crate::problem::Problem;
use crate::routes::path::SessionPath;

/// A session of the person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountSession {
    /// Its id, with which nobody can sign in.
    pub id: Uuid,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The address that the person signed in from; null for a session of an older version.
    #[schema(required)]
    pub address: Option<String>,
    /// What their browser called itself; null where it said nothing.
    #[schema(required)]
    pub user_agent: Option<String>,
    /// When they signed in.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last used, to a minute.
    #[serde(with = "time::serde::rfc3339")]
    pub seen_at: OffsetDateTime,
    /// When it ends unless it is used before.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// The sessions of the person.
pub(crate) type AccountSessionPage = Page<AccountSession>;

/// List the own sessions
#[utoipa::path(
    get, path = "/account/sessions", tag = "account", operation_id = "listSessions", security(("session" = [])),
    responses(
        (status = 200, description = "The sessions, the one used last first.", body = AccountSessionPage),
        (status = 403, description = "A token has no sessions."),
    ),
)]
pub(crate) async fn list_sessions(
    State(state): State<ApiState>,
    principal: Principal,
) -> Result<Json<AccountSessionPage>, Problem> {
    let user = principal.person()?.id;
    let own = SessionId::of(principal.credential.secret().hash());
    let sessions = state.storage().sessions(user, state.now()).await?;
    let sessions = sessions
        .into_iter()
        .map(|session| AccountSession::new(session, own));
    Ok(Json(Page::whole(sessions.collect())))
}

/// End one of the own sessions
#[utoipa::path(
    delete, path = "/account/sessions/{session}", tag = "account", operation_id = "endSession",
    security(("session" = [])), params(SessionPath),
    responses((status = 204, description = "It signs nobody in any more.")),
)]
pub(crate) async fn end_session(
    State(state): State<ApiState>,
    principal: Principal,
    Path(path): Path<SessionPath>,
) -> Result<StatusCode, Problem> {
    let user = principal.person()?.id;
    let by = principal.attribution(&state, None);
    let session = SessionId::from_uuid(path.session);
    state.storage().end_session(user, session, &by).await?;
    state.known().forget_person(user);
    Ok(StatusCode::NO_CONTENT)
}

/// End all other sessions
#[utoipa::path(
    delete, path = "/account/sessions", tag = "account", operation_id = "endOtherSessions",
    security(("session" = [])),
    responses((status = 204, description = "The person is signed in here only.")),
)]
pub(crate) async fn end_other_sessions(
    State(state): State<ApiState>,
    principal: Principal,
) -> Result<StatusCode, Problem> {
    let user = principal.person()?.id;
    let by = principal.attribution(&state, None);
    let keep = principal.credential.secret().hash();
    state.storage().end_other_sessions(user, keep, &by).await?;
    state.known().forget_person(user);
    Ok(StatusCode::NO_CONTENT)
}

impl AccountSession {
    fn new(session: SessionEntry, own: SessionId) -> Self {
        Self {
            id: session.id.as_uuid(),
            current: session.id == own,
            address: session.address,
            user_agent: session.user_agent,
            created_at: session.created_at,
            seen_at: session.seen_at,
            expires_at: session.expires_at,
        }
    }
}
