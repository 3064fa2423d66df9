//! The admin API of a running hub, as far as commands use it.

use anyhow::anyhow;
use bytes::Bytes;
use http::{
    Method, StatusCode,
    header::{HeaderName, IF_MATCH, LOCATION},
};
use peekaboo_migrate::Present;
use peekaboo_storage::Key;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Response;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    error::ClientError,
    http::{client, hub_url},
};
use crate::commands::failure::Failure;

const COMMENT: HeaderName = HeaderName::from_static("peekaboo-comment");

/// Characters to encode in a comment and in the keys of a path: all except unreserved ones (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// One environment of one project on one hub.
pub(in crate::commands) struct Client {
    http: reqwest::Client,
    /// Has no slash at the end.
    base: String,
    organization: String,
    project: Key,
    environment: Key,
}

/// Headers of a request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extras<'a> {
    /// The version that the change is based on.
    pub(super) if_match: Option<i64>,
    /// For the audit log.
    pub(super) comment: Option<&'a str>,
}

impl Client {
    /// Connects to the hub and finds the token's organization.
    pub(super) async fn connect(
        url: &str,
        token: &str,
        project: &Key,
        environment: &Key,
    ) -> Result<Self, Failure> {
        let url = hub_url(url).map_err(Failure::usage)?;
        let mut client = Client {
            http: client(&url, token).map_err(Failure::usage)?,
            base: url.as_str().trim_end_matches('/').to_owned(),
            organization: String::new(),
            project: project.clone(),
            environment: environment.clone(),
        };
        client.organization = client.own_organization().await?;
        Ok(client)
    }

    /// The organization that the token belongs to.
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
                "the hub does not know this token, or it has expired; create one with `peekaboo token create` or in \
                 the dashboard"
            )),
            error => error.into(),
        })?;
        let own = organizations.items.pop();
        let own = own.ok_or_else(|| anyhow!("the token does not belong to an organization"))?;
        Ok(own.key)
    }

    /// Describes the environment.
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

    /// The environment's flags and segments.
    pub(in crate::commands) async fn export(&self) -> Result<Present, Failure> {
        let path = self.in_environment("/export");
        let text = self
            .send(Method::GET, &path, None, Extras::default())
            .await
            .map_err(|error| match error {
                ClientError::Refused(refusal) if refusal.status == 404 => Failure::usage(anyhow!(
                    "{}: {}; check --project and --environment, which take the keys shown in the dashboard's URLs",
                    self.place(),
                    refusal.detail
                )),
                error => error.into(),
            })?;
        Present::read(&text).map_err(|error| {
            Failure::unavailable(anyhow!(
                "invalid export from the hub at {} ({error}); check that this command and the hub have the same version",
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

    /// A flag's definition.
    pub(super) fn flag(&self, flag: &str) -> String {
        self.in_project(&format!("/flags/{}", percent_encoded(flag)))
    }

    /// A flag's targeting in the environment.
    pub(super) fn targeting(&self, flag: &str) -> String {
        format!("{}/environments/{}", self.flag(flag), self.environment)
    }

    /// A segment.
    pub(super) fn segment(&self, segment: &str) -> String {
        self.in_project(&format!("/segments/{}", percent_encoded(segment)))
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let answer = self
            .send(Method::GET, path, None, Extras::default())
            .await?;
        serde_json::from_slice(&answer).map_err(|_| ClientError::NotAHub {
            url: self.url(path),
            status: StatusCode::OK,
        })
    }

    /// Sends a request to the admin API and returns the body of a successful response.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        extras: Extras<'_>,
    ) -> Result<Bytes, ClientError> {
        let url = self.url(path);
        let mut request = self.http.request(method, &url);
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(version) = extras.if_match {
            request = request.header(IF_MATCH, format!("\"{version}\""));
        }
        if let Some(comment) = extras.comment {
            request = request.header(COMMENT, percent_encoded(comment));
        }
        let unreachable = |error| ClientError::unreachable(&self.base, error);
        let answer = request.send().await.map_err(unreachable)?;
        let (status, location) = (answer.status(), location(&answer));
        let body = answer.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            return Ok(body);
        }
        if let Some(location) = location {
            return Err(ClientError::Redirect { url, location });
        }
        Err(match serde_json::from_slice(&body) {
            Ok(refusal) => ClientError::Refused(refusal),
            Err(_) => ClientError::NotAHub { url, status },
        })
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.base, peekaboo_dashboard_api::PREFIX)
    }
}

/// The target of a redirect.
fn location(answer: &Response) -> Option<String> {
    let location = answer.headers().get(LOCATION)?.to_str().ok()?;
    answer
        .status()
        .is_redirection()
        .then(|| location.to_owned())
}

/// Encodes text for a header or a path.
fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_keys_travel_percent_encoded() {
        assert_eq!(
            percent_encoded("team:new|Checkout~2"),
            "team%3Anew%7CCheckout~2"
        );
        assert_eq!(percent_encoded("launch day"), "launch%20day");
        assert_eq!(percent_encoded("é\n100 %-._~"), "%C3%A9%0A100%20%25-._~");
    }
}
