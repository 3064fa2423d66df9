//! A stand-in for Unleash, as far as Unleash Edge asks: it finds every token good, and streams one feature's updates.

use std::convert::Infallible;
use std::net::Ipv4Addr;

use anyhow::Context as _;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

/// Updates that Edge may be behind before it loses some, which its clients would miss.
const BEHIND: usize = 1024;

/// A running stand-in, ended when dropped.
pub(super) struct Upstream {
    pub(super) url: String,
    updates: broadcast::Sender<Bytes>,
    followed: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    updates: broadcast::Sender<Bytes>,
    followed: watch::Sender<bool>,
}

impl Upstream {
    /// Listens on any free port.
    #[expect(
        clippy::disallowed_methods,
        reason = "its one client is Unleash Edge, on this machine"
    )]
    pub(super) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (updates, _) = broadcast::channel(BEHIND);
        let (followed, _) = watch::channel(false);
        let shared = Shared {
            updates: updates.clone(),
            followed: followed.clone(),
        };
        let router = Router::new()
            .route("/edge/validate", post(validate))
            .route("/api/client/streaming", get(follow))
            // What Edge reports about itself and its clients.
            .fallback(|| async { StatusCode::ACCEPTED })
            .with_state(shared);
        let serving = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            url,
            updates,
            followed,
            serving,
        })
    }

    /// Whether Edge follows.
    pub(super) fn followed(&self) -> watch::Receiver<bool> {
        self.followed.subscribe()
    }

    /// Where messages for Edge go.
    pub(super) fn updates(&self) -> Updates {
        Updates(self.updates.clone())
    }
}

/// Sends what Edge is to be told.
#[derive(Clone)]
pub(super) struct Updates(broadcast::Sender<Bytes>);

impl Updates {
    /// Fails where no one follows.
    pub(super) fn send(&self, message: &[u8]) -> anyhow::Result<()> {
        self.0
            .send(Bytes::copy_from_slice(message))
            .context("unleash-edge follows no more")?;
        Ok(())
    }
}

/// A new state of the feature. Numbers begin at 2: the first is that of the state at the beginning.
pub(super) fn update(number: u64) -> Vec<u8> {
    let update = json!({
        "events": [{ "type": "feature-updated", "eventId": number, "feature": feature(number) }]
    });
    event("unleash-updated", &update)
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A flag that is toggled, about as long as ours is in a delta.
fn feature(number: u64) -> Value {
    json!({
        "name": "bench-fanout",
        "type": "release",
        "enabled": number.is_multiple_of(2),
        "project": "default",
        "stale": false,
        "strategies": [{ "name": "default", "constraints": [], "parameters": {}, "segments": [] }],
        "variants": [],
        "impressionData": false
    })
}

fn event(name: &str, data: &Value) -> Vec<u8> {
    format!("event: {name}\ndata: {data}\n\n").into_bytes()
}

async fn validate(Json(asked): Json<Value>) -> Json<Value> {
    let tokens = asked["tokens"].as_array().into_iter().flatten();
    let tokens: Vec<_> = tokens
        .map(|token| {
            json!({
                "token": token, "type": "client", "tokenType": "client",
                "projects": ["*"], "environment": "development"
            })
        })
        .collect();
    Json(json!({ "tokens": tokens }))
}

async fn follow(State(shared): State<Shared>) -> Response {
    let hydration = json!({
        "events": [{
            "type": "hydration", "eventId": 1, "features": [feature(1)], "segments": []
        }]
    });
    let connected = Bytes::from(event("unleash-connected", &hydration));
    let updates = shared.updates.subscribe();
    shared.followed.send_replace(true);
    let events = stream::unfold(
        (Some(connected), updates),
        |(first, mut updates)| async move {
            let event = match first {
                Some(connected) => connected,
                // Behind or at the end: the stream ends, and Edge comes back.
                None => updates.recv().await.ok()?,
            };
            Some((Ok::<_, Infallible>(event), (None, updates)))
        },
    );
    let media = [(header::CONTENT_TYPE, "text/event-stream")];
    (media, Body::from_stream(events)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialects::unleash_edge::TOKEN;
    use crate::plain_http;

    #[tokio::test]
    async fn every_token_is_a_clients() {
        let upstream = Upstream::start().await.unwrap();
        let answer: Value = plain_http::client()
            .unwrap()
            .post(format!("{}/edge/validate", upstream.url))
            .json(&json!({ "tokens": [TOKEN] }))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(answer["tokens"][0]["token"], TOKEN);
        assert_eq!(answer["tokens"][0]["environment"], "development");
        assert_eq!(answer["tokens"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_follower_gets_the_state_and_then_every_update() {
        let upstream = Upstream::start().await.unwrap();
        let mut followed = upstream.followed();
        let url = format!("{}/api/client/streaming", upstream.url);
        let mut answer = plain_http::client().unwrap().get(url).send().await.unwrap();
        followed.wait_for(|followed| *followed).await.unwrap();
        for number in [2, 3] {
            upstream.updates().send(&update(number)).unwrap();
        }
        let mut text = String::new();
        while !text.contains("\"eventId\":3") {
            let chunk = answer.chunk().await.unwrap().expect("the stream goes on");
            text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        assert!(text.starts_with("event: unleash-connected\n"), "{text}");
        assert!(text.contains("\"hydration\"") && text.contains("\"eventId\":2"));
        assert_eq!(text.matches("event: unleash-updated\n").count(), 2);
    }

    #[tokio::test]
    async fn an_update_without_a_follower_is_an_error() {
        let upstream = Upstream::start().await.unwrap();
        assert!(upstream.updates().send(&update(2)).is_err());
    }
}
