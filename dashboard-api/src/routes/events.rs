//! What happens in an organisation, as it happens: server-sent events for the dashboard.
//!
//! A stream shows only environments that its reader sees. Whenever the organization changes, which includes who has
//! access, each stream looks up again what its credential allows: it ends when that is nothing any more, on whichever node
//! it is. It looks again, too, when its credential is due to expire. It also ends after some minutes, and the browser asks
//! again, with the cookie that it then has.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderName;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt as _, stream};
use peekaboo_policy::{Permission, Reach, reach};
use serde::Serialize;
use utoipa::ToSchema;

use tokio::sync::broadcast::{self, error::RecvError};

use super::path::OrganizationPath;
use crate::ApiState;
use crate::auth::{Member, may};
use crate::places::Full;
use crate::problem::Problem;

const RETRY_BUSY: u64 = 10;

/// How soon, at the least, an expired credential is looked up again while the database cannot say that it is.
const LOOKS_AGAIN_AFTER: time::Duration = time::Duration::milliseconds(500);

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[schema(example = json!({
    "kind": "flags", "project": "storefront", "environment": "production", "version": 42,
    "flags": ["new-checkout"], "segments": []
}))]
pub(crate) enum TenantEvent {
    /// Flags or segments of an environment changed.
    Flags(FlagsEvent),
    /// Anything else of the organisation changed: projects, environments, keys, members.
    Organization(OrganizationEvent),
    /// How many applications are connected to this node.
    Connections(ConnectionsEvent),
}

/// Flags or segments of an environment changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FlagsEvent {
    /// The project's key.
    pub project: String,
    /// The environment's key.
    pub environment: String,
    /// The environment's version now.
    pub version: u64,
    /// Keys of the flags that changed.
    pub flags: Vec<String>,
    /// Keys of the segments that changed.
    pub segments: Vec<String>,
}

/// Anything else of the organisation changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OrganizationEvent {
    /// The organisation's revision now.
    pub revision: i64,
}

/// How many applications are connected to this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ConnectionsEvent {
    /// The project's key.
    pub project: String,
    /// The environment's key.
    pub environment: String,
    /// With a server key.
    pub server: u64,
    /// With a client key.
    pub client: u64,
}

/// Follow an organisation
///
/// Server-sent events; the data of each is a `TenantEvent` as JSON. After 15 seconds without one, an event named
/// `heartbeat` shows that the stream is alive: reconnect where nothing comes for 40. An `organization` event opens each
/// stream, and follows where events were missed: read anew what is shown.
#[utoipa::path(
    get, path = "/organizations/{org}/events", tag = "events", operation_id = "followEvents",
    extensions(("x-permission" = json!("environment.read"))), params(OrganizationPath),
    responses((status = 200, description = "The events, for as long as the connection holds.",
        body = TenantEvent, content_type = "text/event-stream")),
)]
pub(crate) async fn follow_events(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
) -> Result<Response, Problem> {
    let place = state.places().take(member.tenant(), member.id());
    let place = place.map_err(|full| {
        let whose = match full {
            Full::Node => "more dashboards are open than this node follows at once",
            Full::Organization => "your organization has too many open dashboards; close some",
            Full::Caller => "you have more dashboards open than one may; close some",
        };
        Problem::unavailable("busy", whose, RETRY_BUSY)
    })?;
    let events = state.hub().subscribe(member.tenant()).await?;
    let revision = member.organization.revision;
    let reader = Reader {
        state: state.clone(),
        member,
    };
    let events = follow(events, revision, reader);
    let ended = state.events_ended();
    let lifetime = tokio::time::sleep(state.config().event_stream_lifetime);
    let until = async move {
        tokio::select! {
            () = ended => {}
            () = lifetime => {}
        }
    };
    let events = events.take_until(Box::pin(until)).map(move |event| {
        let _held = &place;
        Ok::<_, Infallible>(Event::default().json_data(&event).unwrap_or_default())
    });
    // An event and no comment, which scripts cannot see; named, so that it is none of the organization's.
    let alive = Event::default().event("heartbeat").data("{}");
    let heartbeat = KeepAlive::new()
        .interval(state.config().event_heartbeat)
        .event(alive);
    // Proxies that collect answers would hold events back.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, Sse::new(events).keep_alive(heartbeat)).into_response())
}

/// Who reads a stream, and what they may see by now.
struct Reader {
    state: ApiState,
    member: Member,
}

