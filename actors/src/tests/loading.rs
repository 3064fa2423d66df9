//! How environments come into memory: each by itself, and those that someone waits for first.

use std::path::PathBuf;

use peekaboo_flags::Ruleset;
use peekaboo_storage::{Command, EnvironmentId, NewSdkKey, SdkKeyKind, Storage};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::world::{World, key};
use crate::HubConfig;
use crate::live::{Read, Tenant, TenantMessage, Wanted};
use crate::state::EnvironmentSnapshot;

/// A hub that has just started over an organization of three environments.
async fn cold() -> World {
    let world = World::new().await;
    world.create_flag("a").await;
    world.restarted(HubConfig::default()).await
}

fn in_memory(tenant: &Tenant) -> usize {
    tenant.environments().len()
}

#[tokio::test]
async fn an_environment_that_is_asked_for_waits_for_none_that_is_read_in_the_background() {
    let world = cold().await;
    let turns = &world.directory().registry.turns;
    let busy = turns.hold_background().await;
    let (_client, replica) = world.server_client().await;
    assert!(replica.flags.contains_key("a"));
    let tenant = world.tenant();
    assert_eq!(in_memory(&tenant), 1, "nobody asked for the others");
    drop(busy);
    world
        .until("the others follow", async || in_memory(&tenant) == 3)
        .await;
}

#[tokio::test]
async fn a_command_waits_for_no_environment_to_be_read() {
    let world = cold().await;
    let turns = &world.directory().registry.turns;
    let _busy = turns.hold_background().await;
    let version = world.toggle("a", true).await;
    assert_eq!(in_memory(&world.tenant()), 0);
    assert_eq!(world.version().await, version);
}

#[tokio::test]
async fn a_change_that_is_committed_while_its_environment_is_read_is_not_lost() {
    let world = World::new().await;
    world.create_flag("a").await;
    let before = world.storage.ruleset(world.production()).await;
    let before = before.expect("read").expect("there");
    let world = world.restarted(HubConfig::default()).await;
    let turns = &world.directory().registry.turns;
    let _busy = (turns.hold_background().await, turns.hold_asked().await);
    let tenant = world.directory().tenant(world.organization).await;
    let tenant = tenant.expect("a structure");
    let wanted = Wanted::Environment(world.production());
    let (reply, answer) = oneshot::channel();
    assert!(tenant.handle.tell(TenantMessage::Want(wanted, reply)));
    let version = world.toggle("a", true).await;
    // As if it had been read just before the commit.
    let read = Read {
        environment: world.production(),
        snapshot: Ok(Some(EnvironmentSnapshot::new(&before, 0))),
        is_saved: false,
    };
    assert!(tenant.handle.tell(TenantMessage::Read(Box::new(read))));
    answer.await.expect("an answer").expect("loaded");
    assert_eq!(world.environment().snapshot().version, version);
}

#[tokio::test]
async fn a_ticket_of_an_environment_that_is_not_in_memory_opens_it() {
    let world = cold().await;
    let access = world.hub.access(world.client_key(), None).await;
    let ticket = access.expect("let in").ticket();
    let world = world.restarted(HubConfig::default()).await;
    let turns = &world.directory().registry.turns;
    let _busy = turns.hold_background().await;
    let access = world.hub.access_by_ticket(&ticket, None).await;
    let access = access.expect("let in");
    assert!(access.snapshot().ruleset.flag("a").is_some());
}

/// The other environments of the organization.
async fn neighbors(storage: &Storage, world: &World) -> Vec<EnvironmentId> {
    let tenant = storage.tenant(world.organization).await;
    let listed = tenant.expect("read").expect("there").environments;
    let ids = listed.into_iter().map(|listed| listed.id);
    ids.filter(|id| *id != world.production()).collect()
}

struct Kept {
    world: World,
    config: HubConfig,
    folder: TempDir,
}

impl Kept {
    /// A hub that keeps snapshot files.
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = HubConfig {
            snapshots: Some(folder.path().to_owned()),
            ..HubConfig::default()
        };
        let world = World::with(config.clone()).await;
        world.create_flag("a").await;
        Self {
            world,
            config,
            folder,
        }
    }

    fn file(&self, environment: EnvironmentId, ending: &str) -> PathBuf {
        let organization = self.world.organization.to_string();
        self.folder
            .path()
            .join(organization)
            .join(format!("{environment}.{ending}"))
    }

    async fn save(&self) {
        let (saved, done) = oneshot::channel();
        let tenant = self.world.tenant();
        assert!(tenant.handle.tell(TenantMessage::Save(Some(saved))));
        let _ = done.await;
    }
}

