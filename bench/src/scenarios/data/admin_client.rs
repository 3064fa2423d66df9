//! The admin API of one organization, by a token, with the time that each request takes.

use std::time::{Duration, Instant};

use anyhow::ensure;
use reqwest::Method;
use serde_json::{Value, json};

use crate::data::EnvironmentPath;
use crate::plain_http;

/// A client of the admin API with an organization's token.
#[derive(Clone)]
pub(super) struct AdminClient {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl AdminClient {
    /// `dashboard` is the admin API's base URL.
    pub(super) fn new(dashboard: &str, token: &str) -> anyhow::Result<Self> {
        Ok(Self {
            http: plain_http::client()?,
            base: format!("{dashboard}/api/v1"),
            token: token.to_owned(),
        })
    }

    /// Asks for something; fails unless it is done.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let url = format!("{}{path}", self.base);
        let mut request = self
            .http
            .request(method.clone(), url)
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        let took = begun.elapsed();
        ensure!(
            status.is_success(),
            "{method} {path} was answered {status} after {} ms: {text}",
            took.as_millis()
        );
        Ok(took)
    }

    /// Turns a flag on or off.
    pub(super) async fn toggle(
        &self,
        place: &EnvironmentPath,
        flag: u64,
        enabled: bool,
    ) -> anyhow::Result<Duration> {
        let path = format!(
            "{}/flags/{}/environments/{}",
            project(place),
            flag_key(flag),
            place.environment
        );
        let change = json!({ "enabled": enabled });
        self.call(Method::PATCH, &path, Some(&change)).await
    }
}

/// The path of a project.
pub(super) fn project(place: &EnvironmentPath) -> String {
    format!(
        "/organizations/{}/projects/{}",
        place.organization, place.project
    )
}

/// The path of an environment.
pub(super) fn environment(place: &EnvironmentPath) -> String {
    format!("{}/environments/{}", project(place), place.environment)
}

/// The key of the nth flag of a project.
pub(super) fn flag_key(nth: u64) -> String {
    format!("flag-{nth:05}")
}

/// The middle one of several times.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
