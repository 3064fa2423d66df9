//! Grants: which role somebody has where.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use peekaboo_storage::{GrantFilter, GrantId, GrantRecord, NewGrant};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, IdempotencyKey, Once, Page, PageQuery, Path, Query, Reply, WriteComment};
use crate::model::{Grant, GrantScope, GranteeKind};
use crate::problem::Problem;
use crate::routes::given;
use crate::routes::path::{GrantPath, OrganizationPath};

/// A page of grants.
pub(crate) type GrantPage = Page<Grant>;

/// A grant to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "holder": {"kind": "member", "id": "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11"}, "role": "editor",
    "scope": {"project": "shop", "environment": "development"}
}))]
pub(crate) struct CreateGrant {
    /// Who gets it.
    pub holder: NewGrantHolder,
    /// The name of a built-in role, or the id of a custom one.
    pub role: String,
    /// Where; in the whole organization where it is left out.
    #[serde(default)]
    pub scope: GrantScope,
}

/// Who gets a grant.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "team", "id": "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11"}))]
pub(crate) struct NewGrantHolder {
    /// What they are.
    pub kind: GranteeKind,
    /// The id of the member, team or service account.
    pub id: Uuid,
}

/// Whose grants.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct GrantQuery {
    /// Only grants of this member; not those of their teams.
    pub member: Option<Uuid>,
    /// Only grants of this team; not with `member`.
    pub team: Option<Uuid>,
    /// Only grants of this service account; not with `member` or `team`.
    #[serde(rename = "serviceAccount")]
    pub service_account: Option<Uuid>,
}

impl GrantQuery {
    fn filter(&self) -> Result<GrantFilter, Problem> {
        let asked = [
            (GranteeKind::Member, self.member),
            (GranteeKind::Team, self.team),
            (GranteeKind::ServiceAccount, self.service_account),
        ];
        let mut asked = asked
            .into_iter()
            .filter_map(|(kind, id)| Some(kind.of(id?)));
        let grantee = asked.next();
        if asked.next().is_some() {
            return Err(Problem::field(
                "?member",
                "not_applicable",
                "use only one of member, team and serviceAccount",
            ));
        }
        Ok(GrantFilter { grantee })
    }
}

fn created(grant: GrantRecord) -> Result<Reply, Problem> {
    Reply::created(&Grant::from(grant))
}

/// List grants
#[utoipa::path(
    get, path = "/organizations/{org}/grants", tag = "access", operation_id = "listGrants",
    extensions(("x-permission" = json!("member.read"))), params(OrganizationPath, GrantQuery, PageQuery),
    responses((status = 200, description = "The grants, oldest first.", body = GrantPage)),
)]
pub(crate) async fn list_grants(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    Query(query): Query<GrantQuery>,
    page: PageQuery,
) -> Result<Json<GrantPage>, Problem> {
    let grants = state
        .storage()
        .grants(member.tenant(), query.filter()?, &page.into())
        .await?;
    Ok(Json(Page::of(grants)))
}

/// Give access
///
/// The caller needs `access.grant` on the scope, and there every permission of the role: nobody gives what they lack.
#[utoipa::path(
    post, path = "/organizations/{org}/grants", tag = "access", operation_id = "createGrant",
    extensions(("x-permission" = json!("access.grant"))), params(OrganizationPath, IdempotencyKey, WriteComment),
    request_body = CreateGrant,
    responses(
        (status = 201, description = "The grant.", body = Grant),
        (status = 409, description = "They have this role there already."),
    ),
)]
pub(crate) async fn create_grant(
    State(state): State<ApiState>,
    may::AccessGrant(member): may::AccessGrant,
    idempotency: IdempotencyKey,
    WriteComment { comment }: WriteComment,
    body: Body<CreateGrant>,
) -> Result<Response, Problem> {
    let once = Once::new(
        &member,
        idempotency,
        ("createGrant", member.tenant()),
        &body,
    );
    let value = body.value;
    let new = NewGrant {
        grantee: value.holder.kind.of(value.holder.id),
        role: given::role_choice("/role", &value.role)?,
        scope: given::scope("/scope/", value.scope)?,
    };
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let Some(once) = once else {
        let grant = Box::pin(storage.create_grant(tenant, new, &by)).await?;
        return Ok(created(grant)?.into_response());
    };
    let request = once.request(created);
    let granted = storage.create_grant_once(tenant, new, &by, request);
    once.respond(Box::pin(granted).await?)
}

