//! The dashboard's listener: the admin API under `/api/`, the demo's storefront under
//! `/storefront/`, and the dashboard's page everywhere else.

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    middleware,
    response::{IntoResponse as _, Redirect, Response},
    routing::{any, get},
};
use http::{HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;
use serde::Serialize;
use serde_json::json;

use crate::{
    public_path::PublicPath,
    site::{ContentSecurityPolicy, DashboardFiles, Fallback, Site, StorefrontFiles, protect},
};

/// What the storefront needs to connect, as it reads it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct StorefrontConfig {
    /// A client key.
    pub(crate) key: String,
    /// The stream's address.
    pub(crate) url: String,
}

/// What the listener serves next to the API.
#[derive(Debug, Clone)]
pub(crate) struct Pages {
    /// Whether browsers come over TLS.
    pub(crate) over_tls: bool,
    /// Where a proxy serves the dashboard.
    pub(crate) public_path: PublicPath,
    /// Where applications connect, for those that come here by mistake.
    pub(crate) sdk: String,
    /// The storefront, in a demo.
    pub(crate) storefront: Option<StorefrontConfig>,
}

/// Everything on the dashboard's listener. `api` has its own paths under `/api/`.
pub(crate) fn router(api: Router, pages: Pages) -> Router {
    assemble::<DashboardFiles, StorefrontFiles>(api, pages)
}

fn assemble<D, S>(api: Router, pages: Pages) -> Router
where
    D: RustEmbed + Send + Sync + 'static,
    S: RustEmbed + Send + Sync + 'static,
{
    let Pages {
        over_tls,
        public_path,
        sdk,
        storefront,
    } = pages;
    let policy = ContentSecurityPolicy::talking_to(None);
    let dashboard = Site::<D>::new(Fallback::Index).under(&public_path.0);
    let storefront = storefront.map_or_else(Router::new, |config| {
        storefront_site::<S>(config, &public_path, over_tls)
    });
    // The API looks after its own answers, which are never pages.
    api.merge(storefront)
        .merge(misdirected(&sdk))
        .fallback(move |request: Request| {
            let (dashboard, policy) = (dashboard.clone(), policy.clone());
            async move {
                let mut response = page(&dashboard, &request);
                protect(response.headers_mut(), &policy, over_tls);
                response
            }
        })
}

/// Answers applications that were given the dashboard's address: a page would look to them like a hub that is broken.
fn misdirected(sdk: &str) -> Router {
    let hint = format!("this is the dashboard's address; applications connect to {sdk}");
    let document = json!({
        "title": "Not Found",
        "status": 404,
        "detail": hint,
        // What OFREP's providers show.
        "errorCode": "GENERAL",
        "errorDetails": hint,
    });
    let answer = move || {
        let document = Json(document.clone());
        // So that an SDK in a page can read the hint.
        let readable = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
        std::future::ready((StatusCode::NOT_FOUND, readable, document))
    };
    Router::new()
        .route("/sdk/v1/{*path}", any(answer.clone()))
        .route("/ofrep/v1/{*path}", any(answer))
}

fn page<F: RustEmbed>(site: &Site<F>, request: &Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    if matches!(first, "api" | "storefront") {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !Site::<F>::is_built() {
        return not_built();
    }
    site.respond(request.method(), path, request.headers())
}

/// What is served where the binary was built without the dashboard.
fn not_built() -> Response {
    let mut response = Response::new(Body::from(include_str!("../site/not-built.html")));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

fn storefront_site<S>(config: StorefrontConfig, public_path: &PublicPath, over_tls: bool) -> Router
where
    S: RustEmbed + Send + Sync + 'static,
{
    let policy = ContentSecurityPolicy::talking_to(Some(&config.url));
    let site = Site::<S>::new(Fallback::NotFound);
    let home = format!("{}/storefront/", public_path.0);
    Router::new()
        .route(
            "/storefront",
            get(move || std::future::ready(Redirect::permanent(&home))),
        )
        .route("/storefront/config.json", get(async move || Json(config)))
        .route("/storefront/", any(serve_site::<S>))
        .route("/storefront/{*path}", any(serve_site::<S>))
        .with_state(site)
        .layer(middleware::map_response(move |mut response: Response| {
            let policy = policy.clone();
            async move {
                protect(response.headers_mut(), &policy, over_tls);
                response
            }
        }))
}

async fn serve_site<S>(State(site): State<Site<S>>, request: Request) -> Response
where
    S: RustEmbed + Send + Sync + 'static,
{
    let path = request.uri().path().trim_start_matches("/storefront/");
    site.respond(request.method(), path, request.headers())
}

#[cfg(test)]
mod tests;