impl Reader {
    /// Whether the reader sees what an event is about.
    fn sees(&self, event: &TenantEvent) -> bool {
        match event {
            TenantEvent::Organization(_) => true,
            TenantEvent::Flags(of) => self.member.sees_environment(&of.project, &of.environment),
            TenantEvent::Connections(of) => {
                self.member.sees_environment(&of.project, &of.environment)
            }
        }
    }

    /// Waits until the reader's credential expires, unless it is used meanwhile.
    async fn expiry(&self) {
        let Some(expires_at) = self.member.principal.identity.expires_at else {
            return std::future::pending().await;
        };
        let left = (expires_at - self.state.now()).max(LOOKS_AGAIN_AFTER);
        tokio::time::sleep(left.unsigned_abs()).await;
    }

    /// Looks up again what the reader may see; false when that is nothing any more.
    ///
    /// With the database away they keep what they had, for as long as a credential is believed without it.
    async fn refresh(&mut self) -> bool {
        match self.member.refreshed(&self.state).await {
            Ok(Some(member)) => {
                self.member = member;
                let read = Permission::EnvironmentRead;
                reach(&self.member.grants, read) != Reach::Within(Vec::new())
            }
            Ok(None) => false,
            Err(error) => error.is_temporary(),
        }
    }
}

/// The events, opened by one that says where the organization stands; and again where some were missed.
fn follow(
    events: broadcast::Receiver<peekaboo_actors::TenantEvent>,
    revision: i64,
    reader: Reader,
) -> impl Stream<Item = TenantEvent> {
    let first = stream::iter([TenantEvent::Organization(OrganizationEvent { revision })]);
    let rest = stream::unfold(
        (events, revision, reader),
        |(mut events, mut revision, mut reader)| async move {
            loop {
                let event = tokio::select! {
                    event = events.recv() => event,
                    () = reader.expiry() => {
                        if reader.refresh().await {
                            continue;
                        }
                        return None;
                    }
                };
                let event = match event {
                    Ok(event) => TenantEvent::from(event),
                    Err(RecvError::Lagged(_)) => {
                        TenantEvent::Organization(OrganizationEvent { revision })
                    }
                    Err(RecvError::Closed) => return None,
                };
                if let TenantEvent::Organization(organization) = &event {
                    revision = organization.revision;
                    if !reader.refresh().await {
                        return None;
                    }
                }
                if reader.sees(&event) {
                    return Some((event, (events, revision, reader)));
                }
            }
        },
    );
    first.chain(rest)
}

