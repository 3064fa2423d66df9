//! OFREP, the OpenFeature remote evaluation protocol: flags for every language that has a provider for it.
//!
//! A client key receives values of client-visible flags only, and never a rule's text or another flag's name.

mod answer;
mod credential;
mod evaluate;
mod stream;

use axum::{
    Router,
    routing::{get, post},
};
use peekaboo_actors::Hub;

use crate::sdk_http::observe::observed;

/// Both evaluations, and the event streams that notify a client when to evaluate again.
pub(crate) fn routes() -> Router<Hub> {
    Router::new()
        .route(
            "/ofrep/v1/evaluate/flags/{key}",
            observed("ofrep_flag", post(evaluate::one)),
        )
        .route(
            "/ofrep/v1/evaluate/flags",
            observed("ofrep_flags", post(evaluate::all)),
        )
        .route(stream::PATH, observed("ofrep_stream", get(stream::open)))
}
