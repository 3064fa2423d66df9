//! API tokens: credentials for machines.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use peekaboo_policy::BuiltIn;
use peekaboo_storage::{
    ApiToken, ApiTokenId, NewApiToken, NewTokenBearer, Secret, TokenBearer, TokensOf,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::given;
use super::path::{OrganizationPath, TokenPath};
use crate::ApiState;
use crate::auth::{Member, may};
use crate::http::{Body, IdempotencyKey, Once, Page, PageQuery, Path, Reply, WriteComment};
use crate::model::{GrantScope, RoleSchema};
use crate::problem::Problem;

/// An API token, without what makes it work.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// The service account whose access it has; null for a personal token.
    #[schema(required)]
    pub service_account: Option<TokenAccount>,
    /// The account's highest built-in role in the whole organization; null where it has none, and for a personal token.
    #[schema(value_type = Option<RoleSchema>, required)]
    pub role: Option<BuiltIn>,
    /// What limits a personal token beside its owner's access; null where nothing does.
    #[schema(value_type = Option<RoleSchema>, required)]
    pub at_most: Option<BuiltIn>,
    /// How the token begins, to tell it from others.
    pub prefix: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it stops working; null: never.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used, to within some minutes; null: never.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub last_used_at: Option<OffsetDateTime>,
}

/// A service account, as its tokens name it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TokenAccount {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A page of tokens.
pub(crate) type TokenPage = Page<Token>;

/// A new token, with the secret that is shown only now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CreatedToken {
    /// The token.
    #[serde(flatten)]
    pub details: Token,
    /// The secret, `pbt_…`; it is not stored and cannot be shown again.
    pub token: String,
}

/// A token to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "terraform", "role": "admin", "expiresAt": "2027-01-01T00:00:00Z"}))]
pub(crate) struct CreateToken {
    /// What it is for.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The role of its service account; at most what its maker may.
    #[schema(value_type = RoleSchema)]
    pub role: BuiltIn,
    /// Where it has the role; in the whole organization where it is left out.
    #[serde(default)]
    pub scope: GrantScope,
    /// When it stops working; never where it is left out.
    #[serde(default, deserialize_with = "crate::model::given_time")]
    pub expires_at: Option<OffsetDateTime>,
}

/// List tokens
///
/// Those of all service accounts; personal tokens are their owners' to see.
#[utoipa::path(
    get, path = "/organizations/{org}/tokens", tag = "tokens", operation_id = "listTokens",
    extensions(("x-permission" = json!("serviceAccount.manage"))), params(OrganizationPath, PageQuery),
    responses((status = 200, description = "The tokens, newest first.", body = TokenPage)),
)]
pub(crate) async fn list_tokens(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    page: PageQuery,
) -> Result<Json<TokenPage>, Problem> {
    let tokens = state
        .storage()
        .api_tokens(member.tenant(), TokensOf::ServiceAccounts, &page.into())
        .await?;
    Ok(Json(Page::of(tokens)))
}

/// Create a token with a service account of its own
///
/// The account is called like the token and goes with it. For several tokens or grants, create a service account.
#[utoipa::path(
    post, path = "/organizations/{org}/tokens", tag = "tokens", operation_id = "createToken",
    extensions(("x-permission" = json!("serviceAccount.manage"))), params(OrganizationPath, IdempotencyKey, WriteComment),
    request_body = CreateToken,
    responses((status = 201, description = "The token, with its secret.", body = CreatedToken)),
)]
pub(crate) async fn create_token(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    idempotency: IdempotencyKey,
    WriteComment { comment }: WriteComment,
    body: Body<CreateToken>,
) -> Result<Response, Problem> {
    super::deadline::in_future("/expiresAt", body.value.expires_at, state.now())?;
    let scope = given::scope("/scope/", body.value.scope.clone())?;
    let what = ("createToken", member.tenant());
    let once = Once::new(&member, idempotency, what, &body);
    let new = NewApiToken {
        name: body.value.name,
        bearer: NewTokenBearer::Role(body.value.role, scope),
        expires_at: body.value.expires_at,
    };
    create(&state, &member, new, once, comment).await
}

