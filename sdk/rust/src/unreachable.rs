//! Explains why no socket could be opened: what is wrong with the address, and what to change.

use std::io;
use std::time::Duration;

use tokio_tungstenite::tungstenite::http::header::{CONTENT_TYPE, RETRY_AFTER};
use tokio_tungstenite::tungstenite::{self, error::ProtocolError, handshake::client::Response};

/// How much of a response is quoted, in characters.
const QUOTED: usize = 300;

/// Why no socket could be opened.
#[derive(Debug)]
pub(crate) struct Unreachable {
    /// The message.
    pub(crate) reason: String,
    /// How long the hub asked not to reconnect.
    pub(crate) retry_after: Option<Duration>,
}

impl Unreachable {
    /// The connection, or TLS on it, failed. `address` is the stream's.
    pub(crate) fn by_connecting(address: &str, error: &io::Error) -> Self {
        let hint = if lacks_tls(error) {
            format!(
                "; the hub does not use TLS on this port: use {}",
                without_tls(address)
            )
        } else {
            String::new()
        };
        Self {
            reason: format!("cannot connect to {address}: {error}{hint}"),
            retry_after: None,
        }
    }

    /// The connection works, but does not become a stream.
    pub(crate) fn by_upgrading(address: &str, error: &tungstenite::Error) -> Self {
        let reason = match error {
            tungstenite::Error::Http(response) => answered(response),
            tungstenite::Error::Protocol(ProtocolError::HttparseError(_)) => {
                format!(
                    "the server does not speak HTTP; if it uses TLS, use {}",
                    with_tls(address)
                )
            }
            error => error.to_string(),
        };
        Self {
            reason: format!("cannot connect to {address}: {reason}"),
            retry_after: retry_after(error),
        }
    }
}

/// The server speaks HTTP, but is not a hub's stream.
fn answered(response: &Response) -> String {
    let status = response.status();
    let hint = hint(response).map_or_else(String::new, |hint| format!(": {hint}"));
    if status.is_server_error() {
        return format!("the hub responded with HTTP {status}{hint}");
    }
    format!("not a hub's stream: the server responded with HTTP {status}{hint}; check the URL")
}

/// The text of a response, unless it is a page.
fn hint(response: &Response) -> Option<String> {
    let media = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let text = std::str::from_utf8(response.body().as_deref()?).ok()?;
    let hint = if media.contains("json") {
        let document: serde_json::Value = serde_json::from_str(text).ok()?;
        document.get("detail")?.as_str()?.to_owned()
    } else if media.starts_with("text/plain") {
        text.trim().to_owned()
    } else {
        return None;
    };
    Some(hint.chars().take(QUOTED).collect()).filter(|hint: &String| !hint.is_empty())
}

/// Seconds; a hub never sends dates.
fn retry_after(error: &tungstenite::Error) -> Option<Duration> {
    let tungstenite::Error::Http(response) = error else {
        return None;
    };
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// Whether the server responded to TLS with something else.
#[cfg(feature = "__rustls")]
fn lacks_tls(error: &io::Error) -> bool {
    use rustls::{Error, InvalidMessage};

    let error = error.get_ref().and_then(|error| error.downcast_ref());
    matches!(
        error,
        Some(Error::InvalidMessage(InvalidMessage::InvalidContentType))
    )
}

#[cfg(not(feature = "__rustls"))]
fn lacks_tls(_: &io::Error) -> bool {
    false
}

fn without_tls(address: &str) -> String {
    address.replacen("wss://", "ws://", 1)
}

fn with_tls(address: &str) -> String {
    address.replacen("ws://", "wss://", 1)
}
