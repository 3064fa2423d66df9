//! What applications reach by HTTP beside the stream: events, the ruleset and OFREP, each under an SDK key.
//!
//! Requests are answered from the newest state, without a lock and without an actor; nothing here changes a flag.

pub(crate) mod body;
mod cors;
pub(crate) mod entrance;
pub(crate) mod etag;
mod events;
pub(crate) mod observe;
pub(crate) mod position;
mod problem;
pub(crate) mod refusal;
mod ruleset;

use std::time::Duration;

use axum::{
    Router, middleware,
    routing::{get, post},
};
use http::StatusCode;
use peekaboo_actors::Hub;
use tower_http::timeout::TimeoutLayer;

use self::observe::observed;
use crate::ofrep;

/// A request that is not answered by then is given up: its body does not come, or the database does not answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// The routes of a hub, for its SDK listener.
pub fn sdk_router(hub: Hub) -> Router {
    Router::new()
        .route("/sdk/v1/events", observed("events", post(events::take)))
        .route("/sdk/v1/ruleset", observed("ruleset", get(ruleset::show)))
        .merge(ofrep::routes())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWERED_WITHIN,
        ))
        .layer(middleware::from_fn(cors::share))
        .with_state(hub)
}