/// Makes a token, once however often its request is sent.
pub(super) async fn create(
    state: &ApiState,
    member: &Member,
    new: NewApiToken,
    once: Option<Once>,
    comment: Option<String>,
) -> Result<Response, Problem> {
    let by = member.attribution(state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let Some(once) = once else {
        let created = Box::pin(storage.create_api_token(tenant, new, &by)).await?;
        return Ok(CreatedToken::reply(created)?.into_response());
    };
    let request = once.request(CreatedToken::reply);
    let created = storage.create_api_token_once(tenant, new, &by, request);
    once.respond(Box::pin(created).await?)
}

/// Revokes a token, and forgets that it was good.
pub(super) async fn revoke(
    state: &ApiState,
    member: &Member,
    path: &TokenPath,
    comment: Option<String>,
) -> Result<StatusCode, Problem> {
    let id = ApiTokenId::from_uuid(path.token);
    let by = member.attribution(state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    Box::pin(storage.revoke_api_token(tenant, id, &by)).await?;
    state.known().forget_token(id);
    Ok(StatusCode::NO_CONTENT)
}

impl CreatedToken {
    fn reply((token, secret): (ApiToken, Secret)) -> Result<Reply, Problem> {
        Reply::created(&Self {
            details: token.into(),
            token: secret.expose().to_owned(),
        })
    }
}

/// Revoke a token
#[utoipa::path(
    delete, path = "/organizations/{org}/tokens/{token}", tag = "tokens", operation_id = "revokeToken",
    extensions(("x-permission" = json!("serviceAccount.manage"))), params(TokenPath, WriteComment),
    responses((status = 204, description = "It no longer works.")),
)]
pub(crate) async fn revoke_token(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    Path(path): Path<TokenPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    revoke(&state, &member, &path, comment).await
}

impl From<ApiToken> for Token {
    fn from(token: ApiToken) -> Self {
        let (service_account, role, at_most) = match token.bearer {
            TokenBearer::ServiceAccount { id, name, role } => {
                let id = id.as_uuid();
                (Some(TokenAccount { id, name }), role, None)
            }
            TokenBearer::Member { at_most, .. } => (None, None, at_most),
        };
        Self {
            id: token.id.as_uuid(),
            name: token.name,
            service_account,
            role,
            at_most,
            prefix: token.prefix,
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::{Caller, TestApi};
    use axum::http::Method;
    use serde_json::json;

    const TOKENS: &str = "/organizations/acme/tokens";

    #[tokio::test]
    async fn a_token_works_until_it_is_revoked() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api
            .call(&owner, Method::POST, TOKENS)
            .json(json!({"name": "terraform", "role": "editor"}))
            .expect(StatusCode::CREATED)
            .await;
        let secret = made.body["token"].as_str().unwrap();
        assert!(secret.starts_with("pbt_"));
        assert!(secret.starts_with(made.body["prefix"].as_str().unwrap()));
        let token = Caller::Token(secret.to_owned());
        api.get(&token, "/organizations/acme/projects/shop").await;
        let listed = api.get(&owner, TOKENS).await;
        assert_eq!(listed.each("name"), ["terraform", "owner"]);
        assert!(!listed.body.to_string().contains(secret), "shown once");

        let path = format!("{TOKENS}/{}", made.body["id"].as_str().unwrap());
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NO_CONTENT)
            .await;
        api.call(&token, Method::GET, "/organizations/acme/projects/shop")
            .expect(StatusCode::UNAUTHORIZED)
            .await;
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NOT_FOUND)
            .await;
    }

    #[tokio::test]
    async fn a_token_expires() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api
            .call(&owner, Method::POST, TOKENS)
            .json(json!({"name": "ci", "role": "viewer", "expiresAt": "2026-11-23T13:00:00Z"}))
            .expect(StatusCode::CREATED)
            .await;
        let token = Caller::Token(made.body["token"].as_str().unwrap().to_owned());
        api.get(&token, "/organizations/acme").await;
        api.clock.advance(time::Duration::hours(1));
        api.call(&token, Method::GET, "/organizations/acme")
            .expect(StatusCode::UNAUTHORIZED)
            .await;
    }

    #[tokio::test]
    async fn nobody_makes_a_token_that_may_do_more_than_they_may() {
        let (api, _) = TestApi::with_shop().await;
        let admin = api.acme(BuiltIn::Admin).await;
        let create = |body| api.call(&admin, Method::POST, TOKENS).json(body);
        let refused = create(json!({"name": "x", "role": "owner"}))
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("delete the organization"), "{detail}");
        create(json!({"name": "x", "role": "king"}))
            .invalid("/role", "unknown_value")
            .await;
        create(json!({"name": "", "role": "viewer"}))
            .invalid("/name", "required")
            .await;
        create(json!({"name": "x", "role": "viewer", "expiresAt": "2020-01-01T00:00:00Z"}))
            .invalid("/expiresAt", "out_of_range")
            .await;
    }

    #[tokio::test]
    async fn a_token_of_another_organisation_cannot_be_revoked() {
        let (api, owner) = TestApi::with_shop().await;
        let other = api.organization("other", "eve@example.com").await;
        let eve = api.token(other, BuiltIn::Owner).await;
        let theirs = api.get(&eve, "/organizations/other/tokens").await;
        let path = format!("{TOKENS}/{}", theirs.each("id")[0].as_str().unwrap());
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NOT_FOUND)
            .await;
        api.get(&eve, "/organizations/other").await;
    }
}
