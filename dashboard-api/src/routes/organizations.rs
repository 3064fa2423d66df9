//! Organisations: the tenants.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use peekaboo_policy::BuiltIn;
use peekaboo_storage::{Current, Error as StorageError, Key, Membership, NewOrganization};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::path::OrganizationPath;
use super::session::creates_organizations;
use crate::auth::{Member, Principal, may};
use crate::http::{Body, IdempotencyKey, IfMatch, Once, Page, Reply, Tagged, WriteComment};
use crate::model::RoleSchema;
use crate::problem::Problem;
use crate::{ApiState, WhoCreates};

/// An organisation, as one of its members sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Organization {
    /// Its id.
    pub id: Uuid,
    /// Its key in URLs; never changes.
    pub key: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// The caller's highest built-in role in the whole organization; null where they have none.
    #[schema(value_type = Option<RoleSchema>, required)]
    pub role: Option<BuiltIn>,
}

/// A page of organisations.
pub(crate) type OrganizationPage = Page<Organization>;

/// A new organisation.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "acme", "name": "Acme"}))]
pub(crate) struct CreateOrganization {
    /// Its key in URLs; made from the name where it is left out.
    #[schema(value_type = Option<String>, pattern = "^[a-z0-9][a-z0-9._-]{0,99}$", nullable = false)]
    pub key: Option<Key>,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
}

/// What changes of an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Acme Ltd"}))]
pub(crate) struct UpdateOrganization {
    /// Its name.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
}

/// List the caller's organisations
#[utoipa::path(
    get, path = "/organizations", tag = "organizations", operation_id = "listOrganizations",
    responses((status = 200, description = "The organisations that the caller belongs to.", body = OrganizationPage)),
)]
pub(crate) async fn list_organizations(principal: Principal) -> Json<OrganizationPage> {
    let memberships = principal.identity.memberships.iter().cloned();
    let mut items: Vec<_> = memberships.map(Organization::from).collect();
    items.sort_by_key(|organization| organization.name.to_lowercase());
    Json(Page::whole(items))
}

/// Create an organisation
///
/// The person who creates it owns it. The setting `organizations.create` says who can.
#[utoipa::path(
    post, path = "/organizations", tag = "organizations", operation_id = "createOrganization",
    security(("session" = [])),
    params(IdempotencyKey), request_body = CreateOrganization,
    responses(
        (status = 201, description = "The organisation.", body = Organization, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "The key is taken."),
    ),
)]
pub(crate) async fn create_organization(
    State(state): State<ApiState>,
    principal: Principal,
    idempotency: IdempotencyKey,
    body: Body<CreateOrganization>,
) -> Result<Response, Problem> {
    let person = principal.person()?;
    let owner = person.id;
    if !creates_organizations(&state, person) {
        return Err(Problem::forbidden(
            match state.config().create_organizations {
                WhoCreates::Nobody => "organizations cannot be created on this hub",
                _ => "only operators of this hub can create organizations; contact one of them",
            },
        ));
    }
    let once = Once::new(&principal, idempotency, "createOrganization", &body);
    let new = NewOrganization {
        key: match body.value.key {
            Some(key) => key,
            None => key_from_name("/key", &body.value.name)?,
        },
        name: body.value.name,
    };
    let by = principal.attribution(&state, None);
    let storage = state.storage();
    let Some(once) = once else {
        let created = Box::pin(storage.create_organization(new, owner, &by)).await?;
        return Ok(Organization::reply(created)?.into_response());
    };
    let request = once.request(Organization::reply);
    let created = storage.create_organization_once(new, owner, &by, request);
    once.respond(Box::pin(created).await?)
}

