//! Service accounts: machines that have access.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use peekaboo_storage::{GrantRecord, NewPrincipal, PrincipalPatch, ServiceAccountId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiState;
use crate::auth::may;
use crate::http::{
    Body, IdempotencyKey, IfMatch, Once, Page, PageQuery, Path, Reply, Tagged, WriteComment,
};
use crate::model::{Grant, grants};
use crate::problem::Problem;
use crate::routes::path::{OrganizationPath, ServiceAccountPath};

/// A machine's account. Its tokens have the access that it was granted.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceAccount {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Rises with each change of name or description; also the `ETag`.
    pub version: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When its name or description last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A service account, with what its tokens may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ServiceAccountDetails {
    /// The account.
    #[serde(flatten)]
    pub account: ServiceAccount,
    /// What it was granted.
    pub grants: Vec<Grant>,
}

/// A page of service accounts.
pub(crate) type ServiceAccountDetailsPage = Page<ServiceAccountDetails>;

/// A service account to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Terraform", "description": "Creates environments"}))]
pub(crate) struct CreateServiceAccount {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: String,
}

/// What changes of a service account.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Terraform Cloud"}))]
pub(crate) struct UpdateServiceAccount {
    /// Its name.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(max_length = 5000, nullable = false)]
    pub description: Option<String>,
}

impl From<peekaboo_storage::ServiceAccount> for ServiceAccount {
    fn from(account: peekaboo_storage::ServiceAccount) -> Self {
        Self {
            id: account.id.as_uuid(),
            name: account.name,
            description: account.description,
            version: account.version,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

impl From<(peekaboo_storage::ServiceAccount, Vec<GrantRecord>)> for ServiceAccountDetails {
    fn from((account, granted): (peekaboo_storage::ServiceAccount, Vec<GrantRecord>)) -> Self {
        Self {
            account: account.into(),
            grants: grants(granted),
        }
    }
}

impl ServiceAccount {
    fn reply(account: peekaboo_storage::ServiceAccount) -> Result<Reply, Problem> {
        Reply::tagged(&Tagged::created(account.version, Self::from(account)))
    }
}

/// List service accounts
#[utoipa::path(
    get, path = "/organizations/{org}/service-accounts", tag = "access", operation_id = "listServiceAccounts",
    extensions(("x-permission" = json!("serviceAccount.manage"))), params(OrganizationPath, PageQuery),
    responses((status = 200, description = "The service accounts, newest first.", body = ServiceAccountDetailsPage)),
)]
pub(crate) async fn list_service_accounts(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    page: PageQuery,
) -> Result<Json<ServiceAccountDetailsPage>, Problem> {
    let (storage, tenant) = (state.storage(), member.tenant());
    let accounts = storage.service_accounts(tenant, &page.into()).await?;
    Ok(Json(Page::of(accounts)))
}

/// Create a service account
///
/// It may do nothing until it is granted a role, and needs a token to do it with.
#[utoipa::path(
    post, path = "/organizations/{org}/service-accounts", tag = "access", operation_id = "createServiceAccount",
    extensions(("x-permission" = json!("serviceAccount.manage"))), params(OrganizationPath, IdempotencyKey, WriteComment),
    request_body = CreateServiceAccount,
    responses((status = 201, description = "The service account.", body = ServiceAccount, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn create_service_account(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    idempotency: IdempotencyKey,
    WriteComment { comment }: WriteComment,
    body: Body<CreateServiceAccount>,
) -> Result<Response, Problem> {
    let once = Once::new(
        &member,
        idempotency,
        ("createServiceAccount", member.tenant()),
        &body,
    );
    let value = body.value;
    let new = NewPrincipal {
        name: value.name,
        description: value.description,
    };
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let Some(once) = once else {
        let created = Box::pin(storage.create_service_account(tenant, new, &by)).await?;
        return Ok(ServiceAccount::reply(created)?.into_response());
    };
    let request = once.request(ServiceAccount::reply);
    let created = storage.create_service_account_once(tenant, new, &by, request);
    once.respond(Box::pin(created).await?)
}

/// Get a service account
#[utoipa::path(
    get, path = "/organizations/{org}/service-accounts/{account}", tag = "access",
    operation_id = "getServiceAccount", extensions(("x-permission" = json!("serviceAccount.manage"))),
    params(ServiceAccountPath),
    responses((status = 200, description = "The service account.", body = ServiceAccountDetails, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_service_account(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    Path(path): Path<ServiceAccountPath>,
) -> Result<Tagged<ServiceAccountDetails>, Problem> {
    let id = ServiceAccountId::from_uuid(path.account);
    let found = state.storage().service_account(member.tenant(), id).await?;
    let found = found.ok_or_else(|| Problem::not_found("service account"))?;
    Ok(Tagged::ok(found.0.version, found.into()))
}

/// Change a service account
#[utoipa::path(
    patch, path = "/organizations/{org}/service-accounts/{account}", tag = "access",
    operation_id = "updateServiceAccount", extensions(("x-permission" = json!("serviceAccount.manage"))),
    params(ServiceAccountPath, IfMatch, WriteComment), request_body = UpdateServiceAccount,
    responses((status = 200, description = "The service account.", body = ServiceAccount, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn update_service_account(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    Path(path): Path<ServiceAccountPath>,
    if_match: IfMatch,
    WriteComment { comment }: WriteComment,
    Body { value: change, .. }: Body<UpdateServiceAccount>,
) -> Result<Tagged<ServiceAccount>, Problem> {
    let id = ServiceAccountId::from_uuid(path.account);
    let wanted = PrincipalPatch {
        name: change.name,
        description: change.description,
    };
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let updated = storage.update_service_account(tenant, id, wanted, if_match.version, &by);
    let account = Box::pin(updated).await?;
    Ok(Tagged::ok(account.version, account.into()))
}

/// Delete a service account
///
/// With its tokens, which stop working, and its grants. The caller needs everything that these give.
#[utoipa::path(
    delete, path = "/organizations/{org}/service-accounts/{account}", tag = "access",
    operation_id = "deleteServiceAccount", extensions(("x-permission" = json!("serviceAccount.manage"))),
    params(ServiceAccountPath, WriteComment),
    responses((status = 204, description = "It is gone.")),
)]
pub(crate) async fn delete_service_account(
    State(state): State<ApiState>,
    may::ServiceAccountManage(member): may::ServiceAccountManage,
    Path(path): Path<ServiceAccountPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let id = ServiceAccountId::from_uuid(path.account);
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    Box::pin(storage.delete_service_account(tenant, id, &by)).await?;
    Ok(StatusCode::NO_CONTENT)
}
