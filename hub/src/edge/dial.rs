//! How an edge reaches its upstream: a WebSocket, over TLS where the address says so.

use std::{sync::Arc, time::Duration};

use peekaboo_protocol::SUBPROTOCOL;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{
        client::IntoClientRequest as _,
        http::{HeaderValue, header::SEC_WEBSOCKET_PROTOCOL},
        protocol::WebSocketConfig,
    },
};

use super::error::EdgeError;
use crate::{config::Upstream, tls};

/// For the connection, TLS and the upgrade together.
const DIAL_WITHIN: Duration = Duration::from_secs(10);

/// The largest message taken: far past the largest ruleset that limits allow, short of what would end the process.
const LARGEST: usize = 1 << 30;

/// A stream that is upgraded.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens sockets to one upstream; clones share the trusted certificates.
#[derive(Clone)]
pub(super) struct Dialer {
    upstream: Upstream,
    connector: Connector,
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
        })
    }

    /// Opens a socket; what went wrong is for people.
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
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        let connector = Some(self.connector.clone());
        let dialling = connect_async_tls_with_config(request, Some(limits), true, connector);
        match timeout(DIAL_WITHIN, dialling).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", DIAL_WITHIN.as_secs())),
        }
    }
}
