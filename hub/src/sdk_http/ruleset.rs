//! `GET /sdk/v1/ruleset`: everything that a server needs to evaluate by itself. Rules are shown to server keys alone.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use peekaboo_actors::Hub;
use peekaboo_storage::SdkKeyKind;

use super::{
    entrance::{answer, bearer, enter},
    etag::is_held,
    problem::Problem,
};

pub(super) async fn show(State(hub): State<Hub>, headers: HeaderMap) -> Result<Response, Problem> {
    let access = enter(&hub, bearer(&headers), &headers).await?;
    if access.kind() != SdkKeyKind::Server {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "a client key shows values, never rules: use a server key of the environment",
        ));
    }
    let snapshot = access.snapshot();
    let etag = format!("\"{}-{}\"", snapshot.epoch, snapshot.version);
    let tags = [
        (header::ETAG, etag.as_str()),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    let response = if is_held(&headers, &etag) {
        (StatusCode::NOT_MODIFIED, tags).into_response()
    } else {
        (tags, Json(snapshot.ruleset.to_ruleset())).into_response()
    };
    Ok(answer(&access, response))
}
