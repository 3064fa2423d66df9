//! Tokens of a service account: several at a time, so that one can replace another without a gap.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use peekaboo_storage::{NewApiToken, NewTokenBearer, ServiceAccountId, TokensOf};

use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, IdempotencyKey, Once, Page, PageQuery, Path, WriteComment};
use crate::problem::Problem;
use crate::routes::deadline;
use crate::routes::path::ServiceAccountPath;
use crate::routes::tokens::{CreatedToken, TokenPage, create};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A token of a service account to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "blue", "expiresAt": "2027-01-01T00:00:00Z"}))]
pub(crate) struct CreateServiceAccountToken {
    /// What it is for.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// When it stops working; never where it is left out.
    #[serde(default, deserialize_with = "crate::model::given_time")]
    pub expires_at: Option<OffsetDateTime>,
}

/// List a service account's tokens
#[utoipa::path(
    get, path = "/organizations/{org}/service-accounts/{account}/tokens", tag = "access",
    operation_id = "listServiceAccountTokens", extensions(("x-permission" = json!("serviceAccount.manage"))),
    params(ServiceAccountPath, PageQuery),
    responses((status = 200, description = "The tokens, newest first.", body = TokenPage)),
)]
pub(crate) async fn list_service_account_tokens(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    Path(path): Path<ServiceAccountPath>,
    page: PageQuery,
) -> Result<Json<TokenPage>, Problem> {
    let (storage, tenant) = (state.storage(), member.tenant());
    let id = ServiceAccountId::from_uuid(path.account);
    let found = storage.service_account(tenant, id).await?;
    found.ok_or_else(|| Problem::not_found("service account"))?;
    let of = TokensOf::ServiceAccount(id);
    let tokens = storage.api_tokens(tenant, of, &page.into()).await?;
    Ok(Json(Page::of(tokens)))
}

/// Create a token of a service account
///
/// The caller needs everything that the account was granted, because the token gives it.
#[utoipa::path(
    post, path = "/organizations/{org}/service-accounts/{account}/tokens", tag = "access",
    operation_id = "createServiceAccountToken", extensions(("x-permission" = json!("serviceAccount.manage"))),
    params(ServiceAccountPath, IdempotencyKey, WriteComment), request_body = CreateServiceAccountToken,
    responses((status = 201, description = "The token, with its secret.", body = CreatedToken)),
)]
pub(crate) async fn create_service_account_token(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    Path(path): Path<ServiceAccountPath>,
    idempotency: IdempotencyKey,
    WriteComment { comment }: WriteComment,
    body: Body<CreateServiceAccountToken>,
) -> Result<Response, Problem> {
    deadline::in_future("/expiresAt", body.value.expires_at, state.now())?;
    let what = ("createServiceAccountToken", member.tenant(), path.account);
    let once = Once::new(&member, idempotency, what, &body);
    let new = NewApiToken {
        name: body.value.name,
        bearer: NewTokenBearer::ServiceAccount(ServiceAccountId::from_uuid(path.account)),
        expires_at: body.value.expires_at,
    };
    create(&state, &member, new, once, comment).await
}

#[cfg(test)]
mod tests {
    use crate::harness::{Caller, TestApi};
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    #[tokio::test]
    async fn one_token_replaces_another_without_a_gap() {
        let (api, owner) = TestApi::with_shop().await;
        let account = api
            .call(&owner, Method::POST, "/organizations/acme/service-accounts")
            .json(json!({"name": "Terraform"}))
            .expect(StatusCode::CREATED)
            .await;
        let id = account.body["id"].as_str().unwrap();
        let tokens = format!("/organizations/acme/service-accounts/{id}/tokens");
        let create = async |name: &str| {
            let made = api
                .call(&owner, Method::POST, &tokens)
                .json(json!({"name": name, "expiresAt": "2027-01-01T00:00:00Z"}))
                .expect(StatusCode::CREATED)
                .await;
            let secret = made.body["token"].as_str().unwrap().to_owned();
            (
                made.body["id"].as_str().unwrap().to_owned(),
                Caller::Token(secret),
            )
        };
        let (blue, first) = create("blue").await;
        let (_, second) = create("green").await;
        let projects = |caller| api.call(caller, Method::GET, "/organizations/acme/projects");
        projects(&first)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        let holder = json!({"kind": "serviceAccount", "id": id});
        api.call(&owner, Method::POST, "/organizations/acme/grants")
            .json(json!({"holder": holder, "role": "editor", "scope": {"project": "shop"}}))
            .expect(StatusCode::CREATED)
            .await;
        api.flag(&first, "by-blue").await;
        api.flag(&second, "by-green").await;
        let audit = api
            .get(&owner, "/organizations/acme/audit?action=flag.created")
            .await;
        assert_eq!(audit.body["items"][0]["actor"]["name"], "Terraform (green)");
        let listed = api.get(&owner, &tokens).await;
        assert_eq!(listed.each("name"), ["green", "blue"]);
        assert!(listed.each("lastUsedAt").iter().all(|used| !used.is_null()));
        let revoke = format!("/organizations/acme/tokens/{blue}");
        api.call(&owner, Method::DELETE, &revoke)
            .expect(StatusCode::NO_CONTENT)
            .await;
        projects(&first).expect(StatusCode::UNAUTHORIZED).await;
        projects(&second).expect(StatusCode::OK).await;
        let path = format!("/organizations/acme/service-accounts/{id}");
        let read = api.get(&owner, &path).await;
        assert_eq!(read.body["grants"][0]["scope"], json!({"project": "shop"}));
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NO_CONTENT)
            .await;
        projects(&second).expect(StatusCode::UNAUTHORIZED).await;
    }
}
