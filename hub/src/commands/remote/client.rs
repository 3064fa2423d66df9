//! The admin API of a running hub, as far as commands use it.

use std::time::Duration;

use anyhow::anyhow;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, IF_MATCH, USER_AGENT};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use peekaboo_migrate::Present;
use peekaboo_storage::Key;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio::time::timeout;

use crate::commands::Failure;
use crate::tls;

/// For one request and its whole answer.
const ANSWER_WITHIN: Duration = Duration::from_mins(2);

const COMMENT: HeaderName = HeaderName::from_static("peekaboo-comment");

/// One environment of one project on one hub.
pub(in crate::commands) struct Client {
    http: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    /// Without a slash at the end.
    base: String,
    authorization: String,
    organization: String,
    project: Key,
    environment: Key,
}

/// Why a hub did not do what it was asked.
#[derive(Debug, Error)]
pub(in crate::commands) enum ClientError {
    /// Nobody answered, or not in time.
    #[error("cannot reach a hub at {url}: {reason}; is it running, and is --url right?")]
    Unreachable {
        /// Where.
        url: String,
        /// Why.
        reason: String,
    },
    /// Something answered, but no hub does so.
    #[error(
        "{url} answered {status}, but not as a hub does; --url is where the dashboard is, as https://flags.example.com"
    )]
    NoHub {
        /// What was asked.
        url: String,
        /// What it answered.
        status: StatusCode,
    },
    /// The hub refused.
    #[error("{0}")]
    Refused(Refusal),
}

/// A problem document.
#[derive(Debug, Deserialize)]
pub(in crate::commands) struct Refusal {
    /// The HTTP status.
    pub(in crate::commands) status: u16,
    /// What went wrong.
    pub(in crate::commands) detail: String,
    /// Where.
    #[serde(default)]
    pub(in crate::commands) errors: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Debug, Deserialize)]
pub(in crate::commands) struct FieldError {
    pointer: String,
    detail: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match &error {
            ClientError::Unreachable { .. } | ClientError::NoHub { .. } => {
                Failure::unavailable(error)
            }
            ClientError::Refused(_) => Failure::from(anyhow::Error::new(error)),
        }
    }
}

/// What goes with a request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extras<'a> {
    /// The version that was read.
    pub(super) if_match: Option<i64>,
    /// For the audit log.
    pub(super) comment: Option<&'a str>,
}

