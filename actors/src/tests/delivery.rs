//! Changes reach clients: once each, in order, whatever happened to the client in between.

use std::time::Duration;

use peekaboo_flags::model::Target;
use peekaboo_protocol::{ClientFrame, Mode, Resume, ServerFrame};
use peekaboo_storage::{Command, Storage, TargetingPatch};
use serde_json::json;

use super::client::{Received, Replica};
use super::world::{World, create_flag, key, options, target, toggle};
use crate::{Error, Hub, HubConfig};

#[tokio::test]
async fn a_toggle_reaches_every_kind_of_client() {
    let world = World::new().await;
    world.create_flag("checkout").await;
    let (mut server, mut server_replica) = world.server_client().await;
    let (mut browser, mut browser_replica) = world.browser(json!({"targetingKey": "u1"})).await;
    assert_eq!(
        browser_replica.flags["checkout"],
        json!([false, "off", "DISABLED", 1])
    );

    let version = world.toggle("checkout", true).await;
    server_replica.reach(&mut server, version).await;
    browser_replica.reach(&mut browser, version).await;
    assert_eq!(server_replica.flags["checkout"]["enabled"], true);
    assert_eq!(
        browser_replica.flags["checkout"],
        json!([true, "on", "STATIC", 2])
    );
}

#[tokio::test]
async fn a_delta_says_when_it_was_committed() {
    let world = World::new().await;
    world.create_flag("checkout").await;
    let (mut server, _) = world.server_client().await;
    let committed = world.execute(toggle("checkout", true)).await;
    let ServerFrame::Delta {
        committed_at_micros,
        ..
    } = server.frame().await
    else {
        panic!("a delta was expected");
    };
    assert_eq!(
        i64::try_from(committed_at_micros).unwrap(),
        committed.changes[0].committed_at_micros
    );
}

#[tokio::test]
async fn a_reconnecting_client_receives_only_newer_versions() {
    let world = World::new().await;
    world.create_flag("a").await;
    world.create_flag("b").await;
    let (client, mut replica) = world.server_client().await;
    drop(client);

    let mut again = world.connect().await;
    again
        .hello_with(world.server_key(), Some(replica.resume()), None)
        .await;
    assert_eq!(replica.welcomed(&mut again).await, Mode::Current);
    drop(again);

    world.toggle("a", true).await;
    world.toggle("a", false).await;
    world.toggle("a", true).await;
    let mut again = world.connect().await;
    again
        .hello_with(world.server_key(), Some(replica.resume()), None)
        .await;
    let ServerFrame::Welcome {
        mode: Mode::Delta, ..
    } = again.frame().await
    else {
        panic!("a delta is announced");
    };
    let delta = again.frame().await;
    let ServerFrame::Delta { put_flags, .. } = &delta else {
        panic!("{delta:?}")
    };
    assert_eq!(
        put_flags.keys().collect::<Vec<_>>(),
        ["a"],
        "three changes in one delta, of one flag"
    );
    replica.apply(delta);
    assert_eq!(replica.flags["a"]["enabled"], true);
}

#[tokio::test]
async fn a_node_that_was_not_there_resumes_a_client_from_the_log() {
    let world = World::new().await;
    world.create_flag("a").await;
    let (_, mut replica) = world.server_client().await;
    world.toggle("a", true).await;
    world.toggle("a", false).await;
    let resume = replica.resume();

    let restarted = world.restarted(HubConfig::default()).await;
    let mut client = restarted.connect().await;
    client
        .hello_with(restarted.server_key(), Some(resume), None)
        .await;
    assert_eq!(replica.welcomed(&mut client).await, Mode::Delta);
    assert_eq!(replica.flags["a"]["enabled"], false);
}

#[tokio::test]
async fn a_version_that_the_log_has_forgotten_or_never_knew_gets_a_snapshot() {
    let world = World::new().await;
    world.create_flag("a").await;
    let (_, replica) = world.server_client().await;
    world.toggle("a", true).await;
    world.toggle("a", false).await;
    world.storage.trim_log(world.production(), 1).await.unwrap();
    let restarted = world.restarted(HubConfig::default()).await;
    let future = Resume {
        version: 1_000,
        ..replica.resume()
    };
    let foreign = Resume {
        epoch: "another".to_owned(),
        ..replica.resume()
    };
    for resume in [replica.resume(), future, foreign] {
        let mut client = restarted.connect().await;
        client
            .hello_with(restarted.server_key(), Some(resume), None)
            .await;
        assert_eq!(
            Replica::default().welcomed(&mut client).await,
            Mode::Snapshot
        );
    }
}

