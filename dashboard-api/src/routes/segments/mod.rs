//! Segments: named groups of contexts, the same in every environment of a project.

mod create;
mod delete;
mod get;
mod list;
mod members;
mod segment;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

pub(crate) use segment::Segment;
use segment::{ReplaceSegment, SegmentPage};

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_segments, create::create_segment))
        .routes(routes!(
            get::get_segment,
            update::replace_segment,
            update::update_segment,
            delete::delete_segment
        ))
        .routes(routes!(members::update_segment_members))
}
