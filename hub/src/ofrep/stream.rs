//! Event streams: server-sent events that say that something changed, but never what.
//!
//! An address contains its credential, because an `EventSource` cannot send headers: a client key, which is public, or a
//! ticket instead of a server key. It also contains the version of the response that it came with, so that no change in
//! between is missed. An event's id is the version that it announces, and a client that reconnects sends the last one.

use std::convert::Infallible;
use std::time::Duration;

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderName, StatusCode};
use peekaboo_actors::{Access, EnvironmentSnapshot, Follower, Hub, Notice};
use peekaboo_storage::SdkKeyKind;
use rand::RngExt as _;
use serde::{Deserialize, Serialize};

use super::{answer::Failure, credential::key_of};
use crate::public_path::PublicPath;
use crate::sdk_http::{
    entrance::{answer, enter, enter_by_ticket},
    position,
    refusal::Refusal,
};

/// Where they are.
pub(super) const PATH: &str = "/ofrep/v1/stream";

/// What an address says.
#[derive(Deserialize)]
pub(super) struct Opening {
    /// A client key.
    key: Option<String>,
    /// In the place of a server key.
    ticket: Option<String>,
    /// The version that the client holds.
    since: Option<String>,
}

/// What an event says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refetch<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<&'a str>,
    /// In seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<u64>,
}

/// The address of the stream for a client that just received this snapshot with this key. `path` is where a proxy serves
/// this listener, because providers resolve the address against the origin.
pub(super) fn address(
    path: &PublicPath,
    access: &Access,
    key: &str,
    snapshot: &EnvironmentSnapshot,
) -> String {
    let since = position::text_of(snapshot);
    let path = &path.0;
    match access.kind() {
        // Keys are made of letters, digits and underscores.
        SdkKeyKind::Client => format!("{path}{PATH}?key={key}&since={since}"),
        SdkKeyKind::Server => format!("{path}{PATH}?ticket={}&since={since}", access.ticket()),
    }
}

pub(super) async fn open(
    State(hub): State<Hub>,
    opening: Result<Query<Opening>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Query(opening) = opening.map_err(|rejection| {
        Failure::new(StatusCode::BAD_REQUEST, rejection.body_text()).with_code("PARSE_ERROR")
    })?;
    if !hub.ready() {
        return Err(Refusal::Unavailable.into());
    }
    let access = match (key_of(&headers), &opening.ticket) {
        (None, Some(ticket)) => enter_by_ticket(&hub, ticket, &headers).await?,
        (None, None) if is_secret(opening.key.as_deref()) => {
            return Err(Failure::new(
                StatusCode::FORBIDDEN,
                "a server key is secret and must not be in a URL: use the URL in `eventStreams`",
            ));
        }
        (in_header, _) => enter(&hub, in_header.or(opening.key.as_deref()), &headers).await?,
    };
    let resumed = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .or(opening.since.as_deref())
        .and_then(position::parse);
    let follower = access.follow(resumed).map_err(Refusal::from)?;
    Ok(answer(&access, events(follower)))
}

fn is_secret(key: Option<&str>) -> bool {
    key.is_some_and(|key| key.starts_with("pbs_"))
}

fn events(follower: Follower) -> Response {
    // Without data this is not an event, but it sets the client's last event id and its retry time.
    let first = Event::default()
        .id(position::text(follower.told()))
        .retry(follower.reconnect_after());
    // Spread, so that the heartbeats of a crowd do not come at once.
    let heartbeat = follower
        .heartbeat()
        .mul_f64(rand::rng().random_range(0.8..=1.0));
    let notices = stream::unfold(follower, |mut follower| async move {
        Some((follower.next().await?, follower))
    });
    let events = stream::iter([first])
        .chain(notices.map(event))
        .map(Ok::<_, Infallible>);
    // Proxies that collect answers would hold events back.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    // An event and no comment, which scripts cannot see. It has a name, so that clients of OFREP pass it over, and data,
    // without which browsers would too.
    let alive = Event::default().event("heartbeat").data("{}");
    let keep_alive = KeepAlive::new().interval(heartbeat).event(alive);
    let sse = Sse::new(events).keep_alive(keep_alive);
    (unbuffered, sse).into_response()
}

fn event(notice: Notice) -> Event {
    match notice {
        Notice::Changed {
            version,
            committed_at_micros,
        } => {
            let etag = position::text(&version);
            let seconds = Duration::from_micros(committed_at_micros).as_secs();
            refetch(Some(&etag), (seconds > 0).then_some(seconds)).id(&etag)
        }
        // A client that waits is notified at once, not only when it opens the stream again.
        Notice::KeyDied => refetch(None, None),
        Notice::GoAway(after) => Event::default().retry(after),
    }
}

fn refetch(etag: Option<&str>, last_modified: Option<u64>) -> Event {
    let refetch = Refetch {
        r#type: "refetchEvaluation",
        etag,
        last_modified,
    };
    let data = serde_json::to_string(&refetch).expect("text and numbers are JSON");
    Event::default().data(data)
}
