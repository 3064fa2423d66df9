//! The admin API: everything that people and machines do to flags, by HTTP.
//!
//! A resource is a module of `routes`, with its models, its documentation and its tests. Commands go to the tenants' actors;
//! reads, and changes of members, tokens and sessions, go to the storage. This crate never opens a socket, never
//! evaluates a flag on its own account, and takes the tenant from the credential only.

pub mod auth;
mod clock;
mod commands;
mod config;
mod document;
mod guard;
#[cfg(test)]
mod harness;
mod http;
#[cfg(test)]
mod incidents;
mod model;
mod places;
pub mod problem;
mod refusal;
mod routes;
mod state;
#[cfg(test)]
mod walk_of_audit;
#[cfg(test)]
mod walk_of_creations;
#[cfg(test)]
mod walk_of_grants;
#[cfg(test)]
mod walk_of_strangers;
#[cfg(test)]
mod walks;

use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use clock::{Clock, SystemClock};
pub use config::{ApiConfig, Rate, WhoCreates};
pub use document::PREFIX;
pub use routes::export_organization;
pub use state::ApiState;

use problem::Problem;

/// Everything below `/api`. What has no endpoint there is refused with a problem document too.
///
/// To be served with `into_make_service_with_connect_info::<SocketAddr>()`, for rate limits count by address.
pub fn router(state: ApiState) -> Router {
    let document = openapi().to_json().unwrap_or_default();
    let serve_document = move || {
        let document = document.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], document) }
    };
    let (endpoints, _) = endpoints().split_for_parts();
    let max_body_bytes = state.config().max_body_bytes;
    endpoints
        .route(
            &format!("{PREFIX}/openapi.json"),
            axum::routing::get(serve_document),
        )
        .route("/api", axum::routing::any(no_such_endpoint))
        .route("/api/{*path}", axum::routing::any(no_such_endpoint))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(max_body_bytes))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            auth::origin::refuse_other_sites,
        ))
        .layer(middleware::from_fn(http::protect))
        .layer(middleware::from_fn(http::observe))
        .layer(http::compression())
        .layer(middleware::from_fn(http::compress_reads))
        .with_state(state)
}

/// The API's document, as `dashboard-api/openapi.json` holds it.
pub fn openapi() -> OpenApi {
    let (_, document) = endpoints().split_for_parts();
    let mut document = document::complete(document);
    document::describes_itself(&mut document);
    document
}

fn endpoints() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(document::skeleton()).nest(PREFIX, routes::router())
}

async fn no_such_endpoint(uri: Uri) -> Response {
    Problem::no_such_endpoint(uri.path()).into_response()
}

async fn method_not_allowed(method: Method) -> Response {
    Problem::method_not_allowed(&method).into_response()
}
