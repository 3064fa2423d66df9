//! Making a segment.

use axum::extract::State;
use axum::response::Response;
use peekaboo_storage::{Command, NewSegment, SubjectKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Segment;
use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{Body, IdempotencyKey, Once, Path, Reply, Tagged, WriteComment};
use crate::model::Condition;
use crate::problem::Problem;
use crate::routes::path::ProjectPath;

/// A segment to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "key": "beta", "name": "Beta testers",
    "when": {"attribute": "email", "op": "endsWith", "values": ["@example.com"]}
}))]
pub(crate) struct CreateSegment {
    /// Its key in conditions and URLs.
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_][A-Za-z0-9._:|~-]{0,255}$")]
    pub key: SubjectKey,
    /// Its name; the key where it is left out.
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: String,
    /// The attribute of which `included` and `excluded` list values.
    #[serde(default = "crate::model::targeting_key")]
    #[schema(default = "targetingKey")]
    pub attribute: String,
    /// Keys that belong whatever else holds.
    #[serde(default)]
    pub included: Vec<Value>,
    /// Keys that do not belong unless included.
    #[serde(default)]
    pub excluded: Vec<Value>,
    /// Decides for all others; nobody where it is left out.
    #[serde(default = "crate::model::nobody")]
    pub when: Condition,
}

/// Create a segment
#[utoipa::path(
    post, path = "/organizations/{org}/projects/{project}/segments", tag = "segments", operation_id = "createSegment",
    extensions(("x-permission" = json!("segment.update"))), params(ProjectPath, IdempotencyKey, WriteComment),
    request_body = CreateSegment,
    responses(
        (status = 201, description = "The segment.", body = Segment, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "The key is taken."),
    ),
)]
pub(crate) async fn create_segment(
    State(state): State<ApiState>,
    may::SegmentUpdate(member): may::SegmentUpdate,
    Path(path): Path<ProjectPath>,
    idempotency: IdempotencyKey,
    comment: WriteComment,
    body: Body<CreateSegment>,
) -> Result<Response, Problem> {
    let what = ("createSegment", member.tenant(), &path.project);
    let once = Once::new(&member, idempotency, what, &body);
    let create = body.value;
    let command = Command::CreateSegment {
        project: path.project,
        segment: NewSegment {
            name: create
                .name
                .unwrap_or_else(|| create.key.as_str().to_owned()),
            key: create.key,
            description: create.description,
            attribute: create.attribute,
            included: create.included,
            excluded: create.excluded,
            when: create.when.into(),
        },
    };
    let reply = |outcome| {
        let segment = Segment::of(outcome)?;
        Reply::tagged(&Tagged::created(segment.version, segment))
    };
    commands::execute_once(&state, &member, once, comment, command, reply).await
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const SEGMENTS: &str = "/organizations/acme/projects/shop/segments";

    #[tokio::test]
    async fn a_segment_holds_nobody_until_told_otherwise() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| api.call(&owner, Method::POST, SEGMENTS).json(body);
        let made = create(json!({"key": "beta"}))
            .expect(StatusCode::CREATED)
            .await;
        assert_eq!(made.body["name"], "beta");
        assert_eq!(made.body["attribute"], "targetingKey");
        assert_eq!(made.body["when"], json!({"any": []}));
        let path = format!("{SEGMENTS}/beta");
        assert_eq!(api.get(&owner, &path).await.body, made.body);
        create(json!({"key": "beta"}))
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
    }

    #[tokio::test]
    async fn each_mistake_is_told_by_field() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| api.call(&owner, Method::POST, SEGMENTS).json(body);
        create(json!({"key": "b/c"}))
            .invalid("/key", "malformed_key")
            .await;
        create(json!({"key": "b", "when": {"segment": "b"}}))
            .invalid("/when/segment", "cycle")
            .await;
        create(json!({"key": "b", "when": {"segment": "c"}}))
            .invalid("/when/segment", "unknown_segment")
            .await;
        create(
            json!({"key": "b", "when": {"bucket": {"by": "targetingKey", "from": 0, "below": 1}}}),
        )
        .invalid("/when/bucket/seed", "required")
        .await;
        create(json!({"key": "b", "included": [{"no": "scalar"}]}))
            .invalid("/included/0", "malformed_value")
            .await;
    }
}
