//! The bodies of OFREP's answers.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use peekaboo_flags::model::Metadata;
use peekaboo_flags::{CompiledFlag, Detail, ErrorCode, Reason};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::sdk_http::refusal::{Refusal, advise};

/// After how many seconds a page that no one looks at closes its event stream.
const INACTIVITY_DELAY_SECONDS: u32 = 120;

/// Every flag that the key sees.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bulk<'r> {
    pub(super) flags: Vec<Evaluated<'r>>,
    pub(super) event_streams: [EventStream<'r>; 1],
    pub(super) metadata: FlagSet<u64>,
}

/// Which flags an answer is made of, and for whom.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FlagSet<V> {
    /// The environment's version.
    pub(super) version: V,
    /// `project/environment`.
    #[serde(rename = "flagSetId")]
    pub(super) id: String,
    /// The targeting key, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) context_id: Option<String>,
}

/// Where to hear that something changed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventStream<'a> {
    r#type: &'static str,
    endpoint: Endpoint<'a>,
    inactivity_delay_sec: u32,
    /// Ours: how often a heartbeat event comes, so that a client can tell a stream that has fallen silent.
    heartbeat_seconds: u64,
}

/// On whatever origin the asker reached this hub by: behind a proxy the hub does not know it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint<'a> {
    request_uri: &'a str,
}

impl<'a> EventStream<'a> {
    pub(super) fn at(request_uri: &'a str, heartbeat: Duration) -> Self {
        Self {
            r#type: "sse",
            endpoint: Endpoint { request_uri },
            inactivity_delay_sec: INACTIVITY_DELAY_SECONDS,
            heartbeat_seconds: heartbeat.as_secs().max(1),
        }
    }
}

/// One flag: served, or an error for which the caller's default stands in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Evaluated<'r> {
    key: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Typed<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<ErrorCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_details: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<FlagMetadata<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FlagMetadata<'r> {
    /// What people noted about the flag.
    #[serde(flatten)]
    noted: Option<&'r Metadata>,
    flag_version: u64,
    /// For telemetry, in the answer for one flag. All flags have it once: it would make each of them new with every
    /// change of another.
    #[serde(flatten)]
    set: Option<FlagSet<String>>,
    /// Ours, where the protocol has no name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl<'r> Evaluated<'r> {
    /// Details may quote rules and other flags' names: `explained` is for servers.
    pub(super) fn new(
        key: &'r str,
        detail: &'r Detail<'_>,
        flag: &'r CompiledFlag,
        explained: bool,
    ) -> Self {
        let details = detail.error_code.map(|code| match code {
            _ if explained => detail.error_details.as_deref().unwrap_or("no details"),
            ErrorCode::TargetingKeyMissing => {
                "the context is missing the attribute that the flag splits by"
            }
            ErrorCode::FlagNotFound | ErrorCode::General => "the flag cannot be evaluated",
        });
        let reason = named(detail.reason);
        Self {
            key,
            value: detail.value.map(|value| Typed::of(value, flag)),
            reason: detail.error_code.is_none().then_some(reason),
            variant: detail.variation,
            error_code: detail.error_code,
            error_details: details,
            metadata: detail.flag_version.map(|flag_version| FlagMetadata {
                noted: flag.metadata(),
                flag_version,
                set: None,
                reason: (reason != detail.reason.as_str()).then_some(detail.reason.as_str()),
            }),
        }
    }
}

impl Evaluated<'_> {
    /// Adds where it comes from, by the names that OpenFeature's Appendix D gives for telemetry: all of them text.
    pub(super) fn of(mut self, set: FlagSet<u64>) -> Self {
        let FlagSet {
            version,
            id,
            context_id,
        } = set;
        if let Some(metadata) = &mut self.metadata {
            metadata.set = Some(FlagSet {
                version: version.to_string(),
                id,
                context_id,
            });
        }
        self
    }

    /// The flag serves no variation, so the caller's default applies, and its metadata says why.
    pub(super) fn without_value(mut self) -> Self {
        let metadata = self.metadata.as_mut();
        if let (Some(metadata), Some(reason)) = (metadata, self.reason.take()) {
            metadata.reason.get_or_insert(reason);
        }
        self.error_code = Some(ErrorCode::FlagNotFound);
        self.error_details = Some("the flag serves no variation; use the default in your code");
        self
    }
}

/// A value in the one type that the flag has in languages that tell integers from floats.
enum Typed<'r> {
    AsIs(&'r Value),
    Float(f64),
}

impl<'r> Typed<'r> {
    /// A whole number is written as a float (`10.0`) where another variation of the flag is a fraction.
    fn of(value: &'r Value, flag: &CompiledFlag) -> Self {
        match value.as_f64() {
            Some(number) if flag.variations().any(|(_, value)| is_fraction(value)) => {
                Self::Float(number)
            }
            _ => Self::AsIs(value),
        }
    }
}

fn is_fraction(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| number.fract() != 0.0)
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AsIs(value) => value.serialize(serializer),
            Self::Float(number) => serializer.serialize_f64(*number),
        }
    }
}

/// A reason as OFREP 0.3 knows it. Providers exist that fail on any other.
fn named(reason: Reason) -> &'static str {
    match reason {
        Reason::Static
        | Reason::TargetingMatch
        | Reason::Split
        | Reason::Disabled
        | Reason::Error => reason.as_str(),
        // Served as a disabled flag is, and for as long.
        Reason::PrerequisiteFailed => Reason::Disabled.as_str(),
        // That nothing matched has no name there.
        Reason::Default => "UNKNOWN",
    }
}

/// Nothing was evaluated.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure {
    #[serde(skip)]
    status: StatusCode,
    #[serde(skip)]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'static str>,
    error_details: String,
}

impl Failure {
    pub(super) fn new(status: StatusCode, details: impl Into<String>) -> Self {
        Self {
            status,
            retry_after: None,
            key: None,
            error_code: None,
            error_details: details.into(),
        }
    }

    pub(super) fn with_code(mut self, code: &'static str) -> Self {
        self.error_code = Some(code);
        self
    }

    pub(super) fn about(mut self, flag: &str) -> Self {
        self.key = Some(flag.to_owned());
        self
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let mut failure = Self::new(refusal.status(), refusal.advice());
        failure.retry_after = refusal.retry_after();
        match refusal {
            // The protocol has no other status for a body that is of no use.
            Refusal::TooLong { .. } | Refusal::Broken | Refusal::Late => {
                failure.status = StatusCode::BAD_REQUEST;
                failure.with_code("PARSE_ERROR")
            }
            _ => failure,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let response = (self.status, axum::Json(&self)).into_response();
        advise(response, self.retry_after)
    }
}
