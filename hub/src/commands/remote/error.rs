//! Why a hub did not do what it was asked.

use std::{
    error::Error,
    fmt::{self, Display},
};

use super::http::{ANSWERED_WITHIN, CONNECTED_WITHIN};
use crate::{commands::failure::Failure, tls};
use http::StatusCode;
use serde::Deserialize;

/// Why a request to a hub failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    /// No response, or not in time.
    #[error(
        "cannot reach a hub at {url}: {reason}; check that it is running and that --url is correct"
    )]
    Unreachable {
        /// Where.
        url: String,
        /// Why.
        reason: String,
    },
    /// The server responded, but not in the protocol that the URL names.
    #[error("cannot reach a hub at {url}: {reason}; try --url {other}")]
    OtherScheme {
        /// Where.
        url: String,
        /// Why.
        reason: &'static str,
        /// The address with the other scheme.
        other: String,
    },
    /// The response redirects elsewhere. The token must not be sent there unasked.
    #[error("{url} redirects to {location}; set --url to the dashboard's URL")]
    Redirect {
        /// What was asked.
        url: String,
        /// Where the answer leads.
        location: String,
    },
    /// The server that responded is not a hub.
    #[error(
        "{url} responded with {status}, but is not a Peek-a-boo hub; set --url to the dashboard's URL, for example https://flags.example.com"
    )]
    NotAHub {
        /// What was asked.
        url: String,
        /// What it answered.
        status: StatusCode,
    },
    /// The hub refused the request.
    #[error("{0}")]
    Refused(Refusal),
}

impl ClientError {
    /// A request to `url` that got no response.
    pub(super) fn unreachable(url: &str, error: reqwest::Error) -> Self {
        if let Some(error) = Self::other_scheme(url, &error) {
            return error;
        }
        let reason = match &error {
            error if error.is_timeout() && error.is_connect() => {
                format!("no connection within {} s", CONNECTED_WITHIN.as_secs())
            }
            error if error.is_timeout() => {
                format!("no response within {} s", ANSWERED_WITHIN.as_secs())
            }
            _ => root_cause(error),
        };
        Self::Unreachable {
            url: url.to_owned(),
            reason,
        }
    }

    fn other_scheme(url: &str, error: &reqwest::Error) -> Option<Self> {
        let (reason, other) = if let Some(rest) = url.strip_prefix("https://")
            && tls::is_missing(error)
        {
            ("the server does not use TLS", format!("http://{rest}"))
        } else if let Some(rest) = url.strip_prefix("http://")
            && is_not_http(error)
        {
            ("the server does not speak HTTP", format!("https://{rest}"))
        } else {
            return None;
        };
        Some(Self::OtherScheme {
            url: url.to_owned(),
            reason,
            other,
        })
    }
}

/// Whether the response is not HTTP; most likely it is a TLS alert.
fn is_not_http(error: &(dyn Error + 'static)) -> bool {
    match error.downcast_ref::<hyper::Error>() {
        Some(error) => error.is_parse(),
        None => error.source().is_some_and(is_not_http),
    }
}

/// The innermost cause, such as `Connection refused` or a certificate error.
fn root_cause(error: reqwest::Error) -> String {
    let reason = anyhow::Error::new(error.without_url())
        .root_cause()
        .to_string();
    if reason.starts_with("invalid peer certificate") {
        return format!(
            "{reason} (to trust your own certificate authority, set SSL_CERT_FILE to its file)"
        );
    }
    reason
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match &error {
            ClientError::Unreachable { .. }
            | ClientError::OtherScheme { .. }
            | ClientError::Redirect { .. }
            | ClientError::NotAHub { .. } => Failure::unavailable(error),
            ClientError::Refused(_) => Failure::from(anyhow::Error::new(error)),
        }
    }
}

/// A problem document.
#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    /// The HTTP status.
    pub(super) status: u16,
    /// What went wrong.
    pub(super) detail: String,
    /// Where.
    #[serde(default)]
    errors: Vec<FieldError>,
}

/// What is wrong with a field.
#[derive(Debug, Deserialize)]
struct FieldError {
    pointer: String,
    detail: String,
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)?;
        let others = self
            .errors
            .iter()
            .filter(|error| error.detail != self.detail);
        for error in others {
            write!(f, "\n  {}: {}", error.pointer, error.detail)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_each_field_once() {
        let refusal: Refusal = serde_json::from_str(
            r#"{"status": 422, "detail": "two things are wrong", "errors": [
                {"pointer": "/name", "code": "required", "detail": "give it a name"},
                {"pointer": "/tags/0", "code": "malformed", "detail": "a tag is short"}]}"#,
        )
        .expect("a refusal");
        assert_eq!(
            refusal.to_string(),
            "two things are wrong\n  /name: give it a name\n  /tags/0: a tag is short"
        );
    }
}
