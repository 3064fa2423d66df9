//! Changing a segment, whole or in part.

use axum::extract::State;
use peekaboo_storage::{Command, SegmentPatch};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{ReplaceSegment, Segment};
use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{Body, IfMatch, Path, RequiredIfMatch, Tagged, WriteComment};
use crate::model::Condition;
use crate::problem::Problem;
use crate::routes::path::SegmentPath;

/// What changes of a segment; each member given replaces that member whole, the others stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"included": ["user-1", "user-2"]}))]
pub(crate) struct UpdateSegment {
    /// Its name.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(max_length = 5000, nullable = false)]
    pub description: Option<String>,
    /// The attribute of which `included` and `excluded` list values.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub attribute: Option<String>,
    /// Keys that belong whatever else holds.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub included: Option<Vec<Value>>,
    /// Keys that do not belong unless included.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub excluded: Option<Vec<Value>>,
    /// Decides for all others.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub when: Option<Condition>,
}

/// Replace a segment
///
/// Against the version that was read (If-Match), so that nobody's change is lost.
#[utoipa::path(
    put, path = "/organizations/{org}/projects/{project}/segments/{segment}", tag = "segments",
    operation_id = "replaceSegment", extensions(("x-permission" = json!("segment.update"))),
    params(SegmentPath, RequiredIfMatch, WriteComment), request_body = ReplaceSegment,
    responses((status = 200, description = "The segment.", body = Segment, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn replace_segment(
    State(state): State<ApiState>,
    may::SegmentUpdate(member): may::SegmentUpdate,
    Path(path): Path<SegmentPath>,
    if_match: RequiredIfMatch,
    comment: WriteComment,
    Body { value: segment, .. }: Body<ReplaceSegment>,
) -> Result<Tagged<Segment>, Problem> {
    let command = Command::UpdateSegment {
        project: path.project,
        segment: path.segment,
        patch: SegmentPatch {
            name: Some(segment.name),
            description: Some(segment.description),
            attribute: Some(segment.attribute),
            included: Some(segment.included),
            excluded: Some(segment.excluded),
            when: Some(segment.when.into()),
        },
        expected_version: if_match.version,
    };
    let outcome = commands::execute(&state, &member, comment, command).await?;
    Ok(Segment::of(outcome)?.tagged())
}

/// Change a segment
#[utoipa::path(
    patch, path = "/organizations/{org}/projects/{project}/segments/{segment}", tag = "segments",
    operation_id = "updateSegment", extensions(("x-permission" = json!("segment.update"))),
    params(SegmentPath, IfMatch, WriteComment), request_body = UpdateSegment,
    responses((status = 200, description = "The segment.", body = Segment, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn update_segment(
    State(state): State<ApiState>,
    may::SegmentUpdate(member): may::SegmentUpdate,
    Path(path): Path<SegmentPath>,
    if_match: IfMatch,
    comment: WriteComment,
    Body { value: change, .. }: Body<UpdateSegment>,
) -> Result<Tagged<Segment>, Problem> {
    let command = Command::UpdateSegment {
        project: path.project,
        segment: path.segment,
        patch: SegmentPatch {
            name: change.name,
            description: change.description,
            attribute: change.attribute,
            included: change.included,
            excluded: change.excluded,
            when: change.when.map(Into::into),
        },
        expected_version: if_match.version,
    };
    let outcome = commands::execute(&state, &member, comment, command).await?;
    Ok(Segment::of(outcome)?.tagged())
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const SEGMENTS: &str = "/organizations/acme/projects/shop/segments";
    const BETA: &str = "/organizations/acme/projects/shop/segments/beta";

    #[tokio::test]
    async fn a_segment_changes_in_part_or_whole() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api
            .call(&owner, Method::POST, SEGMENTS)
            .json(json!({"key": "beta", "excluded": ["user-9"]}))
            .expect(StatusCode::CREATED)
            .await;
        let part = api
            .call(&owner, Method::PATCH, BETA)
            .header("if-match", made.etag())
            .json(json!({"included": ["user-1"]}))
            .expect(StatusCode::OK)
            .await;
        assert_eq!(part.body["included"], json!(["user-1"]));
        assert_eq!(part.body["excluded"], json!(["user-9"]));
        let whole = |tag: &str| {
            api.call(&owner, Method::PUT, BETA)
                .header("if-match", tag)
                .json(json!({"name": "Beta", "when": {"attribute": "plan", "op": "in", "values": ["pro"]}}))
        };
        let refused = whole(made.etag())
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], part.body);
        let replaced = whole(part.etag()).expect(StatusCode::OK).await;
        assert_eq!(replaced.body["included"], json!([]));
        assert_eq!(replaced.body["name"], "Beta");
        api.call(&owner, Method::PUT, BETA)
            .json(json!({"name": "Beta"}))
            .refused(StatusCode::PRECONDITION_REQUIRED, "precondition_required")
            .await;
    }

    #[tokio::test]
    async fn segments_are_listed_and_searched() {
        let (api, owner) = TestApi::with_shop().await;
        for key in ["beta", "alpha"] {
            api.call(&owner, Method::POST, SEGMENTS)
                .json(json!({"key": key}))
                .expect(StatusCode::CREATED)
                .await;
        }
        assert_eq!(
            api.get(&owner, SEGMENTS).await.each("key"),
            ["alpha", "beta"]
        );
        let found = api.get(&owner, &format!("{SEGMENTS}?search=BET")).await;
        assert_eq!(found.each("key"), ["beta"]);
    }
}
