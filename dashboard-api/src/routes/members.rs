//! Who belongs to an organisation.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::path::OrganizationPath;
use super::session::User;
use crate::ApiState;
use crate::auth::{Role, may};
use crate::http::{Page, PageQuery};
use crate::problem::Problem;

/// A member of an organisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    /// The person.
    pub user: User,
    /// What they may do.
    pub role: Role,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub joined_at: OffsetDateTime,
}

/// A page of members.
pub(crate) type MemberPage = Page<Member>;

/// List members
#[utoipa::path(
    get, path = "/organizations/{org}/members", tag = "members", operation_id = "listMembers",
    extensions(("x-permission" = json!("member.read"))), params(OrganizationPath, PageQuery),
    responses((status = 200, description = "The members, by e-mail.", body = MemberPage)),
)]
pub(crate) async fn list_members(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    page: PageQuery,
) -> Result<Json<MemberPage>, Problem> {
    let members = state
        .storage()
        .members(member.tenant(), &page.into())
        .await?;
    Ok(Json(Page::of(members)))
}

impl From<peekaboo_storage::Member> for Member {
    fn from(member: peekaboo_storage::Member) -> Self {
        Self {
            user: member.user.into(),
            role: member.role.into(),
            joined_at: member.joined_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::Method;

    #[tokio::test]
    async fn an_admin_sees_who_belongs() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        api.member(acme, "bob@example.com", Role::Viewer).await;
        let listed = api.get(&owner, "/organizations/acme/members").await;
        assert_eq!(listed.each("role"), ["owner", "viewer"]);
        let first = api.get(&owner, "/organizations/acme/members?limit=1").await;
        assert_eq!(first.each("role"), ["owner"]);
        let cursor = first.body["nextCursor"].as_str().unwrap();
        let path = format!("/organizations/acme/members?limit=1&cursor={cursor}");
        let second = api.get(&owner, &path).await;
        assert_eq!(second.each("role"), ["viewer"]);
        assert!(second.body["nextCursor"].is_null());
    }

    #[tokio::test]
    async fn a_made_up_page_is_refused() {
        let (api, owner) = TestApi::with_shop().await;
        for (query, pointer, code) in [
            ("cursor=nope", "?cursor", "invalid_cursor"),
            ("limit=0", "?limit", "out_of_range"),
            ("limit=201", "?limit", "out_of_range"),
            ("limit=many", "?limit", "malformed_value"),
        ] {
            let path = format!("/organizations/acme/members?{query}");
            api.call(&owner, Method::GET, &path)
                .invalid(pointer, code)
                .await;
        }
    }
}
