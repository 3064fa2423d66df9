//! The API as its callers meet it, on a database and a hub of its own.
//!
//! Every answer that a test gets is held against the document first: an answer that it does not tell of is a failure,
//! whatever the test was about.

mod contract;
mod statements;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, SET_COOKIE,
};
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use peekaboo_actors::{Hub, HubConfig};
use peekaboo_storage::{
    Attribution, ClaimedTask, Key, Keyring, Mail, MailPasswordReset, MailTemplate, NewApiToken,
    NewOrganization, NewTokenBearer, NewUser, Options, OrganizationId, OsEntropy, Storage,
    TaskKinds, TaskPayload as _,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;
use tower::ServiceExt as _;

use crate::{ApiConfig, ApiState, Clock};
use peekaboo_policy::BuiltIn;

pub(crate) use contract::Contract;
pub(crate) use statements::Statements;

/// The password of everybody in tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// How often the storage of a test looks for what other nodes did.
const POLL: Duration = Duration::from_millis(100);

/// A clock that moves a little with each look, so that what follows is later, and otherwise when it is told to.
#[derive(Debug)]
pub(crate) struct ManualClock(Mutex<OffsetDateTime>);

impl ManualClock {
    pub(crate) fn advance(&self, by: time::Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> OffsetDateTime {
        let mut now = self.0.lock().unwrap();
        *now += time::Duration::milliseconds(1);
        *now
    }
}

/// The API, its parts, and what it promises.
pub(crate) struct TestApi {
    pub state: ApiState,
    pub storage: Storage,
    pub clock: Arc<ManualClock>,
    pub contract: Contract,
    router: Router,
    folder: Arc<TempDir>,
}

impl TestApi {
    /// Without anybody in it.
    pub(crate) async fn empty() -> Self {
        Self::with(ApiConfig {
            sends_mail: true,
            ..ApiConfig::default()
        })
        .await
    }

    /// Without anybody in it, and with settings of its own.
    pub(crate) async fn with(config: ApiConfig) -> Self {
        Self::first_node(config, Some(POLL)).await
    }

    /// With nobody in it and nothing that runs but what is asked of it: the storage does not look for itself.
    pub(crate) async fn silent() -> Self {
        Self::first_node(ApiConfig::default(), None).await
    }

    async fn first_node(config: ApiConfig, poll: Option<Duration>) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let clock = Arc::new(ManualClock(Mutex::new(datetime!(2026-11-23 12:00 UTC))));
        let keyring = Keyring::generate(&OsEntropy).parse().unwrap();
        Self::node(folder, keyring, clock, config, poll).await
    }

    /// Another node on the same database.
    pub(crate) async fn other_node(&self) -> Self {
        let (folder, clock) = (self.folder.clone(), self.clock.clone());
        let keyring = self.storage.keyring().clone();
        let config = self.state.config().clone();
        Self::node(folder, keyring, clock, config, Some(POLL)).await
    }

    async fn node(
        folder: Arc<TempDir>,
        keyring: Keyring,
        clock: Arc<ManualClock>,
        config: ApiConfig,
        poll: Option<Duration>,
    ) -> Self {
        let path = folder.path().join("peekaboo.db");
        let url = format!("sqlite:{}", path.display()).parse().unwrap();
        let options = Options {
            keyring,
            poll,
            ..Options::new(url)
        };
        let storage = Storage::start(options).await.unwrap();
        let hub = Hub::start(HubConfig::default(), storage.clone())
            .await
            .unwrap();
        let state = ApiState::new(storage.clone(), hub, config, clock.clone());
        Self {
            router: crate::router(state.clone()),
            contract: Contract::new(),
            state,
            storage,
            clock,
            folder,
        }
    }

    /// With the organisation `acme`, its owner, and the project `shop`.
    pub(crate) async fn with_shop() -> (Self, Caller) {
        let api = Self::empty().await;
        let organization = api.organization("acme", "ada@example.com").await;
        let owner = api.token(organization, BuiltIn::Owner).await;
        api.call(&owner, Method::POST, "/organizations/acme/projects")
            .json(json!({"key": "shop", "name": "Shop"}))
            .expect(StatusCode::CREATED)
            .await;
        (api, owner)
    }

    /// An organisation with an owner, who signs in with [`PASSWORD`].
    pub(crate) async fn organization(&self, key: &str, owner: &str) -> OrganizationId {
        let new = NewOrganization {
            key: Key::parse(key).unwrap(),
            name: key.to_uppercase(),
        };
        let owner = NewUser {
            email: owner.to_owned(),
            name: owner.to_owned(),
            password_hash: crate::auth::hash_password(PASSWORD).unwrap(),
        };
        let (organization, _) = self
            .storage
            .set_up(new, owner, self.clock.now())
            .await
            .unwrap();
        organization.id
    }

    /// A token, which is as good as a member and needs no password hashed.
    pub(crate) async fn token(&self, organization: OrganizationId, role: BuiltIn) -> Caller {
        let new = NewApiToken {
            name: role.to_string(),
            bearer: NewTokenBearer::everywhere(role),
            expires_at: None,
        };
        let by = Attribution::system("test", self.clock.now());
        let made = self.storage.create_api_token(organization, new, &by).await;
        let (_, secret) = made.unwrap();
        Caller::Token(secret.expose().to_owned())
    }

    /// Now, by the clock of the API.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// The organisation `acme`.
    pub(crate) async fn acme_id(&self) -> OrganizationId {
        let key = Key::parse("acme").unwrap();
        self.storage.organization(&key).await.unwrap().unwrap().id
    }

    /// A member of an organisation, signed in.
    pub(crate) async fn member(
        &self,
        organization: OrganizationId,
        email: &str,
        role: BuiltIn,
    ) -> Caller {
        let new = NewUser {
            email: email.to_owned(),
            name: email.to_owned(),
            password_hash: crate::auth::hash_password(PASSWORD).unwrap(),
        };
        let user = self.storage.create_user(new, self.now()).await.unwrap();
        let by = Attribution::system("test", self.now());
        let added = self
            .storage
            .add_member(organization, user.id, role, &by)
            .await;
        added.unwrap();
        self.sign_in(email).await
    }

    /// Lets somebody run the hub.
    pub(crate) async fn operator(&self, email: &str) {
        let by = Attribution::system("test", self.now());
        let added = self.storage.set_operator(email, true, &by).await;
        added.unwrap();
    }

    /// The secret of the link in the mail that waits for an address, which is taken away as if it were sent. Whoever asked
    /// for a new password gets their mail first.
    pub(crate) async fn mailed_secret(&self, to: &str) -> Option<String> {
        for task in self.claim(MailPasswordReset::KIND).await {
            let work = serde_json::from_value(task.payload.clone()).unwrap();
            let mut step = self.storage.begin_task(&task).await.unwrap();
            let dashboard = &self.state.config().dashboard_url;
            let transaction = step.transaction();
            let mailed = self
                .storage
                .mail_password_reset(transaction, &work, dashboard, self.now())
                .await;
            mailed.unwrap();
            step.finish().await.unwrap();
        }
        let mut secret = None;
        for task in self.claim(Mail::KIND).await {
            let mail: Mail = serde_json::from_value(task.payload.clone()).unwrap();
            let step = self.storage.begin_task(&task).await.unwrap();
            step.finish().await.unwrap();
            let (MailTemplate::Invitation { link, .. }
            | MailTemplate::PasswordReset { link }
            | MailTemplate::ConfirmEmail { link }) = &mail.template
            else {
                continue;
            };
            if mail.to == to {
                let link = link.open(self.storage.keyring()).unwrap();
                secret = link.split_once('#').map(|(_, secret)| secret.to_owned());
            }
        }
        secret
    }

    async fn claim(&self, kind: &'static str) -> Vec<ClaimedTask> {
        let mut kinds = TaskKinds::default();
        kinds.add(kind, 1);
        let (now, lease) = (self.now(), self.now() + time::Duration::HOUR);
        let claimed = self.storage.claim_tasks(&kinds, 100, now, lease).await;
        claimed.unwrap()
    }

    /// A boolean flag of `shop`.
    pub(crate) async fn flag(&self, caller: &Caller, key: &str) -> Answer {
        self.call(
            caller,
            Method::POST,
            "/organizations/acme/projects/shop/flags",
        )
        .json(json!({"key": key, "type": "boolean"}))
        .expect(StatusCode::CREATED)
        .await
    }

    /// Turns a flag of `shop` on or off.
    pub(crate) async fn toggle(
        &self,
        caller: &Caller,
        flag: &str,
        environment: &str,
        enabled: bool,
    ) -> Answer {
        let path =
            format!("/organizations/acme/projects/shop/flags/{flag}/environments/{environment}");
        self.call(caller, Method::PATCH, &path)
            .json(json!({"enabled": enabled}))
            .expect(StatusCode::OK)
            .await
    }

    /// Everything that the database wrote.
    pub(crate) fn database_files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// A token of `acme`.
    pub(crate) async fn acme(&self, role: BuiltIn) -> Caller {
        self.token(self.acme_id().await, role).await
    }

    /// Signs somebody in as a browser does.
    pub(crate) async fn sign_in(&self, email: &str) -> Caller {
        let answer = self
            .call(&Caller::Nobody, Method::POST, "/session")
            .json(json!({"email": email, "password": PASSWORD}))
            .expect(StatusCode::OK)
            .await;
        answer.session()
    }

    /// A request to a path below the prefix.
    pub(crate) fn call(&self, caller: &Caller, method: Method, path: &str) -> Call<'_> {
        let path = format!("{}{path}", crate::PREFIX);
        let mut headers = HeaderMap::new();
        match caller {
            Caller::Nobody => {}
            Caller::Token(token) => {
                headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
            }
            Caller::Session(cookie) => {
                headers.insert(COOKIE, cookie.parse().unwrap());
                headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
            }
        }
        Call {
            api: self,
            method,
            path,
            headers,
            body: Body::empty(),
            address: "192.0.2.1:1234".parse().unwrap(),
        }
    }

    pub(crate) async fn get(&self, caller: &Caller, path: &str) -> Answer {
        self.call(caller, Method::GET, path)
            .expect(StatusCode::OK)
            .await
    }

    /// The code that an authenticator app with this secret shows now.
    pub(crate) fn code(&self, secret: &str) -> String {
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let now = u64::try_from(self.now().unix_timestamp()).unwrap();
        app.generate(now).to_string()
    }

    /// The database goes away: nothing answers there any more.
    pub(crate) async fn lose_database(&self) {
        self.storage.close().await;
    }
}

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    Nobody,
    Token(String),
    /// The whole `Cookie` header.
    Session(String),
}

