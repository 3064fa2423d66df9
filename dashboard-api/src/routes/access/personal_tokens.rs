//! Personal tokens: a person's own access in one organization, for their scripts.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use peekaboo_policy::BuiltIn;
use peekaboo_storage::{NewApiToken, NewTokenBearer, TokensOf};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::PersonHere;
use crate::http::{Body, IdempotencyKey, Once, Page, PageQuery, Path, WriteComment};
use crate::model::RoleSchema;
use crate::problem::Problem;
use crate::routes::deadline;
use crate::routes::path::{OrganizationPath, TokenPath};
use crate::routes::tokens::{CreatedToken, TokenPage, create, revoke};

/// A personal token to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "laptop", "atMost": "viewer", "expiresAt": "2027-01-01T00:00:00Z"}))]
pub(crate) struct CreatePersonalToken {
    /// What it is for.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Limits the token to what this role may, of what its owner may.
    #[schema(value_type = Option<RoleSchema>)]
    pub at_most: Option<BuiltIn>,
    /// When it stops working; never where it is left out.
    #[serde(default, deserialize_with = "crate::model::given_time")]
    pub expires_at: Option<OffsetDateTime>,
}

/// List the caller's personal tokens
#[utoipa::path(
    get, path = "/organizations/{org}/personal-tokens", tag = "access", operation_id = "listPersonalTokens",
    security(("session" = [])), params(OrganizationPath, PageQuery),
    responses(
        (status = 200, description = "The tokens, newest first.", body = TokenPage),
        (status = 403, description = "A token asks; personal tokens are for people who are signed in."),
    ),
)]
pub(crate) async fn list_personal_tokens(
    State(state): State<ApiState>,
    PersonHere { member, id }: PersonHere,
    page: PageQuery,
) -> Result<Json<TokenPage>, Problem> {
    let of = TokensOf::Member(id);
    let (storage, tenant) = (state.storage(), member.tenant());
    let tokens = storage.api_tokens(tenant, of, &page.into()).await?;
    Ok(Json(Page::of(tokens)))
}

/// Create a personal token
///
/// It may do what its owner may at the time, in this organization only, and stops working when they leave it.
#[utoipa::path(
    post, path = "/organizations/{org}/personal-tokens", tag = "access", operation_id = "createPersonalToken",
    security(("session" = [])), params(OrganizationPath, IdempotencyKey, WriteComment),
    request_body = CreatePersonalToken,
    responses((status = 201, description = "The token, with its secret.", body = CreatedToken)),
)]
pub(crate) async fn create_personal_token(
    State(state): State<ApiState>,
    PersonHere { member, id }: PersonHere,
    idempotency: IdempotencyKey,
    WriteComment { comment }: WriteComment,
    body: Body<CreatePersonalToken>,
) -> Result<Response, Problem> {
    deadline::in_future("/expiresAt", body.value.expires_at, state.now())?;
    let what = ("createPersonalToken", member.tenant());
    let once = Once::new(&member, idempotency, what, &body);
    let new = NewApiToken {
        name: body.value.name,
        bearer: NewTokenBearer::Member {
            user: id,
            at_most: body.value.at_most,
        },
        expires_at: body.value.expires_at,
    };
    create(&state, &member, new, once, comment).await
}

/// Revoke a personal token
///
/// The caller's own. Callers with `member.manage` can also revoke those of other members.
#[utoipa::path(
    delete, path = "/organizations/{org}/personal-tokens/{token}", tag = "access",
    operation_id = "revokePersonalToken", security(("session" = [])), params(TokenPath, WriteComment),
    responses((status = 204, description = "It no longer works.")),
)]
pub(crate) async fn revoke_personal_token(
    State(state): State<ApiState>,
    PersonHere { member, .. }: PersonHere,
    Path(path): Path<TokenPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    revoke(&state, &member, &path, comment).await
}