/// Take access away
///
/// The caller needs `access.grant` on the grant's scope, and there everything that it gives. The last owner keeps theirs.
#[utoipa::path(
    delete, path = "/organizations/{org}/grants/{grant}", tag = "access", operation_id = "deleteGrant",
    extensions(("x-permission" = json!("access.grant"))), params(GrantPath, WriteComment),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "The organization would have no owner."),
    ),
)]
pub(crate) async fn delete_grant(
    State(state): State<ApiState>,
    may::AccessGrant(member): may::AccessGrant,
    Path(path): Path<GrantPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let id = GrantId::from_uuid(path.grant);
    let by = member.attribution(&state, comment);
    Box::pin(state.storage().delete_grant(member.tenant(), id, &by)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::{Caller, TestApi};
    use axum::http::Method;
    use peekaboo_policy::BuiltIn;
    use serde_json::{Value, json};

    const GRANTS: &str = "/organizations/acme/grants";

    async fn id_of(api: &TestApi, owner: &Caller, email: &str) -> Value {
        let listed = api.get(owner, "/organizations/acme/members").await;
        let items = listed.body["items"].as_array().unwrap();
        let found = items.iter().find(|item| item["user"]["email"] == email);
        found.unwrap()["user"]["id"].clone()
    }

    #[tokio::test]
    async fn an_admin_of_a_project_gives_access_to_it_and_to_nothing_else() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        let bob = api.member(acme, "bob@example.com", BuiltIn::Viewer).await;
        api.member(acme, "cid@example.com", BuiltIn::Viewer).await;
        let (bobs, cids) = (
            id_of(&api, &owner, "bob@example.com").await,
            id_of(&api, &owner, "cid@example.com").await,
        );
        let give = |caller: &Caller, id: &Value, role: &str, scope: Value| {
            let holder = json!({"kind": "member", "id": id});
            api.call(caller, Method::POST, GRANTS)
                .json(json!({"holder": holder, "role": role, "scope": scope}))
        };
        let shop = || json!({"project": "shop"});
        give(&bob, &cids, "viewer", shop())
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        give(&owner, &bobs, "admin", shop())
            .expect(StatusCode::CREATED)
            .await;
        let given = give(&bob, &cids, "editor", shop())
            .expect(StatusCode::CREATED)
            .await;
        assert_eq!(given.body["holder"]["name"], "cid@example.com");
        give(&bob, &cids, "editor", shop())
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
        give(&bob, &cids, "editor", json!({}))
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        give(&bob, &cids, "editor", json!({"environment": "production"}))
            .invalid("/scope/project", "required")
            .await;
        give(&bob, &cids, "king", shop())
            .invalid("/role", "unknown_value")
            .await;
        let nowhere = json!({"project": "shop", "environment": "nowhere"});
        give(&bob, &cids, "viewer", nowhere)
            .expect(StatusCode::NOT_FOUND)
            .await;
        let cid = api.sign_in("cid@example.com").await;
        api.flag(&cid, "checkout").await;

        let of = |query: &str| format!("{GRANTS}?{query}");
        let listed = api
            .get(&owner, &of(&format!("member={}", cids.as_str().unwrap())))
            .await;
        assert_eq!(
            listed.each("role").len(),
            2,
            "viewer, and editor of the shop"
        );
        let both = of(&format!("member={0}&team={0}", cids.as_str().unwrap()));
        api.call(&owner, Method::GET, &both)
            .invalid("?member", "not_applicable")
            .await;
        let path = format!("{GRANTS}/{}", given.body["id"].as_str().unwrap());
        api.call(&cid, Method::DELETE, &path)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        api.call(&bob, Method::DELETE, &path)
            .expect(StatusCode::NO_CONTENT)
            .await;
        api.call(
            &cid,
            Method::POST,
            "/organizations/acme/projects/shop/flags",
        )
        .json(json!({"key": "search", "type": "boolean"}))
        .refused(StatusCode::FORBIDDEN, "forbidden")
        .await;
        let audit = api
            .get(&owner, "/organizations/acme/audit?action=grant.deleted")
            .await;
        assert_eq!(audit.body["items"][0]["before"]["role"], "editor");
    }
}
