//! The listener that applications connect to.
//!
//! A socket is admitted before anything is allocated for it, and speaks HTTP until it requests the stream. It then leaves
//! hyper and this module: the TCP stream goes to the hub's actors with the bytes that hyper had read ahead, and everything
//! for the handshake is dropped. A router handles all other requests on the port.

mod admission;
mod config;
mod handshake;

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics::counter;
use peekaboo_actors::{Handshake, Hub};
use peekaboo_protocol::STREAM_PATH;
use rand::RngExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

pub use self::config::StreamConfig;

use crate::http::{PromptBody, READ_WITHIN, Stalled};
use crate::public_path::PublicPath;

use self::admission::{Admission, Full, Place};
use self::handshake::{Refusal, UpgradeRequest, negotiate};

/// The pause after a failed accept, usually because of missing file descriptors, so that some can be released.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Time for answers in progress when the hub stops.
const FINISH_WITHIN: Duration = Duration::from_secs(2);

/// The buffer for a request's head; hyper's minimum.
const HEAD: usize = 8 * 1024;

/// Passes streams to `hub` and all other requests to `others`, until `shutdown`.
///
/// Then it stops accepting and finishes pending responses; the hub drains the streams.
pub async fn serve_sdk(
    listener: TcpListener,
    hub: Hub,
    others: Router,
    config: StreamConfig,
    shutdown: CancellationToken,
) {
    let listening = Arc::new(Listening {
        admission: Arc::new(Admission::new(&config)),
        public_path: PublicPath(config.public_path.clone()),
        hub,
        others,
        config,
        shutdown,
    });
    let handshakes = TaskTracker::new();
    let accepting = async {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => match listening.admission.admit(peer.ip()) {
                    Ok(place) => {
                        drop(handshakes.spawn(Arc::clone(&listening).serve(stream, peer, place)));
                    }
                    Err(full) => turn_away(&stream, full),
                },
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_AGAIN_AFTER).await;
                }
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        () = listening.shutdown.cancelled() => {}
    }
    drop(listener);
    handshakes.close();
    // Connections that are still open are dropped with the runtime.
    let _ = timeout(FINISH_WITHIN, handshakes.wait()).await;
}

/// What every socket's handshake needs.
struct Listening {
    admission: Arc<Admission>,
    hub: Hub,
    others: Router,
    config: StreamConfig,
    public_path: PublicPath,
    shutdown: CancellationToken,
}

impl Listening {
    /// Serves HTTP on a socket until it closes or asks for the stream.
    async fn serve(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, place: Place) {
        // A delta must not wait for the acknowledgment of the one before.
        let _ = stream.set_nodelay(true);
        let accepted = Mutex::new(None);
        let service = service_fn(|request| Box::pin(self.answer(request, peer, &accepted)));
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.config.header_timeout)
            .max_buf_size(HEAD)
            .serve_connection(TokioIo::new(Stalled::new(stream, READ_WITHIN)), service);
        let mut stopping = pin!(self.shutdown.cancelled());
        let ended = tokio::select! {
            // Unlike awaiting the connection, this leaves the socket open after an upgrade.
            ended = poll_fn(|context| connection.poll_without_shutdown(context)) => ended,
            () = &mut stopping => {
                std::pin::Pin::new(&mut connection).graceful_shutdown();
                poll_fn(|context| connection.poll_without_shutdown(context)).await
            }
        };
        let http1::Parts { io, read_buf, .. } = connection.into_parts();
        let mut stream = io.into_inner().into_inner();
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "connection ended early");
            return;
        }
        let upgrade_request = accepted
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(UpgradeRequest { bearer, origin }) = upgrade_request else {
            // The last answer is written, and the end of the stream follows it.
            let _ = stream.shutdown().await;
            return;
        };
        // An empty slice would keep the whole buffer alive.
        let read_ahead = if read_buf.is_empty() {
            Bytes::new()
        } else {
            Bytes::copy_from_slice(&read_buf)
        };
        let permit: peekaboo_actors::Permit = Box::new(place);
        self.hub.accept(
            stream,
            read_ahead,
            Handshake {
                bearer,
                origin,
                peer,
                permit: Some(permit),
            },
        );
    }

    async fn answer(
        &self,
        mut request: Request<Incoming>,
        peer: SocketAddr,
        accepted: &Mutex<Option<UpgradeRequest>>,
    ) -> Result<Response<Body>, Infallible> {
        self.public_path.strip(request.uri_mut());
        if request.uri().path() != STREAM_PATH {
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(self.public_path.clone());
            let request = request.map(|body| Body::new(PromptBody::new(body)));
            return self.others.clone().call(request).await;
        }
        match self.negotiate(&mut request) {
            Ok((upgrade_request, response)) => {
                *accepted.lock().unwrap_or_else(PoisonError::into_inner) = Some(upgrade_request);
                Ok(response)
            }
            Err(refusal) => {
                counter!("peekaboo_handshakes_total", "outcome" => refusal.name()).increment(1);
                Ok(refusal.response(rand::rng().random_range(1..=5)))
            }
        }
    }

    fn negotiate(
        &self,
        request: &mut Request<Incoming>,
    ) -> Result<(UpgradeRequest, Response<Body>), Refusal> {
        // Checked first, so that invalid requests do not use up the rate limit of others.
        let negotiated = negotiate(request)?;
        if !self.hub.ready() || !self.admission.may_upgrade() {
            return Err(Refusal::Busy);
        }
        Ok(negotiated)
    }
}

/// Refuses a socket without reading or allocating anything.
fn turn_away(stream: &TcpStream, full: Full) {
    const ANSWER: &[u8] =
        b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\n\
        Content-Type: text/plain; charset=utf-8\r\nContent-Length: 45\r\n\r\n\
        the hub is full: come back after ten seconds\n";
    let outcome = match full {
        Full::Node => "full",
        Full::Address => "full_for_address",
    };
    counter!("peekaboo_handshakes_total", "outcome" => outcome).increment(1);
    // If even this does not fit into the socket's empty buffer, closing the socket has to do.
    let _ = stream.try_write(ANSWER);
}
