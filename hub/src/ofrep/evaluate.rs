//! The two evaluation endpoints: one flag, and every flag that the key can see.

use axum::{
    body::Body,
    extract::{Path, Query, Request, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::{StatusCode, Uri, header, request::Parts};
use peekaboo_actors::{Access, EnvironmentSnapshot, Hub};
use peekaboo_flags::{CompiledFlag, Context, Detail, ErrorCode, describe_json_error, from_json};
use peekaboo_protocol::Resume;
use peekaboo_storage::SdkKeyKind;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    answer::{Bulk, Evaluated, EventStream, Failure, FlagSet},
    credential::key_of,
    stream,
};
use crate::{
    etag::is_held,
    public_path::PublicPath,
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
    // Keys of flags are always UTF-8.
    let flag = flag.map_or_else(|_| String::new(), |Path(flag)| flag);
    let evaluating = async {
        let access = enter(&hub, key_of(&headers), &headers).await?;
        let context = context_of(body).await?;
        Ok::<_, Failure>((access, context))
    };
    let (access, context) = evaluating.await.map_err(|failure| failure.about(&flag))?;
    let snapshot = access.snapshot();
    let shown = snapshot
        .ruleset
        .flag(&flag)
        .filter(|compiled| shows_all(&access) || compiled.is_client_visible());
    let Some(compiled) = shown else {
        let code = ErrorCode::FlagNotFound.as_str();
        let unknown = Failure::new(StatusCode::NOT_FOUND, "flag not found")
            .with_code(code)
            .about(&flag);
        return Ok(answer(&access, unknown.into_response()));
    };
    let detail = snapshot.ruleset.evaluate(&flag, &context);
    let evaluated = Evaluated::new(&flag, &detail, compiled, shows_all(&access));
    let evaluated = evaluated.of(set_of(&access, &snapshot, &context));
    let (status, evaluated) = match detail.error_code {
        // Providers fail on a response without a value for a single flag. On a 404 they serve the caller's default.
        None if detail.value.is_none() => (StatusCode::NOT_FOUND, evaluated.without_value()),
        None => (StatusCode::OK, evaluated),
        Some(ErrorCode::FlagNotFound) => (StatusCode::NOT_FOUND, evaluated),
        Some(_) => (StatusCode::BAD_REQUEST, evaluated),
    };
    Ok(answer(
        &access,
        (status, axum::Json(evaluated)).into_response(),
    ))
}

pub(super) async fn all(State(hub): State<Hub>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let Parts {
        headers,
        uri,
        mut extensions,
        ..
    } = parts;
    let public_path = extensions.remove::<PublicPath>().unwrap_or_default();
    let key = key_of(&headers);
    let access = enter(&hub, key, &headers).await?;
    let context = context_of(body).await?;
    if let Some(told) = told_by_a_stream(&uri) {
        access.reach(&told).await;
    }
    let snapshot = access.snapshot();
    let mut details: Vec<(&str, &CompiledFlag, Detail<'_>)> = snapshot
        .ruleset
        .flags()
        .filter(|(_, flag)| shows_all(&access) || flag.is_client_visible())
        .map(|(key, flag)| (key, flag, snapshot.ruleset.evaluate(key, &context)))
        .collect();
    // In a fixed order on every node, because the tag is a hash of the bytes.
    details.sort_unstable_by_key(|(key, ..)| *key);
    let stream = stream::address(&public_path, &access, key.unwrap_or_default(), &snapshot);
    let bulk = Bulk {
        flags: details
            .iter()
            .map(|(key, flag, detail)| Evaluated::new(key, detail, flag, shows_all(&access)))
            .collect(),
        event_streams: [EventStream::at(&stream, access.heartbeat())],
        metadata: set_of(&access, &snapshot, &context),
    };
    let body = serde_json::to_vec(&bulk).expect("values are JSON");
    // A hash of the response, so that it is valid on every node, but only for this key and context.
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

fn set_of(access: &Access, snapshot: &EnvironmentSnapshot, context: &Context) -> FlagSet<u64> {
    FlagSet {
        version: snapshot.version,
        id: access.flag_set(),
        context_id: context.targeting_key.clone(),
    }
}

fn shows_all(access: &Access) -> bool {
    access.kind() == SdkKeyKind::Server
}

/// The version of the event that caused the request. It may come from another node that is ahead.
fn told_by_a_stream(uri: &Uri) -> Option<Resume> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Told {
        // The name before version 0.3.
        #[serde(alias = "sseEtag")]
        flag_config_etag: String,
    }
    uri.query()?;
    let Query(told) = Query::<Told>::try_from_uri(uri).ok()?;
    position::parse(&told.flag_config_etag)
}

/// Reads the context to evaluate for.
async fn context_of(body: Body) -> Result<Context, Failure> {
    #[derive(Deserialize)]
    struct Asked {
        context: Option<Context>,
    }
    let body = body::read(body, body::MAX_BODY).await?;
    // Serde would read an array too, members in order.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    match from_json::<Asked>(&body) {
        Ok(_) if !is_object => Err(invalid_body("found an array")),
        Ok(Asked {
            context: Some(context),
        }) => Ok(context),
        Ok(Asked { context: None }) => Err(invalid_context(
            "`context` is missing; send `{\"context\": {}}` to evaluate without a context",
        )),
        // This is rare, so parsing it again to distinguish the two cases is fine.
        Err(error) if from_json::<serde_json::Map<_, _>>(&body).is_ok() => {
            Err(invalid_context(&describe_json_error(&error)))
        }
        Err(error) => Err(invalid_body(&describe_json_error(&error))),
    }
}

fn invalid_context(why: &str) -> Failure {
    let details = format!("invalid context: {why}");
    Failure::new(StatusCode::BAD_REQUEST, details).with_code("INVALID_CONTEXT")
}

fn invalid_body(why: &str) -> Failure {
    let details = format!("send a JSON object with a `context`: {why}");
    Failure::new(StatusCode::BAD_REQUEST, details).with_code("PARSE_ERROR")
}

fn fingerprint(body: &[u8]) -> u128 {
    let (half, _) = Sha256::digest(body)
        .split_first_chunk::<16>()
        .map(|(half, rest)| (*half, rest.len()))
        .expect("a digest has 32 bytes");
    u128::from_be_bytes(half)
}
