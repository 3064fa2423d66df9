//! `POST /sdk/v1/events`: what an application did with its flags, for those who hold no stream.
//!
//! A page that goes away sends it as a beacon, which can set no header: then the key, a client key, is in the body.

use axum::{
    Json,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use peekaboo_actors::{EventsError, Hub};
use peekaboo_flags::{describe_json_error, from_json};
use peekaboo_protocol::Batch;
use peekaboo_storage::SdkKeyKind;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{
    body::{self, MAX_BEACON, MAX_BODY},
    entrance::{answer, bearer, enter},
    problem::Problem,
    refusal::Refusal,
};

/// Beacons that are read at once, on this node: nobody knows yet who sent them, and each takes memory.
static BEACONS: Semaphore = Semaphore::const_new(1_024);

pub(super) async fn take(
    State(hub): State<Hub>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let in_header = bearer(&headers);
    let is_beacon = in_header.is_none() && is_text(&headers);
    let early = if is_beacon {
        None
    } else {
        // Before any of the body is read.
        Some(enter(&hub, in_header, &headers).await?)
    };
    let body = if is_beacon {
        let _place = BEACONS.try_acquire().map_err(|_| Refusal::Unavailable)?;
        body::read(body, MAX_BEACON).await?
    } else {
        body::read(body, MAX_BODY).await?
    };
    let mut batch: Value = from_json(&body).map_err(|error| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            format!("the body is not JSON: {}", describe_json_error(&error)),
        )
    })?;
    let in_body = batch
        .as_object_mut()
        .and_then(|members| members.remove("key"));
    let access = match early {
        // The key may have been revoked while the body arrived.
        Some(access) if !access.is_live() => return Err(Refusal::BadKey.into()),
        Some(access) => access,
        None => enter(&hub, in_body.as_ref().and_then(Value::as_str), &headers).await?,
    };
    if is_beacon && access.kind() == SdkKeyKind::Server {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "a server key is secret and must not be in the body: send it as `Authorization: Bearer <key>`",
        ));
    }
    let batch: Batch = serde_json::from_value(batch).map_err(|error| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!(
                "the body is not a batch of events: {}",
                describe_json_error(&error)
            ),
        )
    })?;
    let id = batch.id.clone();
    access.record(batch).await.map_err(|error| match error {
        EventsError::Invalid(invalid) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, invalid.detail).at(invalid.pointer)
        }
        EventsError::Busy => Problem::from(Refusal::Unavailable).saying(error.to_string()),
    })?;
    let accepted = (StatusCode::ACCEPTED, Json(json!({ "id": id }))).into_response();
    Ok(answer(&access, accepted))
}

fn is_text(headers: &HeaderMap) -> bool {
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|media| media.to_str().ok());
    media.is_some_and(|media| media.to_ascii_lowercase().starts_with("text/plain"))
}
