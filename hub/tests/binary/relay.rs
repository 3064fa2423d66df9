//! The line between an edge and its upstream, which a test can cut and lead elsewhere.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::support::Hub;

/// An address that stays the same whoever is behind it.
pub(crate) struct Relay {
    address: SocketAddr,
    target: watch::Sender<Option<SocketAddr>>,
}

impl Relay {
    /// A line to nobody.
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (target, targets) = watch::channel(None);
        tokio::spawn(carry(listener, targets));
        Self { address, target }
    }

    /// Where an edge finds its upstream.
    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Leads to a hub's or an edge's applications' port from now on.
    pub(crate) fn lead_to(&self, hub: &Hub) {
        let address = hub.url("sdk", "");
        let address = address.trim_start_matches("http://").parse();
        self.target.send_replace(Some(address.expect("an address")));
    }

    /// Ends every connection, and new ones as soon as they are made.
    pub(crate) fn cut(&self) {
        self.target.send_replace(None);
    }
}

async fn carry(listener: TcpListener, targets: watch::Receiver<Option<SocketAddr>>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let mut targets = targets.clone();
        let target = *targets.borrow_and_update();
        tokio::spawn(async move {
            let Some(target) = target else { return };
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
