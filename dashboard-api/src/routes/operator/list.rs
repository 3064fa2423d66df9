//! Every organization, with how much of it there is.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::ApiState;
use crate::auth::operator::Operator;
use crate::http::{Page, PageQuery, Query};
use crate::problem::Problem;

/// An organization as who runs the hub sees it: numbers, and nothing of what is in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperatedOrganization {
    /// Its id.
    pub id: Uuid,
    /// Its key in URLs.
    pub key: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Since when its members and tokens are kept out; null while they are not.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub suspended_at: Option<OffsetDateTime>,
    /// People who belong to it.
    pub members: i64,
    /// Its projects.
    pub projects: i64,
    /// Their environments.
    pub environments: i64,
    /// Their flags, archived ones too.
    pub flags: i64,
    /// Evaluations that applications reported in the last 30 days.
    pub evaluations: i64,
}

/// A page of organizations.
pub(crate) type OperatedOrganizationPage = Page<OperatedOrganization>;

/// Which organizations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrganizationQuery {
    /// Only organizations whose key or name contains this, in any case of letters.
    pub search: Option<String>,
}

/// List every organization
///
/// For people who run the hub.
#[utoipa::path(
    get, path = "/operator/organizations", tag = "operator", operation_id = "listOperatedOrganizations",
    security(("session" = [])), params(OrganizationQuery, PageQuery),
    responses(
        (status = 200, description = "The organizations, by key.", body = OperatedOrganizationPage),
        (status = 403, description = "The caller does not run the hub."),
    ),
)]
pub(crate) async fn list_operated_organizations(
    State(state): State<ApiState>,
    _: Operator,
    Query(query): Query<OrganizationQuery>,
    page: PageQuery,
) -> Result<Json<OperatedOrganizationPage>, Problem> {
    let search = query.search.as_deref().filter(|text| !text.is_empty());
    let overviews = state
        .storage()
        .organization_overviews(search, state.now(), &page.into())
        .await?;
    Ok(Json(Page::of(overviews)))
}

impl From<peekaboo_storage::OrganizationOverview> for OperatedOrganization {
    fn from(overview: peekaboo_storage::OrganizationOverview) -> Self {
        let (organization, used) = (overview.organization, overview.used);
        Self {
            id: organization.id.as_uuid(),
            key: organization.key.into(),
            name: organization.name,
            created_at: organization.created_at,
            suspended_at: organization.suspended_at,
            members: used.members,
            projects: used.projects,
            environments: used.environments,
            flags: used.flags,
            evaluations: used.evaluations,
        }
    }
}
