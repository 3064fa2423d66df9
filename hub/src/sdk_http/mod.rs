//! The HTTP endpoints of our own SDKs, and what they share with OFREP: the key of a request, refusals, CORS, and metrics.

pub(crate) mod body;
pub(crate) mod cors;
pub(crate) mod entrance;
mod events;
pub(crate) mod observe;
pub(crate) mod position;
mod problem;
pub(crate) mod refusal;
mod ruleset;

use axum::{
    Router,
    routing::{get, post},
};
use peekaboo_actors::Hub;

use self::observe::observed;

/// Events and the ruleset.
pub(crate) fn routes() -> Router<Hub> {
    Router::new()
        .route("/sdk/v1/events", observed("events", post(events::take)))
        .route("/sdk/v1/ruleset", observed("ruleset", get(ruleset::show)))
}
