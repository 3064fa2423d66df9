//! Adding and removing single members of a segment.

use axum::extract::State;
use peekaboo_storage::{Command, SegmentMembers};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Segment;
use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{Body, IfMatch, Path, Tagged, WriteComment};
use crate::problem::Problem;
use crate::routes::path::SegmentPath;

/// Members to add and to remove.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"included": {"add": ["user-1", "user-2"], "remove": ["user-3"]}}))]
pub(crate) struct UpdateMembers {
    /// Keys that belong whatever else holds.
    #[serde(default)]
    pub included: UpdateList,
    /// Keys that do not belong unless included.
    #[serde(default)]
    pub excluded: UpdateList,
}

/// Values to add to a list and to remove from it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateList {
    /// Values to add; those that are there already stay where they are.
    #[serde(default)]
    pub add: Vec<Value>,
    /// Values to remove; those that are not there are passed over.
    #[serde(default)]
    pub remove: Vec<Value>,
}

impl From<UpdateList> for peekaboo_storage::ListChange {
    fn from(list: UpdateList) -> Self {
        Self {
            add: list.add,
            remove: list.remove,
        }
    }
}

/// How many members a segment lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberCounts {
    /// The segment's version; also the `ETag`.
    pub version: i64,
    /// How many keys belong whatever else holds.
    pub included: u64,
    /// How many keys do not belong unless included.
    pub excluded: u64,
}

/// Add and remove members
///
/// As many as the request holds, without sending the others. Sent again, the same request changes nothing; what others
/// change meanwhile stays. `If-Match` is only needed by callers that must not change another version than they read.
#[utoipa::path(
    patch, path = "/organizations/{org}/projects/{project}/segments/{segment}/members", tag = "segments",
    operation_id = "updateSegmentMembers", extensions(("x-permission" = json!("segment.update"))),
    params(SegmentPath, IfMatch, WriteComment), request_body = UpdateMembers,
    responses((status = 200, description = "How many members there are now.", body = MemberCounts, headers(("ETag" = String, description = "The segment's version, for If-Match.")))),
)]
pub(crate) async fn update_segment_members(
    State(state): State<ApiState>,
    may::SegmentUpdate(member): may::SegmentUpdate,
    Path(path): Path<SegmentPath>,
    if_match: IfMatch,
    comment: WriteComment,
    Body { value: members, .. }: Body<UpdateMembers>,
) -> Result<Tagged<MemberCounts>, Problem> {
    let command = Command::UpdateSegmentMembers {
        project: path.project,
        segment: path.segment,
        members: SegmentMembers {
            included: members.included.into(),
            excluded: members.excluded.into(),
        },
        expected_version: if_match.version,
    };
    let outcome = commands::execute(&state, &member, comment, command).await?;
    let segment = Segment::of(outcome)?;
    let count = |list: &[Value]| u64::try_from(list.len()).unwrap_or(u64::MAX);
    let counts = MemberCounts {
        version: segment.version,
        included: count(&segment.included),
        excluded: count(&segment.excluded),
    };
    Ok(Tagged::ok(counts.version, counts))
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    use crate::harness::TestApi;

    const SEGMENTS: &str = "/organizations/acme/projects/shop/segments";
    const BETA: &str = "/organizations/acme/projects/shop/segments/Beta%3A1";
    const MEMBERS: &str = "/organizations/acme/projects/shop/segments/Beta%3A1/members";

    #[tokio::test]
    async fn members_come_and_go_without_the_others_being_sent() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api
            .call(&owner, Method::POST, SEGMENTS)
            .json(json!({"key": "Beta:1", "included": ["user-1", "user-2"]}))
            .expect(StatusCode::CREATED)
            .await;
        let change = || {
            api.call(&owner, Method::PATCH, MEMBERS).json(json!({
                "included": {"add": ["user-2", "user-3"], "remove": ["user-1"]},
                "excluded": {"add": ["user-9"]}
            }))
        };
        let changed = change().expect(StatusCode::OK).await;
        assert_eq!(
            changed.body,
            json!({"version": 2, "included": 2, "excluded": 1})
        );
        let segment = api.get(&owner, BETA).await;
        assert_eq!(segment.body["included"], json!(["user-2", "user-3"]));
        assert_eq!(segment.etag(), changed.etag());
        let again = change().expect(StatusCode::OK).await;
        assert_eq!(again.body, changed.body, "nothing changes");
        api.call(&owner, Method::PATCH, MEMBERS)
            .header("if-match", made.etag())
            .json(json!({"included": {"add": ["user-4"]}}))
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
    }

    #[tokio::test]
    async fn what_cannot_be_a_member_is_pointed_at() {
        let (api, owner) = TestApi::with_shop().await;
        api.call(&owner, Method::POST, SEGMENTS)
            .json(json!({"key": "Beta:1"}))
            .expect(StatusCode::CREATED)
            .await;
        let change = |body| api.call(&owner, Method::PATCH, MEMBERS).json(body);
        change(json!({"included": {"add": ["a", {"no": "scalar"}]}}))
            .invalid("/included/add/1", "malformed_value")
            .await;
        change(json!({"excluded": {"add": ["a"], "remove": ["a"]}}))
            .invalid("/excluded/add/0", "duplicate")
            .await;
    }
}
