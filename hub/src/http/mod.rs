//! Serves a router on a listener: bounded in connections, strict about what clients have to send and to read in time, and
//! able to finish what it began when asked to stop.
//!
//! We do not use `axum::serve`, because it limits neither connections nor the time that a client takes.
//!
//! The SDK's listener is not served here: its sockets leave hyper after the upgrade.

mod places;
mod prompt_body;
mod stalled;

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request, Response, header};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service as _;

use self::places::{Place, Places};
pub(crate) use self::{
    places::Room,
    prompt_body::{Late, PromptBody},
    stalled::Stalled,
};

/// The timeout for a request's headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// An answer of which nothing could be written for this long is given up, in a SDK's case too.
pub(crate) const READ_WITHIN: Duration = Duration::from_secs(15);

/// The pause after a failed accept, usually because of missing file descriptors, so that some can be released.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Serves until `stop`, then finishes pending responses within `finish_within`.
pub(crate) async fn serve_http(
    listener: TcpListener,
    router: Router,
    room: Room,
    finish_within: Duration,
    stop: CancellationToken,
) {
    let places = Places::new(room);
    let connections = TaskTracker::new();
    let accepting = async {
        loop {
            let (stream, peer) = accept(&listener).await;
            match places.take(peer.ip()).await {
                Ok(place) => {
                    let connection = Connection {
                        peer,
                        place: Arc::new(place),
                        router: router.clone(),
                    };
                    connections.spawn(connection.serve(stream, stop.clone()));
                }
                Err(_) => turn_away(&stream),
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        () = stop.cancelled() => {}
    }
    drop(listener);
    connections.close();
    // Connections that are still open are dropped with the runtime.
    let _ = timeout(finish_within, connections.wait()).await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_AGAIN_AFTER).await;
            }
        }
    }
}

/// Refuses a connection without reading a byte or allocating one.
fn turn_away(stream: &TcpStream) {
    const ANSWER: &[u8] =
        b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\n\
        Content-Type: text/plain; charset=utf-8\r\nContent-Length: 62\r\n\r\n\
        too many connections from this address; try again in a moment\n";
    metrics::counter!("peekaboo_http_connections_refused_total").increment(1);
    // If even this does not fit the socket's empty buffer, the client learns as much from its end.
    let _ = stream.try_write(ANSWER);
}

/// One client's connection.
struct Connection {
    peer: SocketAddr,
    place: Arc<Place>,
    router: Router,
}

impl Connection {
    async fn serve(self, stream: TcpStream, stop: CancellationToken) {
        // Without this, a response in two writes waits for the client's delayed acknowledgment.
        let _ = stream.set_nodelay(true);
        let (peer, leave) = (self.peer, self.place.leave());
        let service = service_fn(move |request| {
            let answer = self.answer(request);
            async move { Ok::<_, Infallible>(answer.await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADERS_WITHIN)
            .serve_connection(TokioIo::new(Stalled::new(stream, READ_WITHIN)), service);
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = leave.cancelled() => {
                tracing::debug!(%peer, "a connection that waited makes room for another");
                return;
            }
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "connection ended early");
        }
    }

    fn answer(
        &self,
        mut request: Request<Incoming>,
    ) -> impl Future<Output = Response<Body>> + use<> {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let arrived = Arc::clone(&self.place);
        let request = request
            .map(|body| Body::new(PromptBody::new(body).on_end(move || arrived.waits(false))));
        let (place, mut router) = (Arc::clone(&self.place), self.router.clone());
        async move {
            let Ok(response) = router.call(request).await;
            place.waits(false);
            until_read(response, place)
        }
    }
}

/// Waits for the client's next request once the answer is written. An event stream, which has no end, gives its place
/// back: streams are counted by who follows.
fn until_read(mut response: Response<Body>, place: Arc<Place>) -> Response<Body> {
    let media = response.headers().get(header::CONTENT_TYPE);
    if media.is_some_and(|media| media.as_bytes().starts_with(b"text/event-stream")) {
        place.give_back();
        // A request behind it would have no place.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        return response;
    }
    let written = WaitsAgain(place);
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _until_written = &written;
            frame
        }))
    })
}

/// Dropped with an answer's body.
struct WaitsAgain(Arc<Place>);

impl Drop for WaitsAgain {
    fn drop(&mut self) {
        self.0.waits(true);
    }
}