#[tokio::test]
async fn without_the_database_a_damaged_file_costs_its_environment_only() {
    let kept = Kept::new().await;
    kept.world.all_in_memory().await;
    let neighbor = neighbors(&kept.world.storage, &kept.world).await[0];
    kept.world.hub.stop().await;
    std::fs::write(kept.file(neighbor, "snapshot"), "{}").expect("written");
    kept.world.storage.close().await;
    let restarted = kept.world.restarted(kept.config).await;
    let (_client, replica) = restarted.server_client().await;
    assert!(replica.flags.contains_key("a"));
    let damaged = restarted
        .hub
        .environment(restarted.organization, neighbor)
        .await;
    assert!(
        matches!(&damaged, Err(error) if error.is_temporary()),
        "{:?}",
        damaged.err()
    );
}

#[tokio::test]
async fn a_file_that_could_not_be_written_is_written_with_the_next_ones() {
    let kept = Kept::new().await;
    kept.world.all_in_memory().await;
    kept.save().await;
    let version = kept.world.toggle("a", true).await;
    let production = kept.world.production();
    let obstacle = kept.file(production, "new");
    std::fs::create_dir(&obstacle).expect("made");
    kept.save().await;
    let files = kept.world.directory().registry.snapshots.as_ref().unwrap();
    let saved = async || files.ruleset(kept.world.organization, production).await;
    let is_new = |saved: Option<Ruleset>| saved.is_some_and(|saved| saved.version == version);
    assert!(!is_new(saved().await));
    std::fs::remove_dir(&obstacle).expect("removed");
    kept.world
        .until("the former version is replaced", async || {
            kept.save().await;
            is_new(saved().await)
        })
        .await;
}

#[tokio::test]
async fn a_toggle_writes_the_file_of_its_environment_only() {
    let kept = Kept::new().await;
    kept.world.all_in_memory().await;
    kept.save().await;
    let environments = neighbors(&kept.world.storage, &kept.world).await;
    let written = || {
        environments.iter().map(|id| {
            let file = std::fs::metadata(kept.file(*id, "snapshot")).expect("a file");
            file.modified().expect("a time")
        })
    };
    let before: Vec<_> = written().collect();
    assert_eq!(before.len(), 2);
    let version = kept.world.toggle("a", true).await;
    kept.save().await;
    assert_eq!(written().collect::<Vec<_>>(), before);
    let files = kept.world.directory().registry.snapshots.as_ref().unwrap();
    let saved = files
        .ruleset(kept.world.organization, kept.world.production())
        .await;
    assert_eq!(saved.expect("a file").version, version);
}

#[tokio::test]
async fn the_files_of_an_organization_that_is_gone_are_removed() {
    let kept = Kept::new().await;
    let tenant = kept.world.all_in_memory().await;
    kept.save().await;
    let mut database = kept.world.database().await;
    sqlx::query("PRAGMA foreign_keys = OFF")
        .execute(&mut database)
        .await
        .expect("off");
    sqlx::query("DELETE FROM organizations")
        .execute(&mut database)
        .await
        .expect("deleted");
    tenant.handle.hint(&peekaboo_storage::Hint::Everything);
    let folder = kept.folder.path().join(kept.world.organization.to_string());
    kept.world
        .until("its files are gone", async || !folder.exists())
        .await;
}

#[tokio::test]
async fn a_key_made_on_another_node_has_only_its_environment_s_keys_read() {
    let world = World::new().await;
    world.create_flag("a").await;
    let tenant = {
        world.version().await;
        world.tenant()
    };
    let before = tenant.revision();
    let made = world
        .make_key(NewSdkKey {
            kind: SdkKeyKind::Server,
            name: "another".to_owned(),
            origins: Vec::new(),
            expires_at: None,
        })
        .await;
    let hash = made.secret.hash();
    let keys = &world.directory().registry.keys;
    world
        .until("the key is known", async || keys.key(&hash).is_some())
        .await;
    assert_eq!(tenant.revision(), before + 1);
    let committed = world
        .execute(Command::RevokeSdkKey {
            project: key("shop"),
            environment: key("production"),
            key: made.key.id,
            expected_version: None,
        })
        .await;
    assert_eq!(committed.keys_of, Some(world.production()));
    assert!(keys.key(&hash).is_none());
    assert_eq!(tenant.revision(), before + 2);
}
