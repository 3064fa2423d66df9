//! Connects to a hub: a WebSocket, over TLS if the URL says so.

use std::future::Future;
#[cfg(feature = "__rustls")]
use std::sync::Arc;

use peekaboo_protocol::{STREAM_PATH, SUBPROTOCOL};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request, Uri};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::error::BuildError;
use crate::unreachable::Unreachable;

/// The maximum size of a message: far larger than any ruleset within the hub's limits, but too small to exhaust memory.
const LARGEST: usize = 1 << 30;

/// Opens sockets to one hub.
pub(crate) trait Dial: Send + 'static {
    type Stream: AsyncRead + AsyncWrite + Unpin + Send;

    /// Opens a socket and upgrades it.
    fn dial(
        &self,
    ) -> impl Future<Output = Result<WebSocketStream<Self::Stream>, Unreachable>> + Send;
}

#[cfg(feature = "__rustls")]
type Stream = tokio_util::either::Either<TcpStream, tokio_rustls::client::TlsStream<TcpStream>>;
#[cfg(not(feature = "__rustls"))]
type Stream = TcpStream;

/// Connects with TCP, and TLS.
pub(crate) struct Dialer {
    request: Request<()>,
    host: String,
    port: u16,
    #[cfg(feature = "__rustls")]
    tls: Option<(
        tokio_rustls::TlsConnector,
        rustls::pki_types::ServerName<'static>,
    )>,
}

impl Dialer {
    /// Reads the trusted certificates, if the hub is reached over TLS.
    #[cfg(feature = "__rustls")]
    pub(crate) fn new(
        url: &str,
        tls: Option<Arc<rustls::ClientConfig>>,
    ) -> Result<Self, BuildError> {
        let (request, host, port, is_secure) = parse(url)?;
        let tls = if is_secure {
            let config = tls.map_or_else(crate::dial::trust::config, Ok)?;
            let name = host.clone().try_into();
            let name = name.map_err(|_| BuildError::Url(url.to_owned()))?;
            Some((config.into(), name))
        } else {
            None
        };
        Ok(Self {
            request,
            host,
            port,
            tls,
        })
    }

    #[cfg(not(feature = "__rustls"))]
    pub(crate) fn new(url: &str) -> Result<Self, BuildError> {
        let (request, host, port, is_secure) = parse(url)?;
        if is_secure {
            let missing = "this build has no TLS; enable the feature rustls-tls-native-roots or rustls-tls-webpki-roots";
            return Err(BuildError::Tls(missing.to_owned()));
        }
        Ok(Self {
            request,
            host,
            port,
        })
    }

    async fn connect(&self) -> std::io::Result<Stream> {
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await?;
        tcp.set_nodelay(true)?;
        #[cfg(feature = "__rustls")]
        {
            use tokio_util::either::Either;
            match &self.tls {
                Some((connector, name)) => {
                    let stream = connector.connect(name.clone(), tcp).await?;
                    Ok(Either::Right(stream))
                }
                None => Ok(Either::Left(tcp)),
            }
        }
        #[cfg(not(feature = "__rustls"))]
        Ok(tcp)
    }
}

impl Dial for Dialer {
    type Stream = Stream;

    async fn dial(&self) -> Result<WebSocketStream<Stream>, Unreachable> {
        let address = self.request.uri().to_string();
        let connected = self.connect().await;
        let stream = connected.map_err(|error| Unreachable::by_connecting(&address, &error))?;
        let limits = WebSocketConfig::default()
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        match client_async_with_config(self.request.clone(), stream, Some(limits)).await {
            Ok((socket, _)) => Ok(socket),
            Err(error) => Err(Unreachable::by_upgrading(&address, &error)),
        }
    }
}

/// Completes the URL with the socket scheme and the stream's path. Returns the request, the host, the port, and whether
/// to use TLS.
fn parse(url: &str) -> Result<(Request<()>, String, u16, bool), BuildError> {
    let wrong = || BuildError::Url(url.to_owned());
    let uri: Uri = url.trim().parse().map_err(|_| wrong())?;
    let (scheme, is_secure, port) = match uri.scheme_str() {
        Some("ws" | "http") => ("ws", false, 80),
        Some("wss" | "https") => ("wss", true, 443),
        _ => return Err(wrong()),
    };
    let authority = uri.authority().ok_or_else(wrong)?;
    let host = authority.host();
    if host.is_empty() || authority.as_str().contains('@') {
        return Err(wrong());
    }
    let path = match uri.path() {
        "" | "/" => STREAM_PATH,
        path => path,
    };
    let query = uri.query().map(|query| format!("?{query}"));
    let address = format!("{scheme}://{authority}{path}{}", query.unwrap_or_default());
    let mut request = address.into_client_request().map_err(|_| wrong())?;
    request.headers_mut().insert(
        SEC_WEBSOCKET_PROTOCOL,
        HeaderValue::from_static(SUBPROTOCOL),
    );
    // IPv6 addresses are in brackets here, and nowhere else.
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    Ok((
        request,
        bare.to_owned(),
        authority.port_u16().unwrap_or(port),
        is_secure,
    ))
}

/// The trusted certificate authorities, according to the crate's features.
#[cfg(feature = "__rustls")]
mod trust {
    use std::sync::Arc;

    use rustls::{ClientConfig, RootCertStore, crypto::ring};

    use crate::error::BuildError;

    pub(super) fn config() -> Result<Arc<ClientConfig>, BuildError> {
        let mut roots = RootCertStore::empty();
        #[cfg(feature = "rustls-tls-webpki-roots")]
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        #[cfg(feature = "rustls-tls-native-roots")]
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(BuildError::Tls(
                "this system trusts no certificate authority; install its ca-certificates, name a file in SSL_CERT_FILE, \
                 or enable the feature rustls-tls-webpki-roots"
                    .to_owned(),
            ));
        }
        // The provider is explicit, because a process may have no default one, or several.
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| BuildError::Tls(error.to_string()))?;
        Ok(Arc::new(
            config.with_root_certificates(roots).with_no_client_auth(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_completed() {
        let cases = [
            (
                "wss://flags.example.com",
                "wss://flags.example.com/sdk/v1/stream",
                "flags.example.com",
                443,
                true,
            ),
            (
                "https://flags.example.com/",
                "wss://flags.example.com/sdk/v1/stream",
                "flags.example.com",
                443,
                true,
            ),
            (
                "ws://127.0.0.1:6001",
                "ws://127.0.0.1:6001/sdk/v1/stream",
                "127.0.0.1",
                6001,
                false,
            ),
            (
                "http://[::1]:6001",
                "ws://[::1]:6001/sdk/v1/stream",
                "::1",
                6001,
                false,
            ),
            (
                "wss://example.com/flags/stream",
                "wss://example.com/flags/stream",
                "example.com",
                443,
                true,
            ),
        ];
        for (url, address, host, port, secure) in cases {
            let (request, found, at, is_secure) = parse(url).expect(url);
            assert_eq!(request.uri().to_string(), address, "{url}");
            assert_eq!(
                (found.as_str(), at, is_secure),
                (host, port, secure),
                "{url}"
            );
        }
    }

    #[test]
    fn invalid_hub_addresses_are_refused() {
        for url in [
            "",
            "flags.example.com",
            "ftp://flags.example.com",
            "wss://",
            "wss://me@example.com",
            "::",
        ] {
            assert!(matches!(parse(url), Err(BuildError::Url(_))), "{url}");
        }
    }
}
