//! Deleting a segment.

use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::Command;

use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{IfMatch, Path, WriteComment};
use crate::problem::Problem;
use crate::routes::path::SegmentPath;

/// Delete a segment
#[utoipa::path(
    delete, path = "/organizations/{org}/projects/{project}/segments/{segment}", tag = "segments",
    operation_id = "deleteSegment", extensions(("x-permission" = json!("segment.update"))),
    params(SegmentPath, IfMatch, WriteComment),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "Others depend on it."),
    ),
)]
pub(crate) async fn delete_segment(
    State(state): State<ApiState>,
    may::SegmentUpdate(member): may::SegmentUpdate,
    Path(path): Path<SegmentPath>,
    if_match: IfMatch,
    comment: WriteComment,
) -> Result<StatusCode, Problem> {
    let command = Command::DeleteSegment {
        project: path.project,
        segment: path.segment,
        expected_version: if_match.version,
    };
    commands::execute(&state, &member, comment, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::Method;
    use serde_json::json;

    const SEGMENTS: &str = "/organizations/acme/projects/shop/segments";
    const BETA: &str = "/organizations/acme/projects/shop/segments/beta";

    #[tokio::test]
    async fn a_segment_that_others_depend_on_stays_and_says_who_does() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| {
            api.call(&owner, Method::POST, SEGMENTS)
                .json(body)
                .expect(StatusCode::CREATED)
        };
        create(json!({"key": "beta"})).await;
        create(json!({"key": "wide", "when": {"any": [{"segment": "beta"}]}})).await;
        let refused = api
            .call(&owner, Method::DELETE, BETA)
            .refused(StatusCode::CONFLICT, "in_use")
            .await;
        let dependent = &refused.body["dependents"][0];
        assert_eq!(dependent["kind"], "segment");
        assert_eq!(dependent["key"], "wide");
        assert_eq!(dependent.get("environment"), None);
        let listed = api.get(&owner, &format!("{BETA}/dependents")).await;
        assert_eq!(listed.body["items"], refused.body["dependents"]);

        api.call(&owner, Method::DELETE, &format!("{SEGMENTS}/wide"))
            .expect(StatusCode::NO_CONTENT)
            .await;
        api.call(&owner, Method::DELETE, BETA)
            .expect(StatusCode::NO_CONTENT)
            .await;
        api.call(&owner, Method::GET, BETA)
            .expect(StatusCode::NOT_FOUND)
            .await;
        api.call(&owner, Method::GET, &format!("{BETA}/dependents"))
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}
