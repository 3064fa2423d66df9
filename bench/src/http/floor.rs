//! The floor of `http`: a bare axum handler in a process of its own that answers the hub's bytes without a thought.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::routing::any;
use axum::serve::ListenerExt as _;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::client::Answer;
use crate::cpus::{Cpus, Role};
use crate::pipe::{self, Part};

/// The name of the server's subcommand.
pub(crate) const NAME: &str = "http-floor";

/// What the server says.
#[derive(Debug, Deserialize, Serialize)]
enum ServerMessage {
    /// It listens here.
    Listening(SocketAddr),
}

/// An answer, ready to be sent.
struct Ready {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// Answers as it is told first on standard input, until that ends.
///
/// On a runtime of its own like the hub's: this program's has one thread.
#[expect(
    clippy::disallowed_methods,
    reason = "the floor is bare: nothing is bounded, and the load is our own"
)]
pub(crate) fn serve() -> anyhow::Result<()> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let answer: Answer = pipe::read(&mut input)?.context("nobody said what to answer")?;
    let answer = Arc::new(Ready::try_from(answer)?);
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let serving = runtime.spawn(async move {
        let listener = TcpListener::from_std(listener)?.tap_io(|stream| {
            // A socket that cannot be told so is measured as it is.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router(answer)).await
    });
    pipe::write(&mut output, &ServerMessage::Listening(address))?;
    let next: Option<Answer> = pipe::read(&mut input)?;
    let failed = serving.is_finished();
    runtime.shutdown_background();
    if next.is_some() || failed {
        bail!("the floor is out of step");
    }
    Ok(())
}

fn router(answer: Arc<Ready>) -> Router {
    Router::new()
        .route("/ofrep/v1/evaluate/flags/{key}", any(reply))
        .route("/sdk/v1/ruleset", any(reply))
        .with_state(answer)
}

/// Reads the request whole, as anything must that answers it.
async fn reply(State(answer): State<Arc<Ready>>, _body: Bytes) -> (StatusCode, HeaderMap, Bytes) {
    (answer.status, answer.headers.clone(), answer.body.clone())
}

impl TryFrom<Answer> for Ready {
    type Error = anyhow::Error;

    fn try_from(answer: Answer) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        for (name, value) in &answer.headers {
            let name = HeaderName::try_from(name.as_str())?;
            headers.append(name, HeaderValue::from_str(value)?);
        }
        Ok(Self {
            status: StatusCode::from_u16(answer.status)?,
            headers,
            body: answer.body.into(),
        })
    }
}

/// A running floor, ended when dropped.
pub(super) struct Floor {
    server: Part,
    pub(super) address: SocketAddr,
}

impl Floor {
    /// Has a server on the server's processors answer every request with this.
    pub(super) async fn start(cpus: &Cpus, answer: &Answer) -> anyhow::Result<Self> {
        let mut server = Part::start(cpus, Role::Server, NAME)?;
        server.tell(answer).await?;
        let ServerMessage::Listening(address) = server.hear().await?;
        Ok(Self { server, address })
    }

    /// The process, for accounting.
    pub(super) fn pid(&self) -> anyhow::Result<u32> {
        self.server.pid()
    }
}
