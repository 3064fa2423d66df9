//! HTTP on the SDK's port, up to the point where it ends.

use std::time::Duration;

use peekaboo_hub::StreamConfig;
use peekaboo_protocol::ClientFrame;
use peekaboo_storage::{Command, NewSdkKey, SdkKeyKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::client::{Client, DEADLINE, Replica, masked};
use crate::harness::{by, head, key, node, upgrade};

#[tokio::test]
async fn an_upgrade_with_the_subprotocol_becomes_a_stream() {
    let (node, shop, _folder) = node(StreamConfig::default()).await;
    let (head, stream) = node.request(&upgrade("")).await;
    let head = head.to_lowercase();
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    assert!(
        head.contains("sec-websocket-protocol: peekaboo.v1\r\n"),
        "{head}"
    );
    assert!(
        head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"),
        "{head}"
    );
    assert!(!head.contains("sec-websocket-extensions"), "{head}");

    let mut client = Client::new(stream);
    client.hello(shop.secret(SdkKeyKind::Server)).await;
    let mut replica = Replica::default();
    replica.welcomed(&mut client).await;
    let version = node.toggle(&shop, true).await;
    replica.reach(&mut client, version).await;
    assert_eq!(replica.flags["checkout"]["enabled"], true);
}

#[tokio::test]
async fn data_right_after_the_request_is_not_lost() {
    let (node, shop, _folder) = node(StreamConfig::default()).await;
    let sdk = "test/0.1.0".to_owned();
    let hello = ClientFrame::Hello {
        key: None,
        resume: None,
        context: None,
        sdk,
    }
    .encode();
    let bearer = format!(
        "Authorization: Bearer {}\r\n",
        shop.secret(SdkKeyKind::Server)
    );
    let mut stream = node.connect().await;
    let both = [upgrade(&bearer).as_bytes(), &masked(0x82, &hello)].concat();
    stream.write_all(&both).await.expect("written");
    assert!(head(&mut stream).await.starts_with("HTTP/1.1 101 "));
    Replica::default().welcomed(&mut Client::new(stream)).await;
}

#[tokio::test]
async fn a_request_that_cannot_become_a_stream_learns_why() {
    let (node, _shop, _folder) = node(StreamConfig::default()).await;
    let plain = "GET /sdk/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let post = "POST /sdk/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let foreign = upgrade("").replace("peekaboo.v1", "chat");
    let old = upgrade("").replace("Version: 13", "Version: 8");
    for (request, status, advice) in [
        (plain, 426, "connect with a WebSocket"),
        (post, 405, "connect with a WebSocket"),
        (&foreign, 400, "peekaboo.v1"),
        (&old, 426, "Sec-WebSocket-Version: 13"),
    ] {
        let (head, mut stream) = node.request(request).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        let length: usize = head
            .lines()
            .find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            })
            .and_then(|length| length.parse().ok())
            .expect("a length");
        let mut body = vec![0; length];
        timeout(DEADLINE, stream.read_exact(&mut body))
            .await
            .expect("in time")
            .expect("a body");
        assert!(String::from_utf8(body).expect("text").contains(advice));
    }
}

#[tokio::test]
async fn everything_else_on_the_port_is_the_routers() {
    let (node, _shop, _folder) = node(StreamConfig::default()).await;
    let mut stream = node.connect().await;
    // Two on one connection: only the stream takes a connection for itself.
    for _ in 0..2 {
        stream
            .write_all(b"GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .await
            .expect("written");
        assert!(head(&mut stream).await.starts_with("HTTP/1.1 200 "));
        let mut body = [0; 14];
        stream.read_exact(&mut body).await.expect("a body");
        assert_eq!(&body, b"something else");
    }
    let (head, _stream) = node
        .request("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    assert!(head.starts_with("HTTP/1.1 404 "));
}

#[tokio::test]
async fn a_request_that_does_not_come_is_not_waited_for() {
    let config = StreamConfig {
        header_timeout: Duration::from_millis(200),
        ..StreamConfig::default()
    };
    let (node, _shop, _folder) = node(config).await;
    let mut stream = node.connect().await;
    stream
        .write_all(b"GET /sdk/v1/stream HTTP/1.1\r\nHost:")
        .await
        .expect("written");
    let mut rest = Vec::new();
    // It ends, whether with an answer or without.
    let _ = timeout(DEADLINE, stream.read_to_end(&mut rest))
        .await
        .expect("it ends in time");
}

#[tokio::test]
async fn the_origin_of_a_page_comes_from_its_request() {
    let (node, shop, _folder) = node(StreamConfig::default()).await;
    let new = NewSdkKey {
        origins: vec!["https://*.shop.example".to_owned()],
        ..NewSdkKey::named(SdkKeyKind::Client, "web")
    };
    let created = node
        .storage
        .execute(
            shop.organization,
            Command::CreateSdkKey {
                project: key("shop"),
                environment: key("production"),
                key: new,
            },
            &by(),
        )
        .await
        .expect("a key")
        .outcome
        .created_sdk_key()
        .expect("a key");
    for (origin, welcome) in [
        ("https://www.shop.example", true),
        ("https://shop.example.evil.test", false),
    ] {
        let (_, stream) = node
            .request(&upgrade(&format!("Origin: {origin}\r\n")))
            .await;
        let mut client = Client::new(stream);
        client.hello(created.secret.expose()).await;
        if welcome {
            Replica::default().welcomed(&mut client).await;
        } else {
            assert_eq!(client.closed().await, 4503);
        }
    }
}
