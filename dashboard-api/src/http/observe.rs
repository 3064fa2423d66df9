//! What surrounds every request: its id, its span, its metrics, and the net under a panic.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use crate::problem::{Internal, Problem};

/// Gives each request an id, counts and times it by its route, and answers a panic as 500.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().to_string();
    let method = request.method().clone();
    // The template, never the path: metrics must not grow with what callers make up.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", id, %method, route);
    let began = Instant::now();

    let mut response = answer(request, next, span.clone()).await;

    if let Some(problem) = response.extensions_mut().remove::<Internal>() {
        let mut problem = problem.0;
        problem.request_id = Some(id.clone());
        let named = problem.into_response();
        *response.body_mut() = named.into_body();
        response.headers_mut().remove("content-length");
    }
    if let Ok(value) = HeaderValue::try_from(&id) {
        response.headers_mut().insert("x-request-id", value);
    }

    let elapsed = began.elapsed();
    let status = response.status();
    span.in_scope(|| {
        let duration_ms = elapsed.as_secs_f64() * 1_000.0;
        tracing::debug!(status = status.as_u16(), duration_ms, "answered");
    });
    let method = method_label(&method);
    metrics::counter!(
        "peekaboo_http_requests_total",
        "method" => method, "route" => route.clone(), "status" => status.as_str().to_owned()
    )
    .increment(1);
    metrics::histogram!(
        "peekaboo_http_request_duration_seconds",
        "method" => method, "route" => route
    )
    .record(elapsed.as_secs_f64());
    response
}

/// What the handler answers. A request that changes something is carried out even when its caller goes away: the
/// half of it, or all of it without the answer that a repetition would get, would be worse.
async fn answer(request: Request, next: Next, span: Span) -> Response {
    let safe = request.method().is_safe();
    let handled = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .instrument(span.clone());
    let outcome = if safe {
        handled.await
    } else {
        let task = tokio::spawn(handled);
        task.await
            .unwrap_or_else(|error| Err(Box::new(error.to_string())))
    };
    outcome.unwrap_or_else(|panic| {
        span.in_scope(|| tracing::error!(reason = reason(&*panic), "a handler panicked"));
        Problem::internal().into_response()
    })
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("unknown")
}

/// A method may be any word; a label may not.
fn method_label(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use axum::{Router, middleware, routing};
    use tower::ServiceExt as _;

    async fn panics() -> Response {
        panic!("the handler is wrong")
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_can_be_found_in_the_log() {
        for method in ["GET", "POST"] {
            a_panic_is_answered(method).await;
        }
    }

    async fn a_panic_is_answered(method: &str) {
        let router = Router::new()
            .route("/", routing::any(panics))
            .layer(middleware::from_fn(observe));
        let request = axum::http::Request::builder().method(method);
        let request = request.uri("/").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let id = response.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["requestId"], id);
        assert!(!problem.to_string().contains("the handler is wrong"));
    }

    #[tokio::test]
    async fn a_change_is_carried_out_even_when_its_caller_goes_away() {
        let (began, waits) = tokio::sync::oneshot::channel();
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let (done, finished) = tokio::sync::oneshot::channel();
        let parts = std::sync::Mutex::new(Some((began, gone, done)));
        let parts = std::sync::Arc::new(parts);
        let handler = async move || {
            let (began, gone, done) = parts.lock().unwrap().take().unwrap();
            began.send(()).unwrap();
            gone.await.unwrap();
            done.send(()).unwrap();
        };
        let router = Router::new()
            .route("/", routing::post(handler))
            .layer(middleware::from_fn(observe));
        let request = axum::http::Request::post("/").body(Body::empty()).unwrap();
        tokio::select! {
            _ = router.oneshot(request) => panic!("the handler waits"),
            waits = waits => waits.unwrap(),
        }
        // The request is dropped by now.
        go.send(()).unwrap();
        let deadline = std::time::Duration::from_secs(10);
        tokio::time::timeout(deadline, finished)
            .await
            .unwrap()
            .unwrap();
    }
}
