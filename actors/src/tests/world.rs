//! A hub on SQLite with one organization, and clients connected to it over loopback.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use peekaboo_flags::FlagType;
use peekaboo_flags::model::Serve;
use peekaboo_storage::{
    Attribution, Command, Committed, CreatedKey, CreatedProject, DatabaseUrl, EnvironmentId,
    NewFlag, NewOrganization, NewProject, NewSdkKey, NewUser, Options, OrganizationId, SdkKeyKind,
    Storage, TargetingPatch, Variation,
};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;
use time::OffsetDateTime;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::client::{Client, DEADLINE, Replica};
use crate::directory::Directory;
use crate::live::{Environment, Tenant};
use crate::wire::{Handshake, Permit};
use crate::{Hub, HubConfig};

pub(crate) struct World {
    pub(crate) hub: Hub,
    pub(crate) storage: Storage,
    pub(crate) organization: OrganizationId,
    project: CreatedProject,
    listener: TcpListener,
    pub(crate) folder: Arc<TempDir>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(HubConfig::default()).await
    }

    pub(crate) async fn with(config: HubConfig) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let storage = Storage::start(options(&folder)).await.expect("a database");
        let at = OffsetDateTime::now_utc();
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
            .set_up(organization, owner, at)
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
        let hub = Hub::start(config, storage.clone()).await.expect("a hub");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        Self {
            hub,
            storage,
            organization: organization.id,
            project,
            listener,
            folder,
        }
    }

    /// The same with another hub, which knows nothing of what the first one did.
    pub(crate) async fn restarted(self, config: HubConfig) -> Self {
        let hub = Hub::start(config, self.storage.clone())
            .await
            .expect("a hub");
        Self { hub, ..self }
    }

    /// Another node on the same database, which hears of what this one does only by looking at the log.
    pub(crate) async fn beside(&self) -> Self {
        let storage = Storage::start(options(&self.folder))
            .await
            .expect("a database");
        let hub = Hub::start(HubConfig::default(), storage.clone())
            .await
            .expect("a hub");
        Self {
            hub,
            storage,
            organization: self.organization,
            project: self.project.clone(),
            listener: TcpListener::bind("127.0.0.1:0").await.expect("a listener"),
            folder: self.folder.clone(),
        }
    }

    pub(crate) fn directory(&self) -> &Arc<Directory> {
        self.hub.directory()
    }

    pub(crate) fn secret(&self, kind: SdkKeyKind) -> &str {
        let mut keys = self.project.keys.iter();
        let created =
            keys.find(|created| created.key.kind == kind && created.environment == "production");
        created.expect("a key of each kind").secret.expose()
    }

    pub(crate) fn server_key(&self) -> &str {
        self.secret(SdkKeyKind::Server)
    }

    pub(crate) fn client_key(&self) -> &str {
        self.secret(SdkKeyKind::Client)
    }

    pub(crate) fn production(&self) -> EnvironmentId {
        let environments = &self.project.overview.environments;
        environments
            .iter()
            .find(|environment| environment.key == "production")
            .expect("production")
            .id
    }

    /// The organization, which must be in memory.
    pub(crate) fn tenant(&self) -> Arc<Tenant> {
        let tenant = self.directory().registry.tenant(self.organization);
        tenant.expect("a tenant in memory")
    }

    /// Production as the hub holds it.
    pub(crate) fn environment(&self) -> Arc<Environment> {
        let environment = self.tenant().environment(self.production());
        environment.expect("production")
    }

    /// A socket that is upgraded already.
    pub(crate) async fn connect(&self) -> Client {
        self.connect_from(None, None).await
    }

    pub(crate) async fn connect_from(&self, bearer: Option<&str>, origin: Option<&str>) -> Client {
        self.arrive(bearer, origin, None).await
    }

    /// A socket that holds something for as long as it is open.
    pub(crate) async fn connect_holding(&self, permit: Permit) -> Client {
        self.arrive(None, None, Some(permit)).await
    }

    async fn arrive(
        &self,
        bearer: Option<&str>,
        origin: Option<&str>,
        permit: Option<Permit>,
    ) -> Client {
        let address = self.listener.local_addr().expect("an address");
        let (client, accepted) = tokio::join!(TcpStream::connect(address), self.listener.accept());
        let (stream, peer) = accepted.expect("a socket");
        let handshake = Handshake {
            bearer: bearer.map(str::to_owned),
            origin: origin.map(str::to_owned),
            peer,
            permit,
        };
        self.hub.accept(stream, Bytes::new(), handshake);
        Client::new(client.expect("a socket"))
    }

    /// A welcomed client of the server key, and what it holds.
    pub(crate) async fn server_client(&self) -> (Client, Replica) {
        let mut client = self.connect().await;
        client.hello(self.server_key()).await;
        let mut replica = Replica::default();
        replica.welcomed(&mut client).await;
        (client, replica)
    }

    /// A welcomed client of the client key, and what it holds.
    pub(crate) async fn browser(&self, context: Value) -> (Client, Replica) {
        let mut client = self.connect().await;
        client
            .hello_with(self.client_key(), None, Some(context))
            .await;
        let mut replica = Replica::default();
        replica.welcomed(&mut client).await;
        (client, replica)
    }

    pub(crate) async fn execute(&self, command: Command) -> Committed {
        self.hub
            .execute(self.organization, command, by())
            .await
            .expect("the command commits")
    }

    /// Creates a boolean flag that client keys see; it raises every environment by one.
    pub(crate) async fn create_flag(&self, name: &str) {
        self.execute(create_flag(name, true)).await;
    }

    /// Turns a flag on or off in production; the version that this makes.
    pub(crate) async fn toggle(&self, flag: &str, enabled: bool) -> u64 {
        let committed = self.execute(toggle(flag, enabled)).await;
        u64::try_from(committed.changes[0].version).expect("a version")
    }

    pub(crate) async fn version(&self) -> u64 {
        self.hub
            .environment(self.organization, self.production())
            .await
            .expect("an environment")
            .version
    }

    /// Makes another key of the environment that clients connect to.
    pub(crate) async fn make_key(&self, new: NewSdkKey) -> CreatedKey {
        self.storage
            .execute(
                self.organization,
                Command::CreateSdkKey {
                    project: key("shop"),
                    environment: key("production"),
                    key: new,
                },
                &by(),
            )
            .await
            .expect("made")
            .outcome
            .created_sdk_key()
            .expect("a key")
    }

    pub(crate) async fn revoke(&self, kind: SdkKeyKind) {
        let mut keys = self.project.keys.iter();
        let created =
            keys.find(|created| created.key.kind == kind && created.environment == "production");
        let id = created.expect("a key").key.id;
        let revoke = Command::RevokeSdkKey {
            project: key("shop"),
            environment: key("production"),
            key: id,
            expected_version: None,
        };
        self.storage
            .execute(self.organization, revoke, &by())
            .await
            .expect("revoked");
    }

    /// Waits until every environment is in memory.
    pub(crate) async fn all_in_memory(&self) -> Arc<Tenant> {
        self.version().await;
        let tenant = self.tenant();
        let all = self.project.overview.environments.len();
        self.until("every environment is in memory", async || {
            tenant.environments().len() == all
        })
        .await;
        tenant
    }

    /// A connection to the database of the test's own.
    pub(crate) async fn database(&self) -> SqliteConnection {
        let file = SqliteConnectOptions::new().filename(self.folder.path().join("peekaboo.db"));
        SqliteConnection::connect_with(&file).await.expect("opened")
    }

    /// Has the feed find that the database does not answer, though what connections ask of it would be answered: so a
    /// test can tell who asks.
    pub(crate) async fn seem_to_lose_the_database(&self) {
        let mut database = self.database().await;
        // The feed looks at this table, and nothing else that these tests do.
        sqlx::query("ALTER TABLE organizations RENAME TO organizations_gone")
            .execute(&mut database)
            .await
            .expect("renamed");
        self.until("the feed notices", async || self.hub.is_stale())
            .await;
    }

    /// Waits until something holds.
    pub(crate) async fn until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let waiting = async {
            while !holds().await {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(DEADLINE, waiting)
            .await
            .unwrap_or_else(|_| panic!("{what} in time"));
    }
}

