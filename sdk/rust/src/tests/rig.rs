//! A client whose sockets are pipes to the test, which is the hub. Tests pause the clock, so that time passes only where a
//! test lets it pass, or waits for something that needs it.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use peekaboo_protocol::{ClientFrame, Encoded};
use serde_json::{Value, json};
use tokio::io::{DuplexStream, duplex};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use crate::dial::Dial;
use crate::unreachable::Unreachable;
use crate::{Client, ClientBuilder, Context};

pub(super) const KEY: &str = "pbs_test";

/// Longer than anything takes; nothing waits for it that does not fail.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

type Pipe = WebSocketStream<DuplexStream>;

/// A client that asks for a socket.
pub(super) struct ConnectAttempt(oneshot::Sender<Result<Pipe, Unreachable>>);

/// Asks the test.
struct TestDialer(mpsc::Sender<ConnectAttempt>);

impl Dial for TestDialer {
    type Stream = DuplexStream;

    async fn dial(&self) -> Result<Pipe, Unreachable> {
        let gone = |reason: &str| Unreachable {
            reason: reason.to_owned(),
            retry_after: None,
        };
        let (answer, answered) = oneshot::channel();
        let knocked = self.0.send(ConnectAttempt(answer)).await;
        knocked.map_err(|_| gone("the test is over"))?;
        answered.await.unwrap_or_else(|_| Err(gone("refused")))
    }
}

impl ConnectAttempt {
    pub(super) async fn accept(self) -> Socket {
        let (here, there) = duplex(1 << 20);
        let client = WebSocketStream::from_raw_socket(there, Role::Client, None).await;
        // A client that is gone meanwhile is noticed at the first message.
        let _ = self.0.send(Ok(client));
        Socket {
            pipe: WebSocketStream::from_raw_socket(here, Role::Server, None).await,
            sent: VecDeque::new(),
            is_gone: false,
        }
    }

    pub(super) fn refuse(self, retry_after: Option<Duration>) {
        let _ = self.0.send(Err(Unreachable {
            reason: "refused".to_owned(),
            retry_after,
        }));
    }
}

/// The hub's end of a socket.
pub(super) struct Socket {
    pipe: Pipe,
    sent: VecDeque<Vec<u8>>,
    /// The client has let go of it.
    pub(super) is_gone: bool,
}

impl Socket {
    pub(super) async fn say_json(&mut self, frame: &Value) {
        self.send(Encoded::of_json(frame).as_bytes().to_vec()).await;
    }

    pub(super) async fn send(&mut self, bytes: Vec<u8>) {
        // One that is gone hears nothing.
        let _ = self.pipe.send(Message::Binary(bytes.into())).await;
        self.listen().await;
    }

    /// Closes with a code; 1006 is an end without one, 1005 a close frame without one.
    pub(super) async fn close(mut self, code: u16) {
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        match code {
            1006 => {}
            1005 => drop(self.pipe.close(None).await),
            _ => drop(self.pipe.close(Some(frame)).await),
        }
        drop(self);
        settle().await;
    }

    /// Takes in what the client has sent by now.
    pub(super) async fn listen(&mut self) {
        settle().await;
        while !self.is_gone {
            match self.pipe.next().now_or_never() {
                Some(Some(Ok(Message::Binary(bytes)))) => self.sent.push_back(bytes.to_vec()),
                Some(Some(Ok(Message::Close(_)) | Err(_)) | None) => self.is_gone = true,
                Some(Some(Ok(_))) => {}
                None => break,
            }
        }
    }

    /// The next message that was sent and not taken.
    pub(super) fn take(&mut self) -> Option<Vec<u8>> {
        self.sent.pop_front()
    }

    /// The next message, waiting for it.
    pub(super) async fn next(&mut self) -> ClientFrame {
        loop {
            if let Some(bytes) = self.take() {
                return ClientFrame::decode(&bytes).expect("a message");
            }
            let message = timeout(PATIENCE, self.pipe.next()).await;
            match message.expect("the client says something") {
                Some(Ok(Message::Binary(bytes))) => self.sent.push_back(bytes.to_vec()),
                Some(Ok(_)) => {}
                other => panic!("the client is gone: {other:?}"),
            }
        }
    }

    /// Greets with a snapshot of these flags at version 1.
    pub(super) async fn greet(&mut self, flags: Value) {
        assert!(matches!(self.next().await, ClientFrame::Hello { .. }));
        self.say_json(&json!([16, "c", "epoch", 1, 2, 3600])).await;
        self.say_json(&json!([17, 1, flags, {}])).await;
    }

    /// Puts flags, from one version to the next.
    pub(super) async fn put(&mut self, to: u64, flags: Value) {
        let delta = json!([18, to - 1, to, 1_000_000, flags, [], {}, []]);
        self.say_json(&delta).await;
    }
}

/// A client, and who asks for sockets.
pub(super) struct Rig {
    pub(super) client: Client,
    pub(super) knocks: mpsc::Receiver<ConnectAttempt>,
}

impl Rig {
    pub(super) fn start(options: ClientBuilder) -> Self {
        let (knocking, knocks) = mpsc::channel(1);
        let client = options.build_with(TestDialer(knocking)).expect("a client");
        Self { client, knocks }
    }

    /// A client that is live with these flags at version 1.
    pub(super) async fn live(options: ClientBuilder, flags: Value) -> (Self, Socket) {
        let mut rig = Self::start(options);
        let mut socket = rig.accept().await;
        socket.greet(flags).await;
        assert_eq!(rig.client.ready(PATIENCE).await, Ok(()));
        (rig, socket)
    }

    /// Waits until the client asks for a socket.
    pub(super) async fn accept(&mut self) -> Socket {
        let knock = timeout(PATIENCE, self.knocks.recv()).await;
        knock
            .expect("the client connects")
            .expect("a client")
            .accept()
            .await
    }
}

/// Lets the client do all that it can do without time passing.
pub(super) async fn settle() {
    for _ in 0..100 {
        yield_now().await;
    }
}

/// A flag that serves everyone this value.
pub(super) fn flag(value: impl Into<Value>) -> Value {
    let value: Value = value.into();
    let kind = match &value {
        Value::Bool(_) => "boolean",
        Value::String(_) => "string",
        Value::Number(_) => "number",
        _ => "object",
    };
    json!({
        "type": kind, "enabled": true, "variations": {"v": value, "w": value}, "fallthrough": {"variation": "v"},
        "salt": "s", "version": 1,
    })
}

/// A flag that serves this to Sweden, and that to everyone else.
pub(super) fn by_country(sweden: impl Into<Value>, others: impl Into<Value>) -> Value {
    let mut flag = flag(others);
    flag["variations"]["w"] = sweden.into();
    flag["rules"] = json!([{
        "id": "swedes", "serve": {"variation": "w"},
        "when": {"attribute": "country", "op": "in", "values": ["SE"]},
    }]);
    flag
}

pub(super) fn swede() -> Context {
    Context::new("user-1").with("country", "SE")
}
