//! A hub over a mirror, without a database.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use peekaboo_flags::{Changes, Ruleset};
use peekaboo_protocol::Resume;
use peekaboo_storage::{EnvironmentId, KeyRecord, SdkKeyId, SdkKeyKind, SecretHash};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use super::client::Client;
use super::world::key;
use crate::live::Tenant;
use crate::wire::Handshake;
use crate::{Access, Hub, HubConfig, Mirror, Spool};

/// A hub over a mirror, with one environment at version 4.
pub(crate) struct Edge {
    pub(crate) hub: Hub,
    pub(crate) mirror: Mirror,
    pub(crate) spool: Spool,
    listener: TcpListener,
    _folder: TempDir,
}

pub(crate) const SECRET: &str = "pbs_of_the_edge";
pub(crate) const PUBLIC: &str = "pbc_of_the_edge";

pub(crate) fn environment() -> EnvironmentId {
    EnvironmentId::from_uuid(Uuid::from_u128(7))
}

pub(crate) fn record(kind: SdkKeyKind, secret: &str) -> KeyRecord {
    KeyRecord {
        id: SdkKeyId::from_uuid(Uuid::from_u128(secret.len() as u128 + kind as u128)),
        environment: environment(),
        kind,
        hash: SecretHash::of(secret),
        origins: Vec::new(),
        expires_at: None,
    }
}

pub(crate) fn flag(version: u64, visible: bool) -> Value {
    json!({
        "type": "boolean", "enabled": true, "variations": {"on": true, "off": false},
        "offVariation": "off", "fallthrough": {"variation": "on"}, "salt": "s",
        "version": version, "clientVisible": visible,
    })
}

pub(crate) fn put(flags: &Value) -> Changes {
    serde_json::from_value(json!({ "putFlags": flags })).expect("changes")
}

pub(crate) async fn spool_in(folder: &TempDir) -> Spool {
    let spool = Spool::open(folder.path().join("usage"), 1 << 20).await;
    spool.expect("a spool")
}

impl Edge {
    pub(crate) async fn new() -> Self {
        Self::with(HubConfig::default()).await
    }

    pub(crate) async fn with(config: HubConfig) -> Self {
        let folder = TempDir::new().expect("a folder");
        let spool = spool_in(&folder).await;
        let mirror = Mirror::new(100, PathBuf::from("unused"));
        let ruleset: Ruleset = serde_json::from_value(json!({
            "epoch": "e1", "version": 4, "flags": {"a": flag(1, true)},
        }))
        .expect("a ruleset");
        mirror.replace(environment(), &key("shop"), &key("production"), ruleset);
        let edge = Self {
            hub: Hub::start_edge(config, mirror.clone(), spool.clone())
                .await
                .expect("an edge"),
            mirror,
            spool,
            listener: TcpListener::bind("127.0.0.1:0").await.expect("a listener"),
            _folder: folder,
        };
        edge.set_keys(true);
        edge.mirror.set_stale(false);
        edge
    }

    pub(crate) fn set_keys(&self, with_client: bool) {
        let mut keys = vec![record(SdkKeyKind::Server, SECRET)];
        if with_client {
            keys.push(record(SdkKeyKind::Client, PUBLIC));
        }
        self.mirror
            .set_keys(environment(), &key("shop"), &key("production"), keys);
    }

    pub(crate) fn apply(&self, from: u64, to: u64, changes: Changes) {
        assert!(self.mirror.apply(environment(), from, to, 1, changes));
    }

    /// The environment's tenant, loaded with it if it is not in memory.
    pub(crate) async fn tenant(&self) -> Arc<Tenant> {
        let organization = Mirror::tenant_of(environment());
        let directory = self.hub.directory();
        let loaded = directory.environment(organization, environment()).await;
        loaded.expect("a tenant").expect("its environment");
        directory.tenant(organization).await.expect("a tenant")
    }

    pub(crate) async fn access(&self) -> Access {
        let access = self.hub.access(SECRET, None).await;
        access.expect("a key that is good")
    }

    pub(crate) async fn greet(&self, key: &str, resume: Option<Resume>) -> Client {
        let address = self.listener.local_addr().expect("an address");
        let (client, accepted) = tokio::join!(TcpStream::connect(address), self.listener.accept());
        let (stream, peer) = accepted.expect("a socket");
        let handshake = Handshake {
            bearer: None,
            origin: None,
            peer,
            permit: None,
        };
        self.hub.accept(stream, Bytes::new(), handshake);
        let mut client = Client::new(client.expect("a socket"));
        let context = key.starts_with("pbc_").then(|| json!({}));
        client.hello_with(key, resume, context).await;
        client
    }
}

pub(crate) fn at(version: u64) -> Resume {
    Resume {
        epoch: "e1".to_owned(),
        version,
    }
}
