//! Counts requests with an SDK key by route and outcome, and measures their time. Metric handles are looked up when the
//! routes are created, so a request costs three additions and no lookup.

use std::sync::Arc;
use std::time::Instant;

use axum::{extract::Request, middleware, middleware::Next, routing::MethodRouter};
use http::StatusCode;
use metrics::{Counter, Histogram, counter, histogram};

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Ok,
    NotModified,
    Invalid,
    Unauthorized,
    Forbidden,
    NotFound,
    Limited,
    Unavailable,
    Failed,
}

const OUTCOMES: [(Outcome, &str); 9] = [
    (Outcome::Ok, "ok"),
    (Outcome::NotModified, "not_modified"),
    (Outcome::Invalid, "invalid"),
    (Outcome::Unauthorized, "unauthorized"),
    (Outcome::Forbidden, "forbidden"),
    (Outcome::NotFound, "not_found"),
    (Outcome::Limited, "limited"),
    (Outcome::Unavailable, "unavailable"),
    (Outcome::Failed, "failed"),
];

impl Outcome {
    fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_MODIFIED => Self::NotModified,
            StatusCode::UNAUTHORIZED => Self::Unauthorized,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::TOO_MANY_REQUESTS => Self::Limited,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            status if status.is_client_error() => Self::Invalid,
            status if status.is_server_error() => Self::Failed,
            _ => Self::Ok,
        }
    }
}

struct Handles {
    outcomes: [Counter; 9],
    seconds: Histogram,
}

/// Counts the route's requests under this name.
pub(crate) fn observed<S>(route: &'static str, served: MethodRouter<S>) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let outcomes = OUTCOMES.map(
        |(_, outcome)| counter!("peekaboo_sdk_requests_total", "route" => route, "outcome" => outcome),
    );
    let seconds = histogram!("peekaboo_sdk_request_duration_seconds", "route" => route);
    let handles = Arc::new(Handles { outcomes, seconds });
    served.layer(middleware::from_fn(move |request: Request, next: Next| {
        let handles = Arc::clone(&handles);
        async move {
            let began = Instant::now();
            let response = next.run(request).await;
            handles.outcomes[Outcome::of(response.status()) as usize].increment(1);
            handles.seconds.record(began.elapsed());
            response
        }
    }))
}

/// Describes these metrics to the recorder.
pub(crate) fn describe() {
    metrics::describe_counter!(
        "peekaboo_sdk_requests_total",
        "Requests with an SDK key, by route and outcome"
    );
    metrics::describe_histogram!(
        "peekaboo_sdk_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time to the response's headers, by route"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_named_in_the_order_of_their_numbers() {
        for (index, (outcome, _)) in OUTCOMES.into_iter().enumerate() {
            assert_eq!(outcome as usize, index);
        }
    }

    #[test]
    fn an_outcome_says_whose_fault_it_is() {
        for (status, outcome) in [
            (200, Outcome::Ok),
            (202, Outcome::Ok),
            (304, Outcome::NotModified),
            (400, Outcome::Invalid),
            (406, Outcome::Invalid),
            (429, Outcome::Limited),
            (500, Outcome::Failed),
            (503, Outcome::Unavailable),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(Outcome::of(status), outcome, "{status}");
        }
    }
}
