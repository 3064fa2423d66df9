//! The HTTP endpoints for applications: events, the ruleset and OFREP, each with an SDK key.
//!
//! Responses use the newest state, without a lock and without an actor. Nothing here changes a flag.

use std::time::Duration;

use axum::{Router, middleware, response::IntoResponse};
use http::StatusCode;
use peekaboo_actors::Hub;
use tower_http::timeout::TimeoutLayer;

use crate::{
    ofrep,
    sdk_http::{self, cors},
};

/// The timeout of a request, for example if the database does not respond.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// The routes of a hub, for its SDK listener.
pub fn sdk_router(hub: Hub) -> Router {
    sdk_http::routes()
        .merge(ofrep::routes())
        .fallback(not_found)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWERED_WITHIN,
        ))
        .layer(middleware::from_fn(cors::share))
        .with_state(hub)
}

/// The response to an unknown path, which lists the valid ones.
async fn not_found() -> impl IntoResponse {
    const HINT: &str = "this is Peek-a-boo's address for applications: SDKs connect to /sdk/v1/stream, OFREP is under \
                        /ofrep/v1, and the dashboard has an address of its own\n";
    (StatusCode::NOT_FOUND, HINT)
}
