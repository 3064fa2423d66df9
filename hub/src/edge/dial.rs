//! Connects an edge to its upstream: a WebSocket, over TLS if the URL says so.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use peekaboo_protocol::SUBPROTOCOL;
use tokio::{
    net::{TcpStream, lookup_host},
    sync::Mutex,
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config,
    tungstenite::{
        client::IntoClientRequest as _,
        http::{HeaderValue, Uri, header::SEC_WEBSOCKET_PROTOCOL},
        protocol::WebSocketConfig,
    },
};

use super::error::EdgeError;
use crate::{config::Upstream, tls};

/// For the connection, TLS and the upgrade together.
const DIAL_WITHIN: Duration = Duration::from_secs(10);

/// The maximum size of a message: far larger than any ruleset within the limits, but too small to exhaust memory.
const LARGEST: usize = 1 << 30;

/// Allocated for each stream for as long as it lasts, and an edge may have a thousand. Larger messages are read in pieces.
const READ_BUFFER: usize = 4 * 1024;

/// How long the upstream's addresses are used before they are looked up again.
const ADDRESSES_FOR: Duration = Duration::from_secs(1);

/// A stream that is upgraded.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens sockets to one upstream; clones share the trusted certificates and the upstream's addresses.
#[derive(Clone)]
pub(super) struct Dialer {
    upstream: Upstream,
    connector: Connector,
    addresses: Arc<Mutex<Option<Addresses>>>,
}

/// The upstream's addresses, as they were when looked up.
struct Addresses {
    looked_up: Instant,
    found: Vec<SocketAddr>,
}

impl Dialer {
    /// Reads the system's certificates, if the upstream is reached over TLS.
    pub(super) fn new(upstream: &Upstream) -> Result<Self, EdgeError> {
        let connector = if upstream.as_str().starts_with("wss://") {
            let trusting = tls::trusting_the_system().map_err(EdgeError::Tls)?;
            Connector::Rustls(Arc::new(trusting))
        } else {
            Connector::Plain
        };
        Ok(Self {
            upstream: upstream.clone(),
            connector,
            addresses: Arc::default(),
        })
    }

    /// Opens a socket; the error is a readable message.
    pub(super) async fn dial(&self) -> Result<Socket, String> {
        let mut request = self
            .upstream
            .as_str()
            .into_client_request()
            .map_err(|error| error.to_string())?;
        request.headers_mut().insert(
            SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(SUBPROTOCOL),
        );
        let limits = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        let dialing = async {
            let stream = self.connect(request.uri()).await?;
            let connector = Some(self.connector.clone());
            client_async_tls_with_config(request, stream, Some(limits), connector).await
        };
        match timeout(DIAL_WITHIN, dialing).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(error)) if tls::is_missing(&error) => Err(format!(
                "{error}; the upstream does not use TLS, so write ws:// instead of wss://"
            )),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no response within {} s", DIAL_WITHIN.as_secs())),
        }
    }

    async fn connect(&self, uri: &Uri) -> io::Result<TcpStream> {
        let default = if uri.scheme_str() == Some("wss") {
            443
        } else {
            80
        };
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(default);
        let stream = TcpStream::connect(&self.look_up(host, port).await?[..]).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// The upstream's addresses. A lookup takes a thread, so that keys which connect at the same time share one.
    async fn look_up(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let mut addresses = self.addresses.lock().await;
        if let Some(Addresses { looked_up, found }) = &*addresses
            && looked_up.elapsed() < ADDRESSES_FOR
        {
            return Ok(found.clone());
        }
        let found: Vec<_> = lookup_host(format!("{host}:{port}")).await?.collect();
        *addresses = Some(Addresses {
            looked_up: Instant::now(),
            found: found.clone(),
        });
        Ok(found)
    }
}
