//! The line between a client, or an edge, and its hub, which a test can cut and lead elsewhere.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

use crate::{certificate::localhost, support::Hub};

/// An address that stays the same while the server behind it changes.
pub(crate) struct Relay {
    url: String,
    target: watch::Sender<Option<SocketAddr>>,
}

impl Relay {
    /// A line to no one.
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (target, targets) = watch::channel(None);
        tokio::spawn(carry(listener, targets, None));
        let url = format!("ws://{address}");
        Self { url, target }
    }

    /// A line that speaks TLS as `localhost`, and its certificate, which no one trusts, as PEM.
    pub(crate) async fn over_tls() -> (Self, String) {
        let (acceptor, pem) = localhost();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (target, targets) = watch::channel(None);
        tokio::spawn(carry(listener, targets, Some(acceptor)));
        let url = format!("wss://localhost:{port}");
        (Self { url, target }, pem)
    }

    /// Where a client, or an edge, finds its hub.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Leads to a hub's or an edge's applications' port from now on.
    pub(crate) fn lead_to(&self, hub: &Hub) {
        self.lead_to_listener(hub, "sdk");
    }

    /// Leads to a hub's dashboard and admin API from now on.
    pub(crate) fn lead_to_dashboard(&self, hub: &Hub) {
        self.lead_to_listener(hub, "dashboard");
    }

    fn lead_to_listener(&self, hub: &Hub, listener: &str) {
        let address = hub.url(listener, "");
        let address = address.trim_start_matches("http://").parse();
        self.target.send_replace(Some(address.expect("an address")));
    }

    /// Ends every connection, and new ones as soon as they are made.
    pub(crate) fn cut(&self) {
        self.target.send_replace(None);
    }
}

trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

async fn carry(
    listener: TcpListener,
    targets: watch::Receiver<Option<SocketAddr>>,
    tls: Option<TlsAcceptor>,
) {
    while let Ok((near, _)) = listener.accept().await {
        let (mut targets, tls) = (targets.clone(), tls.clone());
        let target = *targets.borrow_and_update();
        tokio::spawn(async move {
            let Some(target) = target else { return };
            let mut near: Box<dyn Connection> = match tls {
                None => Box::new(near),
                Some(tls) => match tls.accept(near).await {
                    Ok(near) => Box::new(near),
                    Err(_) => return,
                },
            };
            let Ok(mut far) = TcpStream::connect(target).await else {
                return;
            };
            tokio::select! {
                _ = copy_bidirectional(&mut near, &mut far) => {}
                _ = targets.changed() => {}
            }
        });
    }
}