/// Get an organisation
#[utoipa::path(
    get, path = "/organizations/{org}", tag = "organizations", operation_id = "getOrganization",
    params(OrganizationPath),
    responses((status = 200, description = "The organisation.", body = Organization, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_organization(member: Member) -> Tagged<Organization> {
    Tagged::ok(
        member.organization.revision,
        Organization::new(member.organization, member.role),
    )
}

/// Rename an organisation
#[utoipa::path(
    patch, path = "/organizations/{org}", tag = "organizations", operation_id = "updateOrganization",
    extensions(("x-permission" = json!("organization.update"))), params(OrganizationPath, IfMatch, WriteComment),
    request_body = UpdateOrganization,
    responses((status = 200, description = "The organisation.", body = Organization, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn update_organization(
    State(state): State<ApiState>,
    may::OrganizationUpdate(member): may::OrganizationUpdate,
    if_match: IfMatch,
    WriteComment { comment }: WriteComment,
    Body { value: change, .. }: Body<UpdateOrganization>,
) -> Result<Tagged<Organization>, Problem> {
    let name = change
        .name
        .unwrap_or_else(|| member.organization.name.clone());
    let by = member.attribution(&state, comment);
    let organization = state
        .storage()
        .rename_organization(member.tenant(), &name, if_match.version, &by)
        .await;
    match organization {
        Ok(organization) => Ok(Tagged::ok(
            organization.revision,
            Organization::new(organization, member.role),
        )),
        Err(StorageError::VersionConflict { current }) => match *current {
            Current::Organization(organization) => {
                let current = Organization::new(organization, member.role);
                Err(Problem::version_conflict(&current))
            }
            _ => Err(Problem::unexpected("a conflict over an organization")),
        },
        Err(error) => Err(error.into()),
    }
}

impl Organization {
    /// The answer to whoever created it, and owns it.
    fn reply(created: peekaboo_storage::Organization) -> Result<Reply, Problem> {
        let revision = created.revision;
        Reply::tagged(&Tagged::created(
            revision,
            Self::new(created, Some(BuiltIn::Owner)),
        ))
    }

    pub(crate) fn new(stored: peekaboo_storage::Organization, role: Option<BuiltIn>) -> Self {
        Self {
            id: stored.id.as_uuid(),
            key: stored.key.into(),
            name: stored.name,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
            role,
        }
    }
}

impl From<Membership> for Organization {
    fn from(membership: Membership) -> Self {
        let role = membership.role();
        Self::new(membership.organization, role)
    }
}

/// `Acme & Søn, Ltd` → `acme-s-n-ltd`
pub(super) fn key_from_name(pointer: &str, name: &str) -> Result<Key, Problem> {
    let mut key = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            key.push(character.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    key.truncate(peekaboo_storage::MAX_KEY_BYTES);
    Key::parse(key.trim_end_matches('-')).map_err(|_| {
        Problem::field(
            pointer,
            "required",
            "this name cannot be turned into a key; set `key`",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiConfig;
    use crate::harness::{Caller, TestApi};
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    #[tokio::test]
    async fn an_operator_makes_another_organisation_and_owns_it() {
        let api = TestApi::empty().await;
        api.organization("acme", "ada@example.com").await;
        api.operator("ada@example.com").await;
        let ada = api.sign_in("ada@example.com").await;
        let made = api
            .call(&ada, Method::POST, "/organizations")
            .json(json!({"name": "Big Corp"}))
            .expect(StatusCode::CREATED)
            .await;
        assert_eq!(made.body["key"], "big-corp");
        let listed = api.get(&ada, "/organizations").await;
        assert_eq!(listed.each("key"), ["acme", "big-corp"]);
        assert_eq!(listed.each("role"), ["owner", "owner"]);
        api.call(&ada, Method::POST, "/organizations")
            .json(json!({"name": "Other", "key": "acme"}))
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
    }

    #[tokio::test]
    async fn a_token_makes_no_organisation() {
        let (api, owner) = TestApi::with_shop().await;
        api.call(&owner, Method::POST, "/organizations")
            .json(json!({"name": "Big Corp"}))
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
    }

    #[tokio::test]
    async fn the_setting_says_who_creates_organizations() {
        for (setting, operator, anyone) in [
            (WhoCreates::Anyone, true, true),
            (WhoCreates::Operators, true, false),
            (WhoCreates::Nobody, false, false),
        ] {
            let api = TestApi::with(ApiConfig {
                create_organizations: setting,
                ..ApiConfig::default()
            })
            .await;
            let acme = api.organization("acme", "ada@example.com").await;
            api.operator("ada@example.com").await;
            let ada = api.sign_in("ada@example.com").await;
            let bob = api.member(acme, "bob@example.com", BuiltIn::Owner).await;
            for (caller, name, allowed) in [(&ada, "Big", operator), (&bob, "Small", anyone)] {
                let session = api.get(caller, "/session").await;
                assert_eq!(session.body["createsOrganizations"], allowed, "{setting:?}");
                let call = api.call(caller, Method::POST, "/organizations");
                let call = call.json(json!({"name": name}));
                if allowed {
                    call.expect(StatusCode::CREATED).await;
                } else {
                    call.refused(StatusCode::FORBIDDEN, "forbidden").await;
                }
            }
        }
    }

    #[tokio::test]
    async fn a_rename_against_an_older_version_is_refused_with_the_present_one() {
        let (api, owner) = TestApi::with_shop().await;
        let read = api.get(&owner, "/organizations/acme").await;
        let rename = |tag: &str, name: &str| {
            api.call(&owner, Method::PATCH, "/organizations/acme")
                .header("if-match", tag)
                .json(json!({"name": name}))
        };
        let renamed = rename(read.etag(), "Acme Ltd").expect(StatusCode::OK).await;
        assert_eq!(renamed.body["name"], "Acme Ltd");
        let refused = rename(read.etag(), "Acme Inc")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], renamed.body);
        rename(renamed.etag(), " ")
            .invalid("/name", "required")
            .await;
    }

    #[tokio::test]
    async fn a_token_sees_its_own_organisation_only() {
        let (api, owner) = TestApi::with_shop().await;
        api.organization("other", "eve@example.com").await;
        assert_eq!(
            api.get(&owner, "/organizations").await.each("key"),
            ["acme"]
        );
        api.call(&Caller::Nobody, Method::GET, "/organizations")
            .expect(StatusCode::UNAUTHORIZED)
            .await;
    }

    #[test]
    fn a_key_is_made_from_a_name() {
        let key = |name: &str| key_from_name("/key", name).map(String::from).ok();
        assert_eq!(key("Acme & Søn, Ltd.").as_deref(), Some("acme-s-n-ltd"));
        assert_eq!(key("  7 Eleven ").as_deref(), Some("7-eleven"));
        assert_eq!(key("✓"), None);
        assert_eq!(key(&"x".repeat(300)).map(|key| key.len()), Some(100));
    }
}
