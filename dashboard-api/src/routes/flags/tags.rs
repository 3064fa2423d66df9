//! The tags that a project's flags have.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::may;
use crate::http::Path;
use crate::problem::Problem;
use crate::routes::path::ProjectPath;

/// Tags.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"items": ["checkout", "team-a"]}))]
pub(crate) struct Tags {
    /// Each once, in order.
    pub items: Vec<String>,
}

/// List tags
///
/// Every tag of the project's flags, those of archived ones included.
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/tags", tag = "flags", operation_id = "listTags",
    extensions(("x-permission" = json!("flag.read"))), params(ProjectPath),
    responses((status = 200, description = "The tags.", body = Tags)),
)]
pub(crate) async fn list_tags(
    State(state): State<ApiState>,
    may::FlagRead(member): may::FlagRead,
    Path(path): Path<ProjectPath>,
) -> Result<Json<Tags>, Problem> {
    let items = state
        .storage()
        .flag_tags(member.tenant(), &path.project)
        .await?;
    Ok(Json(Tags { items }))
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    #[tokio::test]
    async fn each_tag_of_a_project_is_listed_once() {
        let (api, owner) = TestApi::with_shop().await;
        let path = "/organizations/acme/projects/shop/tags";
        assert_eq!(api.get(&owner, path).await.body["items"], json!([]));
        for (flag, tags) in [
            ("a", json!(["web", "new"])),
            ("b", json!(["web"])),
            ("c", json!([])),
        ] {
            api.flag(&owner, flag).await;
            api.call(
                &owner,
                Method::PATCH,
                &format!("/organizations/acme/projects/shop/flags/{flag}"),
            )
            .json(json!({"tags": tags, "archived": flag == "a"}))
            .expect(StatusCode::OK)
            .await;
        }
        assert_eq!(
            api.get(&owner, path).await.body["items"],
            json!(["new", "web"])
        );
        api.call(
            &owner,
            Method::GET,
            "/organizations/acme/projects/nope/tags",
        )
        .expect(StatusCode::NOT_FOUND)
        .await;
    }
}
