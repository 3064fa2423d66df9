//! Who is let in, and who is shown out.

use std::time::Duration;

use peekaboo_storage::{
    Command, KeyCredential, NewEnvironment, NewSdkKey, Page, SdkKeyKind, SdkKeyPatch, Storage,
};
use serde_json::json;
use time::OffsetDateTime;

use super::client::{Received, Replica};
use super::world::{World, by, key, options};
use crate::HubConfig;

#[tokio::test]
async fn an_unknown_key_is_refused() {
    let world = World::new().await;
    for wrong in [
        "pbs_wrong",
        "",
        "pbt_token",
        "pbs_🙂",
        &"pbs_x".repeat(1_000),
    ] {
        let mut client = world.connect().await;
        client.hello(wrong).await;
        assert_eq!(client.closed().await, 4501, "{wrong}");
        client.ended().await;
    }
}

#[tokio::test]
async fn a_key_may_come_in_the_upgrade() {
    let world = World::new().await;
    let mut client = world.connect_from(Some(world.server_key()), None).await;
    let sdk = "test/0.1.0".to_owned();
    let hello = peekaboo_protocol::ClientFrame::Hello {
        key: None,
        resume: None,
        context: None,
        sdk,
    };
    client.send(&hello).await;
    Replica::default().welcomed(&mut client).await;

    let mut without = world.connect().await;
    without.send(&hello).await;
    assert_eq!(without.closed().await, 4501);
}

#[tokio::test]
async fn a_revoked_key_closes_its_sockets_and_no_others() {
    let world = World::new().await;
    let (mut server, _) = world.server_client().await;
    let (mut browser, _) = world.browser(json!({})).await;
    world.revoke(SdkKeyKind::Server).await;
    assert_eq!(server.closed().await, 4502);
    server.ended().await;

    let mut again = world.connect().await;
    again.hello(world.server_key()).await;
    assert_eq!(again.closed().await, 4502);
    world.create_flag("still-there").await;
    assert!(
        matches!(
            browser.frame().await,
            peekaboo_protocol::ServerFrame::Delta { .. }
        ),
        "the other key lives"
    );
}

#[tokio::test]
async fn a_hub_that_never_loaded_a_revoked_key_reports_it_as_revoked() {
    let world = World::new().await;
    world.revoke(SdkKeyKind::Server).await;
    let world = world.restarted(HubConfig::default()).await;
    for (presented, code) in [(world.server_key(), 4502), ("pbs_of_nobody", 4501)] {
        let mut client = world.connect().await;
        client.hello(presented).await;
        assert_eq!(client.closed().await, code);
    }
}

#[tokio::test]
async fn a_command_on_keys_or_environments_has_taken_effect_here_when_it_is_answered() {
    let world = World::new().await;
    let _served = world.server_client().await;
    let execute = async |command| {
        let executed = world.hub.execute(world.organization, command, by()).await;
        executed.expect("executed").outcome
    };
    let (project, production) = (|| key("shop"), || key("production"));
    let created = execute(Command::CreateSdkKey {
        project: project(),
        environment: production(),
        key: NewSdkKey::named(SdkKeyKind::Server, "new"),
    });
    let created = created.await.created_sdk_key().expect("a key");
    let mut client = world.connect().await;
    client.hello(created.secret.expose()).await;
    Replica::default().welcomed(&mut client).await;
    execute(Command::RevokeSdkKey {
        project: project(),
        environment: production(),
        key: created.key.id,
        expected_version: None,
    })
    .await;
    let mut late = world.connect().await;
    late.hello(created.secret.expose()).await;
    assert_eq!(late.closed().await, 4502);
    assert_eq!(client.closed().await, 4502);

    let environment = execute(Command::CreateEnvironment {
        project: project(),
        environment: NewEnvironment {
            key: key("preview"),
            name: "Preview".to_owned(),
            color: "#336699".to_owned(),
            production: false,
            position: None,
            copy_from: None,
        },
    });
    let environment = environment.await.environment().expect("an environment");
    assert!(world.hub.serves(environment.id));
    execute(Command::DeleteEnvironment {
        project: project(),
        environment: environment.key,
        expected_version: None,
    })
    .await;
    assert!(!world.hub.serves(environment.id));
}

#[tokio::test]
async fn a_key_opens_from_the_moment_it_is_made() {
    let world = World::new().await;
    let _served = world.server_client().await;
    // Another process's storage: this node's tenant has not heard of what is made there.
    let elsewhere = Storage::start(options(&world.folder)).await.unwrap();
    let created = elsewhere
        .execute(
            world.organization,
            Command::CreateSdkKey {
                project: key("shop"),
                environment: key("production"),
                key: NewSdkKey::named(SdkKeyKind::Server, "new"),
            },
            &by(),
        )
        .await
        .unwrap()
        .outcome
        .created_sdk_key()
        .expect("a key");
    let mut client = world.connect().await;
    client.hello(created.secret.expose()).await;
    Replica::default().welcomed(&mut client).await;
}