#[tokio::test]
async fn a_client_that_noticed_a_gap_is_brought_up_from_where_it_is() {
    let world = World::new().await;
    world.create_flag("a").await;
    let (mut client, mut replica) = world.server_client().await;
    let before = replica.resume();
    let version = world.toggle("a", true).await;
    replica.reach(&mut client, version).await;

    client.send(&ClientFrame::Resync(before.clone())).await;
    let ServerFrame::Delta { from, to, .. } = client.frame().await else {
        panic!("a delta was expected")
    };
    assert_eq!((from, to), (Some(before.version), version));

    let unknown = Resume {
        version: version + 5,
        ..before.clone()
    };
    client.send(&ClientFrame::Resync(unknown)).await;
    assert!(matches!(client.frame().await, ServerFrame::Snapshot { .. }));

    let current = Resume {
        version,
        ..before.clone()
    };
    client.send(&ClientFrame::Resync(current)).await;
    client
        .send(&ClientFrame::Resync(Resume {
            epoch: "another".to_owned(),
            ..before
        }))
        .await;
    assert_eq!(
        client.next().await,
        Received::Close(4004),
        "nothing was sent for the current version"
    );
}

#[tokio::test]
async fn replaced_history_makes_every_client_fetch_a_snapshot() {
    let world = World::new().await;
    world.create_flag("a").await;
    let (mut client, replica) = world.server_client().await;
    let reset = Command::ResetEpoch {
        project: key("shop"),
        environment: key("production"),
    };
    let by = super::world::by();
    world
        .storage
        .execute(world.organization, reset, &by)
        .await
        .unwrap();
    assert_eq!(client.closed().await, 4004);

    let mut again = world.connect().await;
    again
        .hello_with(world.server_key(), Some(replica.resume()), None)
        .await;
    let mut anew = Replica::default();
    assert_eq!(anew.welcomed(&mut again).await, Mode::Snapshot);
    assert_ne!(anew.epoch, replica.epoch);
}

/// Makes the flag's ruleset form so large that few changes fill a socket.
pub(super) fn many_targets() -> Command {
    let values = (0..2_000)
        .map(|n| json!(format!("user-{n:0>40}")))
        .collect();
    let targets = vec![Target {
        variation: "on".to_owned(),
        attribute: "targetingKey".to_owned(),
        values,
    }];
    target(
        "a",
        TargetingPatch {
            targets: Some(targets),
            ..TargetingPatch::default()
        },
    )
}

#[tokio::test]
async fn a_slow_consumer_delays_no_one_and_ends_at_the_final_state() {
    let world = World::new().await;
    world.create_flag("a").await;
    world.execute(many_targets()).await;

    let (mut slow, mut slow_replica) = world.server_client().await;
    let (mut quick, mut quick_replica) = world.server_client().await;
    let mut version = slow_replica.version;
    let changes = 100;
    for n in 0..changes {
        version = world.toggle("a", n % 2 == 0).await;
        quick_replica.reach(&mut quick, version).await;
    }

    let mut deltas = 0;
    while slow_replica.version < version {
        match slow.next().await {
            Received::Frame(frame) => slow_replica.apply(frame),
            other => panic!("a change was expected, not {other:?}"),
        }
        deltas += 1;
    }
    assert_eq!(slow_replica, quick_replica);
    assert!(
        deltas < changes,
        "what it missed came merged: {deltas} deltas for {changes} changes"
    );
}

#[tokio::test]
async fn a_client_from_a_node_that_was_ahead_does_not_go_back() {
    let world = World::new().await;
    world.create_flag("a").await;
    let (_client, replica) = world.server_client().await;
    let other = world.beside().await;
    let (_behind, held) = other.server_client().await;
    assert_eq!(held.version, replica.version);

    let version = world.toggle("a", true).await;
    let resume = Resume {
        epoch: replica.epoch,
        version,
    };
    let mut client = other.connect().await;
    client
        .hello_with(world.server_key(), Some(resume), None)
        .await;
    let ServerFrame::Welcome {
        version: welcomed,
        mode,
        ..
    } = client.frame().await
    else {
        panic!("a welcome");
    };
    assert_eq!((welcomed, mode), (version, Mode::Current));
}

