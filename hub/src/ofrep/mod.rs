//! OFREP, the OpenFeature remote evaluation protocol: flags for every language that has a provider for it.
//!
//! A client key is told values of client-visible flags alone, and never a rule's words or another flag's name.

mod answer;

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::post,
};
use http::{HeaderMap, StatusCode, header};
use peekaboo_actors::{Access, Hub};
use peekaboo_flags::{Context, ErrorCode};
use peekaboo_storage::SdkKeyKind;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use self::answer::{Bulk, Evaluated, Failure, Versions};
use crate::sdk_http::{
    body,
    entrance::{answer, bearer, enter},
    etag::is_held,
};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    context: Option<serde_json::Value>,
}

/// Both evaluations.
pub(crate) fn routes() -> Router<Hub> {
    Router::new()
        .route("/ofrep/v1/evaluate/flags/{key}", post(one))
        .route("/ofrep/v1/evaluate/flags", post(all))
}

async fn one(
    State(hub): State<Hub>,
    Path(flag): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let (access, context) = ask(&hub, &headers, body)
        .await
        .map_err(|failure| failure.about(&flag))?;
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

async fn all(State(hub): State<Hub>, headers: HeaderMap, body: Body) -> Result<Response, Failure> {
    let (access, context) = ask(&hub, &headers, body).await?;
    let snapshot = access.snapshot();
    let mut details: Vec<_> = snapshot
        .ruleset
        .flags()
        .filter(|(_, flag)| shows_all(&access) || flag.is_client_visible())
        .map(|(key, _)| (key, snapshot.ruleset.evaluate(key, &context)))
        .collect();
    // In one order, whichever the node holds them in: the tag is of the bytes.
    details.sort_unstable_by_key(|(key, _)| *key);
    let bulk = Bulk {
        flags: details
            .iter()
            .map(|(key, detail)| Evaluated::new(key, detail, shows_all(&access)))
            .collect(),
        metadata: Versions {
            version: snapshot.version,
        },
    };
    let body = serde_json::to_vec(&bulk).expect("values are JSON");
    // Of what is said, so that it holds at every node, and for one key and context alone.
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

/// Who asks, and for whom.
async fn ask(hub: &Hub, headers: &HeaderMap, body: Body) -> Result<(Access, Context), Failure> {
    let api_key = || headers.get("x-api-key")?.to_str().ok();
    let access = enter(hub, bearer(headers).or_else(api_key), headers).await?;
    let body = body::read(body).await?;
    let malformed =
        |code, detail: String| Failure::new(StatusCode::BAD_REQUEST, detail).with_code(code);
    let asked: Asked = serde_json::from_slice(&body).map_err(|error| {
        malformed(
            "PARSE_ERROR",
            format!("send a JSON object with a `context`: {error}"),
        )
    })?;
    let context = match asked.context {
        None => Context::default(),
        Some(context) => serde_json::from_value(context).map_err(|error| {
            malformed("INVALID_CONTEXT", format!("the context is none: {error}"))
        })?,
    };
    Ok((access, context))
}

fn fingerprint(body: &[u8]) -> u128 {
    let (half, _) = Sha256::digest(body)
        .split_first_chunk::<16>()
        .map(|(half, rest)| (*half, rest.len()))
        .expect("a digest has 32 bytes");
    u128::from_be_bytes(half)
}