impl From<peekaboo_actors::TenantEvent> for TenantEvent {
    fn from(event: peekaboo_actors::TenantEvent) -> Self {
        use peekaboo_actors::TenantEvent as Theirs;
        match event {
            Theirs::Flags {
                project,
                environment,
                version,
                flags,
                segments,
            } => Self::Flags(FlagsEvent {
                project,
                environment,
                version,
                flags,
                segments,
            }),
            Theirs::Organization { revision } => Self::Organization(OrganizationEvent { revision }),
            Theirs::Connections {
                project,
                environment,
                server,
                client,
            } => Self::Connections(ConnectionsEvent {
                project,
                environment,
                server,
                client,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ApiConfig;
    use crate::harness::{Caller, TestApi};
    use axum::body::BodyDataStream;
    use axum::http::{Method, StatusCode};
    use peekaboo_policy::BuiltIn;
    use serde_json::Value;
    use std::time::Duration;

    /// Reads a stream's events; an event that never comes fails the test.
    struct Reader {
        stream: BodyDataStream,
        read: String,
    }

    impl Reader {
        async fn open(api: &TestApi, caller: &Caller) -> Self {
            let answer = api.get(caller, "/organizations/acme/events").await;
            Self {
                stream: answer.stream.unwrap().into_data_stream(),
                read: String::new(),
            }
        }

        /// The next block, up to the blank line after it; `None` after the last.
        async fn block(&mut self) -> Option<String> {
            loop {
                if let Some((block, rest)) = self.read.split_once("\n\n") {
                    let block = block.to_owned();
                    self.read = rest.to_owned();
                    return Some(block);
                }
                let next = tokio::time::timeout(Duration::from_secs(10), self.stream.next());
                let chunk = next.await.expect("an event within ten seconds")?.unwrap();
                self.read.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        }

        async fn event(&mut self) -> Value {
            let block = self.block().await.expect("the stream goes on");
            serde_json::from_str(block.strip_prefix("data: ").unwrap()).unwrap()
        }
    }

    #[tokio::test]
    async fn who_follows_sees_a_toggle() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let mut events = Reader::open(&api, &owner).await;
        assert_eq!(events.event().await["kind"], "organization");
        let toggled = api.toggle(&owner, "checkout", "production", true).await;
        let event = loop {
            let event = events.event().await;
            if event["kind"] == "flags" {
                break event;
            }
        };
        assert_eq!(event["project"], "shop");
        assert_eq!(event["environment"], "production");
        assert_eq!(event["flags"], serde_json::json!(["checkout"]));
        let path = "/organizations/acme/projects/shop/environments/production";
        let production = api.get(&owner, path).await;
        assert_eq!(event["version"], production.body["version"]);
        assert_eq!(toggled.body["enabled"], true);
    }

    #[tokio::test]
    async fn a_quiet_stream_is_kept_alive() {
        let api = TestApi::with(ApiConfig {
            event_heartbeat: Duration::from_millis(10),
            ..ApiConfig::default()
        })
        .await;
        let acme = api.organization("acme", "ada@example.com").await;
        let owner = api.token(acme, BuiltIn::Viewer).await;
        let mut events = Reader::open(&api, &owner).await;
        events.event().await;
        assert_eq!(events.block().await.unwrap(), "event: heartbeat\ndata: {}");
    }

    #[tokio::test]
    async fn a_stream_ends_when_the_server_does() {
        let (api, owner) = TestApi::with_shop().await;
        let mut events = Reader::open(&api, &owner).await;
        events.event().await;
        api.state.end_events();
        while events.block().await.is_some() {}
    }

    #[tokio::test]
    async fn a_stream_ends_before_its_credential_is_long_gone() {
        let api = TestApi::with(ApiConfig {
            event_stream_lifetime: Duration::from_millis(20),
            ..ApiConfig::default()
        })
        .await;
        let acme = api.organization("acme", "ada@example.com").await;
        let owner = api.token(acme, BuiltIn::Viewer).await;
        let mut events = Reader::open(&api, &owner).await;
        while events.block().await.is_some() {}
    }

    #[tokio::test]
    async fn more_than_a_node_follows_are_told_to_come_back() {
        let api = TestApi::with(ApiConfig {
            event_streams: 1,
            ..ApiConfig::default()
        })
        .await;
        let acme = api.organization("acme", "ada@example.com").await;
        let owner = api.token(acme, BuiltIn::Viewer).await;
        let first = Reader::open(&api, &owner).await;
        let follow = || api.call(&owner, Method::GET, "/organizations/acme/events");
        follow()
            .refused(StatusCode::SERVICE_UNAVAILABLE, "busy")
            .await;
        drop(first);
        follow().expect(StatusCode::OK).await;
    }

    #[tokio::test]
    async fn who_opens_too_many_keeps_nobody_else_out() {
        let api = TestApi::with(ApiConfig {
            event_streams_by_caller: 1,
            event_streams_by_organization: 2,
            ..ApiConfig::default()
        })
        .await;
        let acme = api.organization("acme", "ada@example.com").await;
        let ada = api.token(acme, BuiltIn::Viewer).await;
        let bob = api.token(acme, BuiltIn::Viewer).await;
        let cid = api.token(acme, BuiltIn::Viewer).await;
        let other = api.organization("other", "eve@example.com").await;
        let eve = api.token(other, BuiltIn::Viewer).await;
        let refused = async |caller: &Caller, whose: &str| {
            let refused = api
                .call(caller, Method::GET, "/organizations/acme/events")
                .refused(StatusCode::SERVICE_UNAVAILABLE, "busy")
                .await;
            let detail = refused.body["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(whose), "{detail}");
        };
        let _first = Reader::open(&api, &ada).await;
        refused(&ada, "you have").await;
        let _second = Reader::open(&api, &bob).await;
        refused(&cid, "your organization").await;
        api.call(&eve, Method::GET, "/organizations/other/events")
            .expect(StatusCode::OK)
            .await;
    }

    /// Reads events until the stream ends. In use it does within a second; a busy machine may take longer.
    async fn ends(mut events: Reader) {
        let read = async { while events.block().await.is_some() {} };
        let ended = tokio::time::timeout(Duration::from_secs(20), read).await;
        ended.expect("the stream ends");
    }

    async fn grant(api: &TestApi, owner: &Caller, user: &str, role: &str, scope: Value) -> String {
        let made = api
            .call(owner, Method::POST, "/organizations/acme/grants")
            .json(serde_json::json!({"holder": {"kind": "member", "id": user}, "role": role, "scope": scope}))
            .expect(StatusCode::CREATED)
            .await;
        made.body["id"].as_str().unwrap().to_owned()
    }

    async fn bob(api: &TestApi, owner: &Caller) -> (Caller, String) {
        let acme = api.acme_id().await;
        let bob = api.member(acme, "bob@example.com", BuiltIn::Viewer).await;
        let members = api.get(owner, "/organizations/acme/members").await;
        let id = members.body["items"][1]["user"]["id"].as_str().unwrap();
        (bob, id.to_owned())
    }

    #[tokio::test]
    async fn a_stream_ends_when_its_reader_is_removed_or_loses_their_role() {
        let (api, owner) = TestApi::with_shop().await;
        let (bob, id) = bob(&api, &owner).await;
        let path = format!("/organizations/acme/members/{id}");
        let mut events = Reader::open(&api, &bob).await;
        events.event().await;
        api.call(&owner, Method::PATCH, &path)
            .json(serde_json::json!({"role": null}))
            .expect(StatusCode::OK)
            .await;
        ends(events).await;
        api.call(&owner, Method::PATCH, &path)
            .json(serde_json::json!({"role": "viewer"}))
            .expect(StatusCode::OK)
            .await;
        let mut events = Reader::open(&api, &bob).await;
        events.event().await;
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NO_CONTENT)
            .await;
        ends(events).await;
    }

    #[tokio::test]
    async fn a_stream_ends_on_every_node() {
        let (api, owner) = TestApi::with_shop().await;
        let (bob, id) = bob(&api, &owner).await;
        let other = api.other_node().await;
        let mut events = Reader::open(&other, &bob).await;
        events.event().await;
        let path = format!("/organizations/acme/members/{id}");
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NO_CONTENT)
            .await;
        ends(events).await;
    }

    #[tokio::test]
    async fn a_stream_ends_on_every_node_when_its_session_does() {
        let (api, owner) = TestApi::with_shop().await;
        let (bob, _) = bob(&api, &owner).await;
        let other = api.other_node().await;
        let follow = async |caller: &Caller| {
            let mut events = Reader::open(&other, caller).await;
            events.event().await;
            events
        };

        let elsewhere = api.sign_in("bob@example.com").await;
        let events = follow(&elsewhere).await;
        api.call(&elsewhere, Method::DELETE, "/session")
            .expect(StatusCode::NO_CONTENT)
            .await;
        ends(events).await;

        let elsewhere = api.sign_in("bob@example.com").await;
        let events = follow(&elsewhere).await;
        api.call(&bob, Method::DELETE, "/account/sessions")
            .expect(StatusCode::NO_CONTENT)
            .await;
        ends(events).await;
        // The one that ended the others goes on.
        follow(&bob).await;
    }

    #[tokio::test]
    async fn a_stream_ends_on_every_node_when_its_organization_is_suspended() {
        let (api, owner) = TestApi::with_shop().await;
        let (bob, _) = bob(&api, &owner).await;
        let other = api.other_node().await;
        let mut streams = Vec::new();
        for caller in [&owner, &bob] {
            let mut events = Reader::open(&other, caller).await;
            events.event().await;
            streams.push(events);
        }
        let by = peekaboo_storage::Attribution::system("test", api.now());
        let acme = api.acme_id().await;
        let suspended = api.storage.suspend_organization(acme, true, &by).await;
        suspended.unwrap();
        for events in streams {
            ends(events).await;
        }
    }

    #[tokio::test]
    async fn a_stream_ends_when_its_organization_requires_a_second_factor_that_its_reader_lacks() {
        let (api, owner) = TestApi::with_shop().await;
        let (bob, _) = bob(&api, &owner).await;
        let mut events = Reader::open(&api, &bob).await;
        events.event().await;
        api.call(&owner, Method::PATCH, "/organizations/acme/security")
            .json(serde_json::json!({"requiresSecondFactor": true}))
            .expect(StatusCode::OK)
            .await;
        ends(events).await;
    }

    /// Makes a token; returns its id and its stream on another node.
    async fn token_followed(
        api: &TestApi,
        maker: &Caller,
        path: &str,
        body: Value,
        node: &TestApi,
    ) -> (String, Reader) {
        let made = api.call(maker, Method::POST, path).json(body);
        let made = made.expect(StatusCode::CREATED).await;
        let caller = Caller::Token(made.body["token"].as_str().unwrap().to_owned());
        let mut events = Reader::open(node, &caller).await;
        events.event().await;
        (made.body["id"].as_str().unwrap().to_owned(), events)
    }

    #[tokio::test]
    async fn a_stream_ends_on_every_node_when_its_token_is_revoked() {
        let (api, owner) = TestApi::with_shop().await;
        let node = api.other_node().await;
        let (bob, bobs) = bob(&api, &owner).await;
        let delete = async |caller: &Caller, path: String| {
            let deleted = api.call(caller, Method::DELETE, &path);
            deleted.expect(StatusCode::NO_CONTENT).await;
        };
        let tokens = "/organizations/acme/tokens";
        let personal = "/organizations/acme/personal-tokens";
        let viewer = serde_json::json!({"name": "robot", "role": "viewer"});
        let named = serde_json::json!({"name": "laptop"});

        let (id, events) = token_followed(&api, &owner, tokens, viewer, &node).await;
        delete(&owner, format!("{tokens}/{id}")).await;
        ends(events).await;
        let (id, events) = token_followed(&api, &bob, personal, named.clone(), &node).await;
        delete(&bob, format!("{personal}/{id}")).await;
        ends(events).await;

        // A personal token ends with its owner's membership, and a service account's with the account.
        let (_, events) = token_followed(&api, &bob, personal, named.clone(), &node).await;
        delete(&owner, format!("/organizations/acme/members/{bobs}")).await;
        ends(events).await;
        let accounts = "/organizations/acme/service-accounts";
        let account = api.call(&owner, Method::POST, accounts).json(named.clone());
        let account = account.expect(StatusCode::CREATED).await;
        let account = account.body["id"].as_str().unwrap().to_owned();
        let grant = serde_json::json!({"holder": {"kind": "serviceAccount", "id": account}, "role": "viewer"});
        let granted = api.call(&owner, Method::POST, "/organizations/acme/grants");
        granted.json(grant).expect(StatusCode::CREATED).await;
        let path = format!("{accounts}/{account}/tokens");
        let (_, events) = token_followed(&api, &owner, &path, named, &node).await;
        delete(&owner, format!("{accounts}/{account}")).await;
        ends(events).await;
    }

    #[tokio::test]
    async fn a_stream_ends_when_its_token_expires() {
        let (api, owner) = TestApi::with_shop().await;
        let expires_at = api.now() + time::Duration::milliseconds(600);
        let expires_at = expires_at.format(&time::format_description::well_known::Rfc3339);
        let body = serde_json::json!({"name": "brief", "role": "viewer", "expiresAt": expires_at.unwrap()});
        let tokens = "/organizations/acme/tokens";
        let (_, events) = token_followed(&api, &owner, tokens, body, &api).await;
        api.clock.advance(time::Duration::SECOND);
        ends(events).await;
    }

    #[tokio::test]
    async fn a_stream_shows_only_environments_that_its_reader_sees() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let (bob, id) = bob(&api, &owner).await;
        let path = format!("/organizations/acme/members/{id}");
        api.call(&owner, Method::PATCH, &path)
            .json(serde_json::json!({"role": null}))
            .expect(StatusCode::OK)
            .await;
        let development = serde_json::json!({"project": "shop", "environment": "development"});
        grant(&api, &owner, &id, "viewer", development).await;
        let mut events = Reader::open(&api, &bob).await;
        events.event().await;
        api.toggle(&owner, "checkout", "production", true).await;
        api.toggle(&owner, "checkout", "development", true).await;
        let mut shown = async || loop {
            let event = events.event().await;
            if event["kind"] == "flags" {
                return event["environment"].clone();
            }
        };
        assert_eq!(shown().await, "development", "production comes before it");
        // What is granted while the stream is open is shown from then on.
        grant(
            &api,
            &owner,
            &id,
            "viewer",
            serde_json::json!({"project": "shop"}),
        )
        .await;
        loop {
            api.toggle(&owner, "checkout", "production", false).await;
            api.toggle(&owner, "checkout", "production", true).await;
            if shown().await == "production" {
                break;
            }
        }
    }
}
