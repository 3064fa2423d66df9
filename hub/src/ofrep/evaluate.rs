//! The two evaluations: of one flag, and of every flag that the key sees.

use axum::{
    body::Body,
    extract::{Path, Query, Request, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::{StatusCode, Uri, header, request::Parts};
use peekaboo_actors::{Access, Hub};
use peekaboo_flags::{Context, ErrorCode};
use peekaboo_protocol::Resume;
use peekaboo_storage::SdkKeyKind;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    answer::{Bulk, Evaluated, EventStream, Failure, Versions},
    credential::key_of,
    stream,
};
use crate::{
    etag::is_held,
    sdk_http::{
        body,
        entrance::{answer, enter},
        position,
    },
};

pub(super) async fn one(
    State(hub): State<Hub>,
    flag: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Failure> {
    let (Parts { headers, .. }, body) = request.into_parts();
    // No flag's key is anything but UTF-8.
    let flag = flag.map_or_else(|_| String::new(), |Path(flag)| flag);
    let evaluating = async {
        let access = enter(&hub, key_of(&headers), &headers).await?;
        let context = context_of(body).await?;
        Ok::<_, Failure>((access, context))
    };
    let (access, context) = evaluating.await.map_err(|failure| failure.about(&flag))?;
    let snapshot = access.snapshot();
    let is_shown = snapshot
        .ruleset
        .flag(&flag)
        .is_some_and(|compiled| shows_all(&access) || compiled.is_client_visible());
    if !is_shown {
        let code = ErrorCode::FlagNotFound.as_str();
        let unknown = Failure::new(StatusCode::NOT_FOUND, "no flag of this key is known")
            .with_code(code)
            .about(&flag);
        return Ok(answer(&access, unknown.into_response()));
    }
    let detail = snapshot.ruleset.evaluate(&flag, &context);
    let evaluated = Evaluated::new(&flag, &detail, shows_all(&access));
    let status = match detail.error_code {
        None => StatusCode::OK,
        Some(ErrorCode::FlagNotFound) => StatusCode::NOT_FOUND,
        Some(_) => StatusCode::BAD_REQUEST,
    };
    Ok(answer(
        &access,
        (status, axum::Json(evaluated)).into_response(),
    ))
}

pub(super) async fn all(State(hub): State<Hub>, request: Request) -> Result<Response, Failure> {
    let (Parts { headers, uri, .. }, body) = request.into_parts();
    let key = key_of(&headers);
    let access = enter(&hub, key, &headers).await?;
    let context = context_of(body).await?;
    if let Some(told) = told_by_a_stream(&uri) {
        access.reach(&told).await;
    }
    let snapshot = access.snapshot();
    let mut details: Vec<_> = snapshot
        .ruleset
        .flags()
        .filter(|(_, flag)| shows_all(&access) || flag.is_client_visible())
        .map(|(key, _)| (key, snapshot.ruleset.evaluate(key, &context)))
        .collect();
    // In one order, whichever the node holds them in: the tag is of the bytes.
    details.sort_unstable_by_key(|(key, _)| *key);
    let stream = stream::address(&access, key.unwrap_or_default(), &snapshot);
    let bulk = Bulk {
        flags: details
            .iter()
            .map(|(key, detail)| Evaluated::new(key, detail, shows_all(&access)))
            .collect(),
        event_streams: [EventStream::at(&stream, access.heartbeat())],
        metadata: Versions {
            version: snapshot.version,
        },
    };
    let body = serde_json::to_vec(&bulk).expect("values are JSON");
    // A hash of the answer, so that it holds at every node, but only for one key and context.
    let etag = format!("\"{:032x}\"", fingerprint(&body));
    let tags = [
        (header::ETAG, etag.as_str()),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    let response = if is_held(&headers, &etag) {
        (StatusCode::NOT_MODIFIED, tags).into_response()
    } else {
        let media = [(header::CONTENT_TYPE, "application/json")];
        (tags, media, body).into_response()
    };
    Ok(answer(&access, response))
}

fn shows_all(access: &Access) -> bool {
    access.kind() == SdkKeyKind::Server
}

/// The version whose notice made a provider ask: perhaps another node's, which is ahead.
fn told_by_a_stream(uri: &Uri) -> Option<Resume> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Told {
        // As it was called before 0.3.
        #[serde(alias = "sseEtag")]
        flag_config_etag: String,
    }
    uri.query()?;
    let Query(told) = Query::<Told>::try_from_uri(uri).ok()?;
    position::parse(&told.flag_config_etag)
}

/// For whom to evaluate.
async fn context_of(body: Body) -> Result<Context, Failure> {
    #[derive(Deserialize)]
    struct Asked {
        #[serde(default)]
        context: Option<Context>,
    }
    let body = body::read(body).await?;
    // Serde would read an array too, members in order.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    match serde_json::from_slice::<Asked>(&body) {
        Ok(asked) if is_object => Ok(asked.context.unwrap_or_default()),
        Ok(_) => Err(malformed("PARSE_ERROR", "it is an array")),
        // Rare, so it may be read a second time to tell which of the two it is.
        Err(error) if serde_json::from_slice::<serde_json::Map<_, _>>(&body).is_ok() => {
            Err(malformed("INVALID_CONTEXT", &error.to_string()))
        }
        Err(error) => Err(malformed("PARSE_ERROR", &error.to_string())),
    }
}

fn malformed(code: &'static str, why: &str) -> Failure {
    let details = match code {
        "INVALID_CONTEXT" => format!("the context is none: {why}"),
        _ => format!("send a JSON object with a `context`: {why}"),
    };
    Failure::new(StatusCode::BAD_REQUEST, details).with_code(code)
}

fn fingerprint(body: &[u8]) -> u128 {
    let (half, _) = Sha256::digest(body)
        .split_first_chunk::<16>()
        .map(|(half, rest)| (*half, rest.len()))
        .expect("a digest has 32 bytes");
    u128::from_be_bytes(half)
}