#[tokio::test]
async fn a_key_closes_its_sockets_when_it_expires() {
    let world = World::new().await;
    let expires_at = OffsetDateTime::now_utc() + Duration::from_millis(700);
    let new = NewSdkKey {
        expires_at: Some(expires_at),
        ..NewSdkKey::named(SdkKeyKind::Server, "short")
    };
    let created = world.make_key(new).await;
    let mut client = world.connect().await;
    client.hello(created.secret.expose()).await;
    Replica::default().welcomed(&mut client).await;
    assert_eq!(client.closed().await, 4502);
    assert!(OffsetDateTime::now_utc() >= expires_at);

    let mut again = world.connect().await;
    again.hello(created.secret.expose()).await;
    assert_eq!(again.closed().await, 4502);
}

#[tokio::test]
async fn a_key_that_was_tried_before_it_was_made_opens_soon() {
    let world = World::new().await;
    let (_client, _) = world.server_client().await;
    let secret = peekaboo_storage::Secret::new("pbs_of_our_own_making_000000000000000000000000");
    let mut early = world.connect().await;
    early.hello(secret.expose()).await;
    assert_eq!(early.closed().await, 4501);

    let import = Command::ImportSdkKey {
        project: key("shop"),
        environment: key("production"),
        key: NewSdkKey::named(SdkKeyKind::Server, "new"),
        credential: KeyCredential::of(SdkKeyKind::Server, &secret),
    };
    world
        .storage
        .execute(world.organization, import, &by())
        .await
        .expect("imported");
    // What is remembered of keys that do not exist is forgotten within seconds, and at once by a tenant in memory.
    let welcomed = async || {
        let mut client = world.connect().await;
        client.hello(secret.expose()).await;
        matches!(client.next().await, Received::Frame(_))
    };
    world.until("it opens", welcomed).await;
}

#[tokio::test]
async fn a_client_key_with_origins_only_works_on_their_pages() {
    let world = World::new().await;
    let new = NewSdkKey {
        origins: vec!["https://shop.example".to_owned()],
        ..NewSdkKey::named(SdkKeyKind::Client, "web")
    };
    let created = world.make_key(new).await;
    for (origin, expected) in [
        (Some("https://shop.example"), None),
        (Some("https://evil.example"), Some(4503)),
        (None, Some(4503)),
    ] {
        let mut client = world.connect_from(None, origin).await;
        client.hello(created.secret.expose()).await;
        match expected {
            None => drop(Replica::default().welcomed(&mut client).await),
            Some(code) => assert_eq!(client.closed().await, code, "{origin:?}"),
        }
    }

    let patch = SdkKeyPatch {
        origins: Some(Vec::new()),
        ..SdkKeyPatch::default()
    };
    let update = Command::UpdateSdkKey {
        project: key("shop"),
        environment: key("production"),
        key: created.key.id,
        patch,
        expected_version: None,
    };
    world
        .storage
        .execute(world.organization, update, &by())
        .await
        .unwrap();
    let welcomed = async || {
        let mut client = world.connect().await;
        client.hello(created.secret.expose()).await;
        matches!(client.next().await, Received::Frame(_))
    };
    world.until("every page may use it", welcomed).await;
}

#[tokio::test]
async fn a_key_holds_only_so_many_connections() {
    let config = HubConfig {
        max_connections_per_key: 2,
        max_connections_per_tenant: 3,
        ..HubConfig::default()
    };
    let world = World::with(config).await;
    let (first, _) = world.server_client().await;
    let (_second, _) = world.server_client().await;
    let mut third = world.connect().await;
    third.hello(world.server_key()).await;
    assert_eq!(third.closed().await, 4006);

    let (_browser, _) = world.browser(json!({})).await;
    let mut fourth = world.connect().await;
    fourth.hello(world.client_key()).await;
    assert_eq!(fourth.closed().await, 4006, "the organization's limit");

    drop(first);
    world
        .until("the place is free again", async || {
            world.hub.connections(world.production()).server == 1
        })
        .await;
    world.server_client().await;
}

#[tokio::test]
async fn the_last_use_of_a_key_is_noted() {
    let config = HubConfig {
        tenant_idle_timeout: Duration::from_millis(200),
        ..HubConfig::default()
    };
    let world = World::with(config).await;
    let (_client, _) = world.server_client().await;
    let used = async || {
        let page = Page::first(10);
        let keys = world
            .storage
            .sdk_keys(world.organization, &key("shop"), &key("production"), &page)
            .await
            .unwrap();
        keys.items.iter().any(|key| key.last_used_at.is_some())
    };
    world.until("the use is noted", used).await;
}
