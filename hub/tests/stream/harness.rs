//! A node (storage, hub and listener) and clients that come in by HTTP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use peekaboo_actors::{Hub, HubConfig};
use peekaboo_flags::FlagType;
use peekaboo_hub::{StreamConfig, sdk_router, serve_sdk};
use peekaboo_storage::{
    Attribution, Command, CreatedKey, CreatedProject, DatabaseUrl, EnvironmentId, NewFlag,
    NewOrganization, NewProject, NewUser, Options, OrganizationId, SdkKeyKind, Storage,
    TargetingPatch, Variation,
};
use serde_json::json;
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::client::{Client, DEADLINE, Replica};

/// One node.
pub(crate) struct Node {
    pub(crate) hub: Hub,
    pub(crate) storage: Storage,
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: CancellationToken,
    pub(crate) serving: JoinHandle<()>,
}

/// What is in the database.
pub(crate) struct Shop {
    pub(crate) organization: OrganizationId,
    project: CreatedProject,
}

impl Node {
    pub(crate) async fn start(storage: Storage, config: StreamConfig) -> Self {
        Self::start_with(storage, config, HubConfig::default()).await
    }

    async fn start_with(storage: Storage, config: StreamConfig, actors: HubConfig) -> Self {
        let hub = Hub::start(actors, storage.clone()).await.expect("a hub");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let shutdown = CancellationToken::new();
        let others = Router::new()
            .route("/other", get(|| async { "something else" }))
            .merge(sdk_router(hub.clone()));
        let serving = tokio::spawn(serve_sdk(
            listener,
            hub.clone(),
            others,
            config,
            shutdown.clone(),
        ));
        Self {
            hub,
            storage,
            address,
            shutdown,
            serving,
        }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address)
            .await
            .expect("the listener accepts")
    }

    /// Sends a request and reads the head of its answer; the rest stays on the socket.
    pub(crate) async fn request(&self, request: &str) -> (String, TcpStream) {
        let mut stream = self.connect().await;
        // A hub that has closed already may not take it; its answer is there all the same.
        let _ = stream.write_all(request.as_bytes()).await;
        let head = head(&mut stream).await;
        (head, stream)
    }

    pub(crate) async fn upgraded(&self) -> Client {
        let (head, stream) = self.request(&upgrade("")).await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        Client::new(stream)
    }

    pub(crate) async fn server_client(&self, shop: &Shop) -> (Client, Replica) {
        let mut client = self.upgraded().await;
        client.hello(shop.secret(SdkKeyKind::Server)).await;
        let mut replica = Replica::default();
        replica.welcomed(&mut client).await;
        (client, replica)
    }

    /// Turns the flag on or off; the version that this makes.
    pub(crate) async fn toggle(&self, shop: &Shop, enabled: bool) -> u64 {
        let committed = self
            .hub
            .execute(shop.organization, toggle(enabled), by())
            .await
            .expect("it commits");
        u64::try_from(committed.changes[0].version).expect("a version")
    }
}

impl Shop {
    /// An organization with a project and the flag `checkout`.
    pub(crate) async fn set_up(storage: &Storage) -> Self {
        let organization = NewOrganization {
            key: key("acme"),
            name: "Acme".to_owned(),
        };
        let owner = NewUser {
            email: "ada@example.com".to_owned(),
            name: "Ada".to_owned(),
            password_hash: "none".to_owned(),
        };
        let (organization, _) = storage
            .set_up(organization, owner, OffsetDateTime::now_utc())
            .await
            .expect("an organization");
        let project = NewProject {
            key: key("shop"),
            name: "Shop".to_owned(),
            description: String::new(),
        };
        let project = storage
            .execute(organization.id, Command::CreateProject { project }, &by())
            .await
            .expect("a project")
            .outcome
            .created_project()
            .expect("a project");
        storage
            .execute(organization.id, create_flag("checkout"), &by())
            .await
            .expect("a flag");
        Self {
            organization: organization.id,
            project,
        }
    }

    pub(crate) fn secret(&self, kind: SdkKeyKind) -> &str {
        self.created(kind).secret.expose()
    }

    /// Revokes a key in the database; the node hears of it.
    pub(crate) async fn revoke(&self, node: &Node, kind: SdkKeyKind) {
        let revoke = Command::RevokeSdkKey {
            project: key("shop"),
            environment: key("production"),
            key: self.created(kind).key.id,
            expected_version: None,
        };
        node.storage
            .execute(self.organization, revoke, &by())
            .await
            .expect("revoked");
    }

    fn created(&self, kind: SdkKeyKind) -> &CreatedKey {
        let mut keys = self.project.keys.iter();
        let created =
            keys.find(|created| created.key.kind == kind && created.environment == "production");
        created.expect("a key of each kind")
    }

    pub(crate) fn production(&self) -> EnvironmentId {
        let environments = &self.project.overview.environments;
        environments
            .iter()
            .find(|environment| environment.key == "production")
            .expect("production")
            .id
    }
}

/// A node on SQLite, and what is in its database.
pub(crate) async fn node(config: StreamConfig) -> (Node, Shop, Arc<tempfile::TempDir>) {
    node_with(config, HubConfig::default()).await
}

/// The same, with settings of its actors.
pub(crate) async fn node_with(
    config: StreamConfig,
    actors: HubConfig,
) -> (Node, Shop, Arc<tempfile::TempDir>) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = DatabaseUrl::Sqlite(folder.path().join("peekaboo.db"));
    let storage = Storage::start(Options::new(url)).await.expect("a database");
    let shop = Shop::set_up(&storage).await;
    let node = Node::start_with(storage, config, actors).await;
    (node, shop, Arc::new(folder))
}

/// An upgrade request with more headers, each ended by CRLF.
pub(crate) fn upgrade(more: &str) -> String {
    format!(
        "GET /sdk/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: peekaboo.v1\r\n{more}\r\n"
    )
}

/// Reads the head of an answer, byte by byte so as to leave what follows.
pub(crate) async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let reading = async {
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
    };
    timeout(DEADLINE, reading).await.expect("an answer in time");
    String::from_utf8(head).expect("a head in ASCII")
}

/// Waits until something holds.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(DEADLINE, waiting)
        .await
        .unwrap_or_else(|_| panic!("{what} in time"));
}

/// A key of the kind that is asked for.
pub(crate) fn key<K: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> K {
    text.parse().expect("a key")
}

pub(crate) fn by() -> Attribution {
    Attribution::system("test", OffsetDateTime::now_utc())
}

pub(crate) fn create_flag(flag: &str) -> Command {
    let variation = |name: &str| Variation {
        key: name.to_owned(),
        value: json!(name == "on"),
        name: None,
        description: None,
    };
    let flag = NewFlag {
        key: key(flag),
        name: "Checkout".to_owned(),
        description: String::new(),
        type_: FlagType::Boolean,
        variations: vec![variation("on"), variation("off")],
        tags: Vec::new(),
        client_visible: true,
        track: false,
        metadata: serde_json::Map::new(),
        salt: None,
    };
    Command::CreateFlag {
        project: key("shop"),
        flag,
    }
}

pub(crate) fn toggle(enabled: bool) -> Command {
    Command::UpdateTargeting {
        project: key("shop"),
        environment: key("production"),
        flag: key("checkout"),
        patch: TargetingPatch::enabled(enabled),
        expected_version: None,
    }
}