/// A request under way.
pub(crate) struct Call<'a> {
    api: &'a TestApi,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
    address: SocketAddr,
}

impl Call<'_> {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "bodies are written where they are sent"
    )]
    pub(crate) fn json(mut self, body: Value) -> Self {
        self.headers
            .insert(CONTENT_TYPE, "application/json".parse().unwrap());
        self.body = Body::from(body.to_string());
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers
            .insert(HeaderName::from_static(name), value.parse().unwrap());
        self
    }

    pub(crate) fn from(mut self, address: &str) -> Self {
        self.address = format!("{address}:1234").parse().unwrap();
        self
    }

    /// Sends it, and returns the answer as it is on the wire.
    pub(crate) async fn raw(self) -> Response {
        let mut request = Request::builder().method(self.method).uri(self.path);
        *request.headers_mut().unwrap() = self.headers;
        let request = request
            .extension(ConnectInfo(self.address))
            .body(self.body)
            .unwrap();
        self.api.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends it, and holds the answer against the document.
    pub(crate) async fn send(self) -> Answer {
        let operation = self
            .api
            .contract
            .operation(&self.method, &self.path)
            .cloned();
        let what = format!("{} {}", self.method, self.path);
        let api = self.api;

        let (parts, body) = self.raw().await.into_parts();
        let content_type = parts
            .headers
            .get(CONTENT_TYPE)
            .map(|value| value.to_str().unwrap());
        let is_any_of = |media: &[&str]| {
            content_type.is_some_and(|found| media.iter().any(|media| found.starts_with(media)))
        };
        let streams = is_any_of(&["text/event-stream"]);
        let is_file = is_any_of(&["application/jsonl", "text/csv"]);
        let (body, stream) = if streams {
            (Value::Null, Some(body))
        } else {
            let bytes = to_bytes(body, usize::MAX).await.unwrap();
            let body = if is_file {
                Value::String(String::from_utf8(bytes.to_vec()).unwrap())
            } else if bytes.is_empty() {
                Value::Null
            } else {
                serde_json::from_slice(&bytes).unwrap()
            };
            (body, None)
        };
        assert_eq!(parts.headers[CACHE_CONTROL], "no-store", "{what}");
        assert!(parts.headers.contains_key("x-request-id"), "{what}");
        if parts.status.is_client_error() || parts.status.is_server_error() {
            assert_eq!(content_type, Some(crate::problem::MEDIA_TYPE), "{what}");
            assert_eq!(body["status"], parts.status.as_u16(), "{what}");
            let kind = body["type"].as_str().unwrap();
            let code = kind.trim_start_matches("urn:peekaboo:problem:");
            assert!(api.contract.tells_of(code), "{what}: {code} is not listed");
            let text = body.to_string();
            for phrase in peekaboo_flags::RUST_PHRASES {
                assert!(!text.contains(phrase), "{what} says {phrase:?}: {body}");
            }
        }
        if let Some(operation) = operation {
            let told = (!streams && content_type.is_some()).then_some(&body);
            let checked = api
                .contract
                .check(&operation, parts.status.as_u16(), content_type, told);
            if let Err(reason) = checked {
                panic!("{what} answered {} {body}: {reason}", parts.status);
            }
        }
        Answer {
            what,
            status: parts.status,
            headers: parts.headers,
            body,
            stream,
        }
    }

    /// Sends it and expects a status.
    pub(crate) async fn expect(self, status: StatusCode) -> Answer {
        let answer = self.send().await;
        assert_eq!(
            answer.status, status,
            "{} answered {}",
            answer.what, answer.body
        );
        answer
    }

    /// Sends it and expects to be refused with a type of problem.
    pub(crate) async fn refused(self, status: StatusCode, code: &str) -> Answer {
        let answer = self.expect(status).await;
        assert_eq!(answer.body["type"], format!("urn:peekaboo:problem:{code}"));
        answer
    }

    /// Sends it and expects to be told of a field.
    pub(crate) async fn invalid(self, pointer: &str, code: &str) -> Answer {
        let answer = self
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            .await;
        let errors = answer.body["errors"].as_array().unwrap();
        let told = errors
            .iter()
            .any(|error| error["pointer"] == pointer && error["code"] == code);
        assert!(told, "{} answered {}", answer.what, answer.body);
        answer
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    what: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub stream: Option<Body>,
}

impl Answer {
    pub(crate) fn etag(&self) -> &str {
        self.headers["etag"].to_str().unwrap()
    }

    /// The session that it began.
    pub(crate) fn session(&self) -> Caller {
        let cookie = self.headers[SET_COOKIE].to_str().unwrap();
        Caller::Session(cookie.split(';').next().unwrap().to_owned())
    }

    /// One member of each item.
    pub(crate) fn each(&self, member: &str) -> Vec<&Value> {
        let items = self.body["items"].as_array().unwrap();
        items.iter().map(|item| &item[member]).collect()
    }
}
