//! One connection: its beginning, its manners, its end.

use std::time::Duration;

use peekaboo_protocol::{ClientFrame, MAX_CLIENT_MESSAGE, ServerFrame};
use serde_json::json;

use super::client::{Client, Received, Replica, masked};
use super::world::World;
use crate::{Connections, TenantEvent};

#[tokio::test]
async fn a_protocol_violation_only_closes_its_own_connection() {
    let world = World::new().await;
    let (mut neighbor, mut replica) = world.server_client().await;
    let hello = |key: &str| {
        let sdk = "test/0.1.0".to_owned();
        masked(
            0x82,
            &ClientFrame::Hello {
                key: Some(key.to_owned()),
                resume: None,
                context: None,
                sdk,
            }
            .encode(),
        )
    };
    let good = hello(world.server_key());
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("bad MessagePack", masked(0x82, &[0xc1]), 4500),
        (
            "another message before HELLO",
            masked(0x82, &ClientFrame::Alive.encode()),
            4500,
        ),
        ("HELLO twice", [good.clone(), good.clone()].concat(), 4500),
        (
            "a message of tomorrow",
            [good.clone(), masked(0x82, &[0x91, 0x05])].concat(),
            4500,
        ),
        (
            "a message past the limit",
            [good.clone(), masked(0x82, &vec![0; MAX_CLIENT_MESSAGE + 1])].concat(),
            4504,
        ),
        (
            "an unmasked frame",
            [good.clone(), vec![0x82, 2, 0x91, 0x04]].concat(),
            1002,
        ),
        (
            "a reserved bit",
            [good.clone(), masked(0xc2, &[0x91, 0x04])].concat(),
            1002,
        ),
        (
            "text",
            [good.clone(), masked(0x81, b"hello")].concat(),
            1003,
        ),
        (
            "pieces without end",
            [
                good.clone(),
                masked(0x02, b""),
                masked(0x00, b"").repeat(100),
            ]
            .concat(),
            1002,
        ),
    ];
    for (what, bytes, code) in cases {
        let mut client = world.connect().await;
        client.send_bytes(&bytes).await;
        assert_eq!(client.closed().await, code, "{what}");
        client.ended().await;
    }
    world.create_flag("a").await;
    let version = world.version().await;
    replica.reach(&mut neighbor, version).await;
}

#[tokio::test]
async fn a_hello_may_come_in_pieces_and_with_what_follows_it() {
    let world = World::new().await;
    let sdk = "test/0.1.0".to_owned();
    let key = Some(world.server_key().to_owned());
    let hello = ClientFrame::Hello {
        key,
        resume: None,
        context: None,
        sdk,
    }
    .encode();
    let (first, second) = hello.split_at(10);
    let bytes = [
        masked(0x02, first),
        masked(0x89, b"in between"),
        masked(0x80, second),
        masked(0x89, b"after"),
    ]
    .concat();
    let mut client = world.connect().await;
    for byte in bytes {
        client.send_bytes(&[byte]).await;
    }
    assert_eq!(client.next().await, Received::Pong(b"in between".to_vec()));
    Replica::default().welcomed(&mut client).await;
    assert_eq!(client.next().await, Received::Pong(b"after".to_vec()));
}

#[tokio::test]
async fn a_client_that_asks_too_much_is_closed() {
    let world = World::new().await;
    let (mut browser, _) = world.browser(json!({})).await;
    for n in 0..100 {
        browser
            .context(json!({"targetingKey": n.to_string()}))
            .await;
    }
    let mut answers = 0;
    let code = loop {
        match browser.next().await {
            Received::Frame(ServerFrame::Delta { .. }) => answers += 1,
            Received::Close(code) => break code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code, 4003);
    assert!((20..=25).contains(&answers), "{answers}");
}

#[tokio::test]
async fn a_goodbye_is_returned() {
    let world = World::new().await;
    let (mut client, _) = world.server_client().await;
    client
        .send_bytes(&masked(0x88, &1000_u16.to_be_bytes()))
        .await;
    assert_eq!(client.closed().await, 1000);
    client.ended().await;
    world
        .until("it is no longer counted", async || {
            world.hub.connections(world.production()).server == 0
        })
        .await;
}

#[tokio::test]
async fn a_drain_sends_everyone_elsewhere() {
    let world = World::new().await;
    let mut clients: Vec<Client> = Vec::new();
    for _ in 0..10 {
        clients.push(world.server_client().await.0);
    }
    let hub = world.hub.clone();
    let draining = tokio::spawn(async move { hub.drain(Duration::from_millis(50)).await });
    let leaving = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            let goaway = client.frame().await;
            assert!(
                matches!(
                    goaway,
                    ServerFrame::GoAway {
                        min_millis: 500,
                        max_millis: 5_000
                    }
                ),
                "{goaway:?}"
            );
            assert_eq!(client.next().await, Received::Close(4000));
            client.ended().await;
        })
    });
    for client in leaving.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    draining.await.unwrap();
    assert!(!world.hub.ready());
}

#[tokio::test]
async fn watchers_see_who_is_connected() {
    let world = World::new().await;
    let mut events = world.hub.subscribe(world.organization).await.unwrap();
    let (client, _) = world.server_client().await;
    let seen = tokio::time::timeout(super::client::DEADLINE, events.recv())
        .await
        .unwrap()
        .unwrap();
    let connections = |server, client| TenantEvent::Connections {
        project: "shop".to_owned(),
        environment: "production".to_owned(),
        server,
        client,
    };
    assert_eq!(seen, connections(1, 0));
    assert_eq!(
        world.hub.connections(world.production()),
        Connections {
            server: 1,
            client: 0,
            sdks: vec![("test/0.1.0".to_owned(), 1)]
        }
    );

    let (_browser, _) = world.browser(json!({})).await;
    drop(client);
    let mut latest = seen;
    while latest != connections(0, 1) {
        latest = tokio::time::timeout(super::client::DEADLINE, events.recv())
            .await
            .unwrap()
            .unwrap();
    }
    world.create_flag("a").await;
    let mut flags = Vec::new();
    while flags.len() < 3 {
        let event = tokio::time::timeout(super::client::DEADLINE, events.recv()).await;
        match event.unwrap().unwrap() {
            TenantEvent::Flags {
                environment,
                flags: keys,
                ..
            } => flags.push((environment, keys)),
            other => assert!(
                matches!(other, TenantEvent::Connections { .. }),
                "{other:?}"
            ),
        }
    }
    assert!(flags.iter().all(|(_, keys)| keys == &["a"]));
}
