//! Real sockets on loopback, with and without TLS.

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use peekaboo_protocol::{ClientFrame, Encoded, STREAM_PATH, SUBPROTOCOL};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::rig::{KEY, PATIENCE, flag, swede};
use crate::{BuildError, Client, NotReady, Status};

/// Upgrades as a hub does.
async fn upgrade<S: AsyncRead + AsyncWrite + Unpin>(stream: S) -> WebSocketStream<S> {
    #[expect(clippy::result_large_err, reason = "the signature is tungstenite's")]
    let answer = |request: &Request, mut response: Response| {
        assert_eq!(request.uri().path(), STREAM_PATH);
        let offered = request.headers()["sec-websocket-protocol"].clone();
        assert_eq!(offered, SUBPROTOCOL);
        response
            .headers_mut()
            .insert("sec-websocket-protocol", offered);
        Ok(response)
    };
    accept_hdr_async(stream, answer).await.expect("an upgrade")
}

async fn greet<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, flags: Value) {
    let hello = socket.next().await.expect("a message").expect("a message");
    let hello = ClientFrame::decode(&hello.into_data()).expect("a message");
    assert!(matches!(hello, ClientFrame::Hello { key: Some(key), .. } if key == KEY));
    for frame in [json!([16, "c", "e", 1, 2, 25]), json!([17, 1, flags, {}])] {
        let bytes = Encoded::of_json(&frame).as_bytes().to_vec();
        socket
            .send(Message::Binary(bytes.into()))
            .await
            .expect("sent");
    }
}

#[tokio::test]
async fn a_hub_is_followed_over_tcp_and_its_pings_are_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let client = Client::builder(KEY)
        .url(format!("http://{address}"))
        .usage(false);
    let client = client.build().expect("a client");

    let (tcp, _) = listener.accept().await.expect("a connection");
    let mut socket = upgrade(tcp).await;
    greet(&mut socket, json!({"a": flag("there")})).await;
    assert_eq!(client.ready(PATIENCE).await, Ok(()));
    assert_eq!(client.string("a", &swede(), ""), "there");

    socket
        .send(Message::Ping("beat".into()))
        .await
        .expect("sent");
    let pong = timeout(PATIENCE, socket.next()).await.expect("an answer");
    assert_eq!(
        pong.expect("a message").expect("a message"),
        Message::Pong("beat".into())
    );

    let mut changes = client.changes();
    drop(socket);
    let (tcp, _) = listener.accept().await.expect("another connection");
    let mut socket = upgrade(tcp).await;
    greet(&mut socket, json!({"a": flag("back")})).await;
    let change = timeout(PATIENCE, changes.next()).await.expect("in time");
    assert!(change.is_some());
    assert_eq!(client.status(), Status::Live);
    assert_eq!(client.string("a", &swede(), ""), "back");
    client.close().await;
    let farewell = timeout(PATIENCE, socket.next()).await.expect("an end");
    assert!(
        matches!(farewell, Some(Ok(Message::Close(Some(close)))) if u16::from(close.code) == 1000)
    );
}

#[tokio::test]
async fn a_refused_upgrade_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let client = Client::builder(KEY).url(format!("ws://{address}"));
    let client = client.build().expect("a client");
    let (mut tcp, _) = listener.accept().await.expect("a connection");
    let full = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
    tcp.write_all(full).await.expect("sent");
    let (tcp, _) = listener.accept().await.expect("another connection");
    greet(&mut upgrade(tcp).await, json!({})).await;
    assert_eq!(client.ready(PATIENCE).await, Ok(()));
}

#[tokio::test]
async fn tls_only_connects_to_trusted_servers() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a configuration");
    let acceptor = TlsAcceptor::from(Arc::new(server));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let url = format!("wss://localhost:{port}");

    let wary = Client::builder(KEY).url(&url).build();
    match wary {
        Ok(wary) => {
            let (tcp, _) = listener.accept().await.expect("a connection");
            assert!(acceptor.accept(tcp).await.is_err());
            drop(wary);
        }
        // A machine without certificate authorities trusts no one at all.
        Err(error) => assert!(matches!(error, BuildError::Tls(_)), "{error}"),
    }

    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder(KEY).url(&url).tls(Arc::new(config));
    let client = client.build().expect("a client");
    loop {
        let (tcp, _) = listener.accept().await.expect("a connection");
        // The wary one may have come back.
        let Ok(tls) = acceptor.accept(tcp).await else {
            continue;
        };
        greet(&mut upgrade(tls).await, json!({"a": flag("secret")})).await;
        break;
    }
    assert_eq!(client.ready(PATIENCE).await, Ok(()));
    assert_eq!(client.string("a", &swede(), ""), "secret");
}

/// Why a client with this address gets no rules.
async fn obstacle(url: &str) -> String {
    let mut roots = RootCertStore::empty();
    let CertifiedKey { cert, .. } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    roots.add(cert.der().clone()).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder(KEY).url(url).tls(Arc::new(config));
    let client = client.build().expect("a client");
    let known = async {
        loop {
            if let Some(error) = client.connection_error() {
                return error;
            }
            tokio::task::yield_now().await;
        }
    };
    let error = timeout(PATIENCE, known).await.expect("an error in time");
    let ended = client.ready(std::time::Duration::ZERO).await;
    let Err(NotReady::TimedOut { cause, .. }) = ended else {
        panic!("{ended:?}");
    };
    assert!(cause.is_some());
    assert!(!client.status().is_final(), "it tries again");
    error
}

/// Answers each connection with these bytes, once it has read something.
async fn answering(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let _ = tcp.readable().await;
            let _ = tcp.write_all(answer).await;
        }
    });
    address.to_string()
}

#[tokio::test]
async fn a_wrong_address_is_reported_with_its_cause_and_retried() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = closed.local_addr().expect("an address");
    drop(closed);
    let error = obstacle(&format!("ws://{at}")).await;
    assert!(
        error.contains(&format!("cannot connect to ws://{at}{STREAM_PATH}")),
        "{error}"
    );
    assert!(error.contains("refused"), "{error}");

    let dashboard = answering(
        b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 41\r\n\r\n\
          {\"detail\":\"this is the dashboard's address\"}",
    )
    .await;
    let error = obstacle(&format!("http://{dashboard}")).await;
    assert!(
        error.contains("not a hub's stream: the server responded with HTTP 404"),
        "{error}"
    );
    assert!(error.contains("check the URL"), "{error}");
}

#[tokio::test]
async fn tls_to_a_server_without_it_says_what_to_write_instead() {
    let plain = answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    let error = obstacle(&format!("wss://{plain}")).await;
    assert!(
        error.contains(&format!("use ws://{plain}{STREAM_PATH}")),
        "{error}"
    );
    // What a server of TLS says to plain HTTP.
    let secure = answering(b"\x15\x03\x01\x00\x02\x02\x46").await;
    let error = obstacle(&format!("ws://{secure}")).await;
    assert!(
        error.contains(&format!("use wss://{secure}{STREAM_PATH}")),
        "{error}"
    );
}
