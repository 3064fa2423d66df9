//! What a run needs of the admin API: places to connect to, and changes.

use anyhow::{Context as _, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;

use crate::generator::Requests;
use crate::hub::{Ready, address};
use crate::plain_http;

/// Connections that changes are asked for on: one after the other is in flight on each.
const CONNECTIONS: usize = 32;

/// The environment that sockets are of, among the three that a project begins with.
const ENVIRONMENT: &str = "production";

/// Someone who owns the demo organization, signed in.
#[derive(Clone)]
pub(crate) struct Admin {
    http: reqwest::Client,
    base: String,
    cookie: String,
    organization: String,
}

/// An environment with the keys to it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    organization: String,
    project: String,
    environment: String,
    pub(crate) server_key: String,
    pub(crate) client_key: String,
}

/// A toggle of a flag.
#[derive(Clone, Debug)]
pub(crate) struct Toggle {
    pub(crate) place: Place,
    pub(crate) flag: String,
    pub(crate) enabled: bool,
}

impl Admin {
    /// Signs in with the demo's address and password.
    pub(crate) async fn sign_in(ready: &Ready) -> anyhow::Result<Self> {
        let demo = &ready.demo;
        let http = plain_http::client()?;
        let answer = http
            .post(format!("{}/api/v1/session", ready.dashboard))
            .header("origin", &ready.dashboard)
            .json(&json!({ "email": demo.email, "password": demo.password }))
            .send()
            .await?
            .error_for_status()?;
        let cookie = answer
            .headers()
            .get("set-cookie")
            .context("signing in set no cookie")?;
        let cookie = cookie
            .to_str()?
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            http,
            base: ready.dashboard.clone(),
            cookie,
            organization: demo.organization.clone(),
        })
    }

    /// Makes a project in the demo organization and answers its production environment.
    pub(crate) async fn project(&self, key: &str) -> anyhow::Result<Place> {
        let places = self.project_in(&self.organization, key).await?;
        let place = places
            .into_iter()
            .find(|place| place.environment == ENVIRONMENT);
        place.context("a new project has a production environment")
    }

    /// Makes an organization with one project and answers the environments of that.
    pub(crate) async fn organization(&self, key: &str) -> anyhow::Result<Vec<Place>> {
        self.call(
            Method::POST,
            "/organizations",
            &json!({ "key": key, "name": key }),
        )
        .await?;
        self.project_in(key, "bench").await
    }

    async fn project_in(&self, organization: &str, key: &str) -> anyhow::Result<Vec<Place>> {
        let path = format!("/organizations/{organization}/projects");
        let made = self
            .call(Method::POST, &path, &json!({ "key": key, "name": key }))
            .await?;
        let keys = made["keys"]
            .as_array()
            .context("a new project comes with keys")?;
        let secret = |environment: &Value, kind: &str| {
            let key = keys
                .iter()
                .find(|key| key["environment"] == *environment && key["kind"] == kind);
            key.and_then(|key| key["secret"].as_str())
                .map(str::to_owned)
        };
        let environments = made["environments"]
            .as_array()
            .context("a new project has environments")?;
        let place = |environment: &Value| {
            let environment = &environment["key"];
            Some(Place {
                organization: organization.to_owned(),
                project: key.to_owned(),
                environment: environment.as_str()?.to_owned(),
                server_key: secret(environment, "server")?,
                client_key: secret(environment, "client")?,
            })
        };
        let places = environments.iter().map(place).collect::<Option<_>>();
        places.context("each environment comes with a key of each kind")
    }

    /// Makes a flag, off everywhere; `flag` is what the admin API takes.
    pub(crate) async fn flag(&self, place: &Place, flag: &Value) -> anyhow::Result<()> {
        let path = format!(
            "/organizations/{}/projects/{}/flags",
            place.organization, place.project
        );
        self.call(Method::POST, &path, flag).await?;
        Ok(())
    }

    /// Changes a flag's targeting; answers once that is committed.
    pub(crate) async fn target(
        &self,
        place: &Place,
        flag: &str,
        change: &Value,
    ) -> anyhow::Result<()> {
        self.call(Method::PATCH, &place.targeting(flag), change)
            .await?;
        Ok(())
    }

    /// Makes a toggle; answers once it is committed.
    pub(crate) async fn toggle(&self, toggle: &Toggle) -> anyhow::Result<()> {
        self.target(
            &toggle.place,
            &toggle.flag,
            &json!({ "enabled": toggle.enabled }),
        )
        .await
    }

    /// Asks for something that the dashboard shows.
    pub(crate) async fn look(&self) -> anyhow::Result<()> {
        let path = format!("/organizations/{}/projects", self.organization);
        self.call(Method::GET, &path, &Value::Null).await?;
        Ok(())
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self
            .http
            .request(method.clone(), format!("{}/api/v1{path}", self.base))
            .header("origin", &self.base)
            .header("cookie", &self.cookie)
            .json(body);
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(
            status.is_success(),
            "{method} {path} was answered {status}: {text}"
        );
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Where the admin API listens.
    pub(crate) fn address(&self) -> anyhow::Result<SocketAddr> {
        address(&self.base)
    }

    /// Toggles for the generator: `toggle` says what the nth is.
    pub(crate) fn toggles(
        &self,
        mut toggle: impl FnMut(usize) -> Toggle + Send + 'static,
    ) -> anyhow::Result<Requests> {
        let (base, cookie, host) = (self.base.clone(), self.cookie.clone(), self.address()?);
        Requests::connect(host, CONNECTIONS, move |nth| {
            let Toggle {
                place,
                flag,
                enabled,
            } = toggle(nth);
            let body = format!("{{\"enabled\":{enabled}}}");
            format!(
                "PATCH /api/v1{} HTTP/1.1\r\nHost: {host}\r\nOrigin: {base}\r\nCookie: {cookie}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                place.targeting(&flag),
                body.len()
            )
            .into_bytes()
        })
    }
}

impl Place {
    fn targeting(&self, flag: &str) -> String {
        let Self {
            organization,
            project,
            environment,
            ..
        } = self;
        format!(
            "/organizations/{organization}/projects/{project}/flags/{flag}/environments/{environment}"
        )
    }
}