impl Client {
    /// Asks which organisation the token is of.
    pub(super) async fn connect(
        url: &str,
        token: &str,
        project: &Key,
        environment: &Key,
    ) -> Result<Self, Failure> {
        let usage = |message: String| Failure::usage(anyhow!(message));
        let base = url.trim_end_matches('/');
        let scheme = base.parse::<Uri>().ok();
        let scheme = scheme.and_then(|uri| uri.scheme_str().map(str::to_owned));
        let trusting = match scheme.as_deref() {
            Some("https") => tls::trusting_the_system(),
            Some("http") => tls::trusting_nobody(),
            _ => Err(format!(
                "--url {url} is no address; write it as https://flags.example.com"
            )),
        };
        let trusting = trusting.map_err(usage)?;
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trusting)
            .https_or_http()
            .enable_http1()
            .build();
        let mut client = Client {
            http: legacy::Client::builder(TokioExecutor::new()).build(connector),
            base: base.to_owned(),
            authorization: format!("Bearer {token}"),
            organization: String::new(),
            project: project.clone(),
            environment: environment.clone(),
        };
        client.organization = client.own_organization().await?;
        Ok(client)
    }

    /// The organisation that the token is of: it is of one.
    async fn own_organization(&self) -> Result<String, Failure> {
        #[derive(Deserialize)]
        struct Organization {
            key: String,
        }
        #[derive(Deserialize)]
        struct Organizations {
            items: Vec<Organization>,
        }
        let asked = self.get::<Organizations>("/organizations").await;
        let mut organizations = asked.map_err(|error| match error {
            ClientError::Refused(refusal) if refusal.status == 401 => Failure::usage(anyhow!(
                "the hub does not know this token, or it has expired; make one with `peekaboo token create` or in \
                 the dashboard"
            )),
            error => error.into(),
        })?;
        let own = organizations.items.pop();
        let own = own.ok_or_else(|| anyhow!("the token is of no organisation"))?;
        Ok(own.key)
    }

    /// The environment, for people.
    pub(in crate::commands) fn place(&self) -> String {
        let Client {
            base,
            organization,
            project,
            environment,
            ..
        } = self;
        format!("{organization}/{project}/{environment} on {base}")
    }

    /// What the environment has.
    pub(in crate::commands) async fn export(&self) -> Result<Present, Failure> {
        let path = self.in_environment("/export");
        let text = self
            .send(Method::GET, &path, None, Extras::default())
            .await
            .map_err(|error| match error {
                ClientError::Refused(refusal) if refusal.status == 404 => Failure::usage(anyhow!(
                    "{}: {}; `--project` and `--environment` take keys, which the dashboard shows in its addresses",
                    self.place(),
                    refusal.detail
                )),
                error => error.into(),
            })?;
        Present::read(&text).map_err(|error| {
            Failure::unavailable(anyhow!(
                "what the hub at {} exports cannot be read ({error}); is it of another version than this command?",
                self.base
            ))
        })
    }

    /// A path in the project.
    pub(super) fn in_project(&self, path: &str) -> String {
        let (organization, project) = (&self.organization, &self.project);
        format!("/organizations/{organization}/projects/{project}{path}")
    }

    /// A path in the environment.
    pub(super) fn in_environment(&self, path: &str) -> String {
        self.in_project(&format!("/environments/{}{path}", self.environment))
    }

    /// A flag's targeting in the environment.
    pub(super) fn targeting(&self, flag: &str) -> String {
        self.in_project(&format!("/flags/{flag}/environments/{}", self.environment))
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let answer = self
            .send(Method::GET, path, None, Extras::default())
            .await?;
        serde_json::from_slice(&answer).map_err(|_| ClientError::NoHub {
            url: self.url(path),
            status: StatusCode::OK,
        })
    }

    /// Sends a request to the admin API; the body of what it answers.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        extras: Extras<'_>,
    ) -> Result<Bytes, ClientError> {
        let url = self.url(path);
        let unreachable = |reason: String| ClientError::Unreachable {
            url: self.base.clone(),
            reason,
        };
        let request = self.request(method, &url, body, extras);
        let request = request.map_err(|error| unreachable(error.to_string()))?;
        let exchange = async {
            let answer = self.http.request(request).await;
            let answer = answer.map_err(|error| unreachable(causes(&error)))?;
            let status = answer.status();
            let body = answer.into_body().collect().await;
            let body = body.map_err(|error| unreachable(causes(&error)))?;
            Ok((status, body.to_bytes()))
        };
        let late = || unreachable(format!("no answer within {} s", ANSWER_WITHIN.as_secs()));
        let (status, body) = timeout(ANSWER_WITHIN, exchange)
            .await
            .map_err(|_| late())??;
        if status.is_success() {
            return Ok(body);
        }
        Err(match serde_json::from_slice(&body) {
            Ok(refusal) => ClientError::Refused(refusal),
            Err(_) => ClientError::NoHub { url, status },
        })
    }

    fn request(
        &self,
        method: Method,
        url: &str,
        body: Option<Vec<u8>>,
        extras: Extras<'_>,
    ) -> http::Result<Request<Full<Bytes>>> {
        let agent = concat!("peekaboo/", env!("CARGO_PKG_VERSION"));
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header(AUTHORIZATION, &self.authorization)
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, agent);
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some(version) = extras.if_match {
            request = request.header(IF_MATCH, format!("\"{version}\""));
        }
        if let Some(comment) = extras.comment {
            request = request.header(COMMENT, percent_encoded(comment));
        }
        request.body(Full::new(body.unwrap_or_default().into()))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.base, peekaboo_dashboard_api::PREFIX)
    }
}

/// An error with those that it came of: hyper's own says little.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// As the header takes it: all but unreserved characters by their bytes.
fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_travels_as_the_header_takes_it() {
        assert_eq!(percent_encoded("launch day"), "launch%20day");
        assert_eq!(percent_encoded("é\n100 %"), "%C3%A9%0A100%20%25");
    }

    #[test]
    fn a_refusal_tells_of_each_field_once() {
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