pub(crate) fn options(folder: &TempDir) -> Options {
    Options::new(DatabaseUrl::Sqlite(folder.path().join("peekaboo.db")))
}

/// A key of the kind that is asked for.
pub(crate) fn key<K: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> K {
    text.parse().expect("a key")
}

pub(crate) fn by() -> Attribution {
    Attribution::system("test", OffsetDateTime::now_utc())
}

pub(crate) fn create_flag(name: &str, client_visible: bool) -> Command {
    let variation = |name: &str, value: Value| Variation {
        key: name.to_owned(),
        value,
        name: None,
        description: None,
    };
    let flag = NewFlag {
        key: key(name),
        name: name.to_owned(),
        description: String::new(),
        type_: FlagType::Boolean,
        variations: vec![variation("on", json!(true)), variation("off", json!(false))],
        tags: Vec::new(),
        client_visible,
        track: false,
        metadata: serde_json::Map::new(),
        salt: None,
    };
    Command::CreateFlag {
        project: key("shop"),
        flag,
    }
}

pub(crate) fn toggle(flag: &str, enabled: bool) -> Command {
    target(flag, TargetingPatch::enabled(enabled))
}

pub(crate) fn target(flag: &str, patch: TargetingPatch) -> Command {
    Command::UpdateTargeting {
        project: key("shop"),
        environment: key("production"),
        flag: key(flag),
        patch,
        expected_version: None,
    }
}

pub(crate) fn serve(variation: &str) -> Serve {
    Serve::Variation(variation.to_owned())
}