#[tokio::test]
async fn a_damaged_entry_of_the_log_does_not_hold_up_those_after_it() {
    let world = World::new().await;
    world.create_flag("a").await;
    let other_storage = Storage::start(options(&world.folder)).await.unwrap();
    let other = Hub::start(HubConfig::default(), other_storage)
        .await
        .unwrap();
    let version = async || {
        let environment = other.environment(world.organization, world.production());
        environment.await.unwrap().version
    };
    version().await;

    let reached = world.toggle("a", true).await;
    let path = world.folder.path().join("peekaboo.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("UPDATE change_log SET changes = '{\"putFlags\":7}' WHERE version = $1")
        .bind(i64::try_from(reached).unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    world
        .until("the other node follows", async || {
            version().await == reached
        })
        .await;
}

#[tokio::test]
async fn two_nodes_on_one_database_converge() {
    let world = World::new().await;
    world.create_flag("a").await;
    let other_storage = Storage::start(options(&world.folder)).await.unwrap();
    let other = Hub::start(HubConfig::default(), other_storage)
        .await
        .unwrap();
    other
        .environment(world.organization, world.production())
        .await
        .unwrap();
    let (mut client, mut replica) = world.server_client().await;

    let by = super::world::by();
    let committed = other
        .execute(world.organization, toggle("a", true), by.clone())
        .await
        .unwrap();
    let version = u64::try_from(committed.changes[0].version).unwrap();
    replica.reach(&mut client, version).await;

    // Neither has seen all of the other's: the commit below follows one that only this node's log tells.
    let version = world.toggle("a", false).await;
    replica.reach(&mut client, version).await;
    let there = async || {
        other
            .environment(world.organization, world.production())
            .await
            .unwrap()
            .version
    };
    world
        .until("the other has it too", async || there().await >= version)
        .await;
    assert_eq!(there().await, version);
}

#[tokio::test]
async fn with_the_database_down_the_current_state_is_served() {
    let world = World::new().await;
    world.create_flag("a").await;
    let (mut before, _) = world.server_client().await;
    world.storage.close().await;

    let (_after, replica) = world.server_client().await;
    assert!(replica.flags.contains_key("a"));
    before
        .send_bytes(&super::client::masked(0x89, b"there?"))
        .await;
    assert_eq!(before.next().await, Received::Pong(b"there?".to_vec()));
    let refused = world
        .hub
        .execute(world.organization, toggle("a", true), super::world::by())
        .await;
    assert!(
        matches!(&refused, Err(error) if error.is_temporary()),
        "{refused:?}"
    );
    assert!(world.hub.ready());
}

#[tokio::test]
async fn a_node_that_starts_without_the_database_serves_its_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let config = HubConfig {
        snapshots: Some(folder.path().to_owned()),
        ..HubConfig::default()
    };
    let world = World::with(config.clone()).await;
    world.create_flag("a").await;
    let version = world.toggle("a", true).await;
    // An environment is loaded next to the commands that change it, and only what is loaded is saved.
    world.all_in_memory().await;
    world.hub.drain(Duration::ZERO).await;
    world.hub.stop().await;
    world.storage.close().await;

    let restarted = world.restarted(config).await;
    let (_client, replica) = restarted.server_client().await;
    assert_eq!(
        (replica.version, &replica.flags["a"]["enabled"]),
        (version, &json!(true))
    );
    let mut stranger = restarted.connect().await;
    stranger.hello("pbs_nobody_knows_this").await;
    assert_eq!(
        stranger.closed().await,
        1013,
        "it may exist: only the database knows"
    );
}

#[tokio::test]
async fn an_unknown_organization_or_environment_is_said_to_be_so() {
    let world = World::new().await;
    let nobody = peekaboo_storage::OrganizationId::from_uuid(uuid::Uuid::from_u128(1));
    let nowhere = peekaboo_storage::EnvironmentId::from_uuid(uuid::Uuid::from_u128(1));
    let result = world.hub.environment(nobody, nowhere).await;
    assert!(matches!(result, Err(Error::OrganizationNotFound)));
    let result = world.hub.environment(world.organization, nowhere).await;
    assert!(matches!(result, Err(Error::EnvironmentNotFound)));
}

#[tokio::test]
async fn commands_of_many_callers_make_every_version_once() {
    let world = World::new().await;
    for n in 0..8 {
        world.create_flag(&format!("f{n}")).await;
    }
    let (mut client, mut replica) = world.server_client().await;
    let first = replica.version;
    let callers: Vec<_> = (0..8)
        .map(|n| {
            let (hub, organization) = (world.hub.clone(), world.organization);
            tokio::spawn(async move {
                for round in 0..10 {
                    let command = toggle(&format!("f{n}"), round % 2 == 0);
                    hub.execute(organization, command, super::world::by())
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    replica.reach(&mut client, first + 80).await;
    assert_eq!(world.version().await, first + 80);
}

#[tokio::test]
async fn an_environment_created_while_connected_is_served() {
    let world = World::new().await;
    let (_client, _) = world.server_client().await;
    let environment = peekaboo_storage::NewEnvironment {
        key: key("preview"),
        name: "Preview".to_owned(),
        color: "#336699".to_owned(),
        production: false,
        position: None,
        copy_from: None,
    };
    let create = Command::CreateEnvironment {
        project: key("shop"),
        environment,
    };
    let by = super::world::by();
    let created = world
        .storage
        .execute(world.organization, create, &by)
        .await
        .unwrap()
        .outcome
        .environment()
        .unwrap();
    let served = || async {
        world
            .hub
            .environment(world.organization, created.id)
            .await
            .unwrap()
            .version
    };
    let before = served().await;
    assert_eq!(i64::try_from(before).unwrap(), created.version);
    world.execute(create_flag("late", true)).await;
    assert_eq!(served().await, before + 1);
}
