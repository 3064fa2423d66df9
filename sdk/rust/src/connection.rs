//! Connects to a hub: opens a socket, notices a lost connection, waits, and reconnects. It handles messages about the
//! connection, and sends usage; the session handles messages about rules.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use peekaboo_protocol::{
    Backoff, ClientFrame, CloseCode, DecodeError, ErrorCode, RefusalBackoff, ServerFrame,
};
use rand::RngExt as _;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::closing::is_closing;
use crate::dial::Dial;
use crate::session::{Heard, ProtocolViolation, Session};
use crate::shared::Shared;
use crate::status::{Refusal, Status};
use crate::usage::flush_interval;

/// The timeout from opening a socket to WELCOME.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// The timeout for sending a message; after that, the socket is considered dead.
const SEND_WITHIN: Duration = Duration::from_secs(10);

/// The longest wait that is accepted from a GOAWAY or a Retry-After.
const LONGEST_ABSENCE: Duration = Duration::from_mins(5);

/// How long closing waits for the hub to acknowledge the remaining usage.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// The timeout for sending the close frame.
const FAREWELL_WITHIN: Duration = Duration::from_secs(1);

type Socket<D> = WebSocketStream<<D as Dial>::Stream>;

pub(crate) struct Connection<D> {
    dial: D,
    session: Session,
    shared: Arc<Shared>,
    closing: watch::Receiver<bool>,
    backoff: Backoff,
    refusals: RefusalBackoff,
    /// Whether the hub refused this client and has not accepted it since.
    refused: bool,
    /// False if the last stream broke in a way that requires a snapshot.
    resumable: bool,
    /// Until when the hub asked the client not to reconnect.
    not_before: Option<Instant>,
}

/// The state of one stream.
struct Stream {
    /// When the last message arrived, and how long the hub may be silent.
    heard_at: Instant,
    silence: Option<Duration>,
    welcomed_at: Option<Instant>,
    telling: UsageDelivery,
    /// When to leave this stream, after a GOAWAY.
    leave_at: Option<Instant>,
    /// Until when to wait for the acknowledgment of the remaining usage.
    close_by: Option<Instant>,
}

/// Whether usage can be sent to the hub.
#[derive(Clone, Copy)]
enum UsageDelivery {
    /// Once the hub has sent its rules.
    NotYet,
    /// At this time.
    At(Instant),
    /// The hub does not accept usage.
    Never,
}

/// Why a stream ended.
enum Ended {
    /// The application closed the client.
    Closed,
    /// The hub refused the client: retry only later.
    Refused(Refusal),
    /// The time of a GOAWAY has come.
    MovedOn,
    /// A message could not be sent. The hub may have sent the reason before.
    Unsent(String),
    Lost {
        reason: String,
        /// The close frame for the hub, if the socket is still open.
        code: Option<u16>,
    },
}

impl Ended {
    fn lost(reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::Lost { reason, code: None }
    }

    /// The stream is open, but must not be used any more.
    fn dropped(reason: impl Into<String>, code: CloseCode) -> Self {
        Self::Lost {
            reason: reason.into(),
            code: Some(code.code()),
        }
    }
}

impl From<ProtocolViolation> for Ended {
    fn from(ProtocolViolation(what): ProtocolViolation) -> Self {
        Self::dropped(
            format!("protocol error by the hub: {what}"),
            CloseCode::Resync,
        )
    }
}

impl<D: Dial> Connection<D> {
    pub(crate) fn new(
        dial: D,
        session: Session,
        shared: Arc<Shared>,
        closing: watch::Receiver<bool>,
    ) -> Self {
        Self {
            dial,
            session,
            shared,
            closing,
            backoff: Backoff::default(),
            refusals: RefusalBackoff::default(),
            refused: false,
            resumable: true,
            not_before: None,
        }
    }

    /// Follows the hub until the client is closed.
    pub(crate) async fn run(mut self) {
        loop {
            self.set_status(if self.backoff.is_retrying() {
                Status::Reconnecting
            } else {
                Status::Connecting
            });
            let mut stream = Stream::new();
            let ended = self.follow(&mut stream).await;
            if let Some(welcomed_at) = stream.welcomed_at {
                self.backoff.was_up(welcomed_at.elapsed());
            }
            match ended {
                Ended::Closed => return,
                Ended::Refused(refusal) => {
                    self.refused = true;
                    self.not_before = None;
                    self.shared.refuse(refusal);
                }
                Ended::MovedOn => {
                    self.backoff.moved_on();
                    continue;
                }
                Ended::Unsent(reason) | Ended::Lost { reason, .. } => {
                    self.shared.unreachable(&reason);
                    tracing::warn!(reason, "not connected to the hub; serving the last rules");
                }
            }
            self.set_status(Status::Reconnecting);
            let wait = self.wait(Instant::now());
            tokio::select! {
                () = is_closing(&mut self.closing) => return,
                () = sleep_until(wait) => {}
            }
        }
    }

    /// A client that was refused stays `Stopped` until the hub accepts it again.
    fn set_status(&self, status: Status) {
        if !self.refused {
            self.shared.set_status(status);
        }
    }

    /// Until when to wait before the next attempt.
    fn wait(&mut self, now: Instant) -> Instant {
        let random = rand::rng().random();
        let backoff = if self.refused {
            self.refusals.next(random)
        } else {
            self.backoff.next(random)
        };
        let asked = self.not_before.take().filter(|until| *until > now);
        asked.unwrap_or(now + backoff)
    }

    /// One stream, from the connection to its end.
    async fn follow(&mut self, stream: &mut Stream) -> Ended {
        let mut socket = tokio::select! {
            biased;
            () = is_closing(&mut self.closing) => return Ended::Closed,
            dialled = timeout(CONNECT_WITHIN, self.dial.dial()) => match dialled {
                Ok(Ok(socket)) => socket,
                Ok(Err(unreachable)) => {
                    self.not_before = unreachable.retry_after.map(after_about);
                    return Ended::lost(unreachable.reason);
                }
                Err(_) => return Ended::lost(format!("no response within {} s", CONNECT_WITHIN.as_secs())),
            },
        };
        let hello = self.session.hello(self.resumable);
        let ended = match send::<D>(&mut socket, &hello).await {
            Ok(()) => match self.listen(&mut socket, stream).await {
                Ok(never) => match never {},
                Err(ended) => ended,
            },
            Err(ended) => ended,
        };
        let ended = match ended {
            Ended::Unsent(reason) => self.last_words(&mut socket, reason).await,
            ended => ended,
        };
        let code = match &ended {
            Ended::Closed | Ended::MovedOn => Some(1000),
            Ended::Lost { code, .. } => *code,
            Ended::Refused(_) | Ended::Unsent(_) => None,
        };
        if let Some(code) = code {
            let frame = CloseFrame {
                code: code.into(),
                reason: "".into(),
            };
            // A hub that does not receive it notices the end of the socket.
            let _ = timeout(FAREWELL_WITHIN, socket.close(Some(frame))).await;
        }
        ended
    }

    /// Looks for the close frame of a hub that no longer reads.
    async fn last_words(&mut self, socket: &mut Socket<D>, reason: String) -> Ended {
        while let Ok(Some(Ok(message))) = timeout(FAREWELL_WITHIN, socket.next()).await {
            if let Message::Close(close) = message {
                return self.closed(close);
            }
        }
        Ended::lost(reason)
    }

    async fn listen(
        &mut self,
        socket: &mut Socket<D>,
        stream: &mut Stream,
    ) -> Result<std::convert::Infallible, Ended> {
        loop {
            let flush_at = match stream.telling {
                UsageDelivery::At(at) => Some(at),
                UsageDelivery::NotYet | UsageDelivery::Never => None,
            };
            tokio::select! {
                biased;
                () = is_closing(&mut self.closing), if stream.close_by.is_none() => {
                    stream.close_by = Some(Instant::now() + CLOSE_WITHIN);
                    self.tell(socket, stream).await?;
                }
                () = until(stream.close_by) => return Err(Ended::Closed),
                () = until(stream.leave_at) => return Err(Ended::MovedOn),
                () = until(flush_at) => {
                    stream.telling = UsageDelivery::soon();
                    self.tell(socket, stream).await?;
                }
                message = socket.next() => {
                    stream.heard_at = Instant::now();
                    match message {
                        Some(Ok(message)) => self.hear(socket, stream, message).await?,
                        Some(Err(error)) => return Err(Ended::lost(error.to_string())),
                        None => return Err(Ended::lost("the connection ended")),
                    }
                }
                () = until(stream.silent_at()) => {
                    return Err(Ended::dropped("no message from the hub for too long", CloseCode::NoHeartbeat));
                }
            }
        }
    }

    async fn hear(
        &mut self,
        socket: &mut Socket<D>,
        stream: &mut Stream,
        message: Message,
    ) -> Result<(), Ended> {
        let frame = match message {
            Message::Binary(bytes) => match ServerFrame::decode(&bytes) {
                Ok(frame) => frame,
                // As the protocol requires of every client.
                Err(DecodeError::UnknownType(_)) => return Ok(()),
                Err(error) => {
                    return Err(self.broken(Ended::dropped(error.to_string(), CloseCode::Resync)));
                }
            },
            Message::Text(_) => return Err(self.broken(ProtocolViolation("a text message").into())),
            Message::Close(close) => return Err(self.closed(close)),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => return Ok(()),
        };
        match frame {
            ServerFrame::Ping => send::<D>(socket, &ClientFrame::Alive).await,
            ServerFrame::GoAway {
                min_millis,
                max_millis,
            } => {
                let most = Duration::from_millis(max_millis).min(LONGEST_ABSENCE);
                let least = Duration::from_millis(min_millis).min(most);
                let at = Instant::now() + rand::rng().random_range(least..=most);
                stream.leave_at = Some(at);
                self.not_before = Some(at);
                Ok(())
            }
            ServerFrame::Ack { batch } => {
                let more = self.shared.usage.acknowledge(&batch);
                if more || stream.close_by.is_some() {
                    self.tell(socket, stream).await?;
                }
                Ok(())
            }
            ServerFrame::Error { code, message, .. } => {
                self.failed(stream, &code, &message);
                if stream.close_by.is_some() {
                    self.tell(socket, stream).await?;
                }
                Ok(())
            }
            frame => self.rules(socket, stream, frame).await,
        }
    }

    /// A message about the rules.
    async fn rules(
        &mut self,
        socket: &mut Socket<D>,
        stream: &mut Stream,
        frame: ServerFrame,
    ) -> Result<(), Ended> {
        if let ServerFrame::Welcome {
            connection,
            version,
            heartbeat_seconds,
            flag_set,
            ..
        } = &frame
        {
            tracing::debug!(connection, version, "connected to the hub");
            if let Some(flag_set) = flag_set {
                self.shared.named(flag_set);
            }
            self.resumable = true;
            self.refused = false;
            self.refusals.accepted();
            stream.welcomed(*heartbeat_seconds);
        }
        let heard = self.session.receive(frame);
        match heard.map_err(|broken| self.broken(broken.into()))? {
            Heard::Nothing => return Ok(()),
            Heard::Ask(frame) => return send::<D>(socket, &frame).await,
            Heard::Current => {}
            Heard::Rules(ruleset, committed_at) => self.shared.hold(ruleset, committed_at),
        }
        self.shared.live();
        if matches!(stream.telling, UsageDelivery::NotYet) {
            stream.telling = if self.shared.usage.is_counting() {
                UsageDelivery::soon()
            } else {
                UsageDelivery::Never
            };
            if self.shared.usage.is_waiting() {
                self.tell(socket, stream).await?;
            }
        }
        Ok(())
    }

    /// Sends the next batch to be acknowledged. A client that is closing is done if there is none, or no one to send it to.
    async fn tell(&mut self, socket: &mut Socket<D>, stream: &Stream) -> Result<(), Ended> {
        let due = match stream.telling {
            UsageDelivery::At(_) => self.shared.usage.next(),
            UsageDelivery::NotYet | UsageDelivery::Never => None,
        };
        match due {
            Some(batch) => send::<D>(socket, &ClientFrame::events(&batch)).await,
            None if stream.close_by.is_some() => Err(Ended::Closed),
            None => Ok(()),
        }
    }

    fn failed(&self, stream: &mut Stream, code: &str, message: &str) {
        tracing::warn!(code, message, "the hub reported an error");
        if code == ErrorCode::EventsUnsupported.name() {
            stream.telling = UsageDelivery::Never;
        } else if code == ErrorCode::EventsInvalid.name() {
            self.shared.usage.give_up();
        }
    }

    /// The hub closed the stream.
    fn closed(&mut self, close: Option<CloseFrame>) -> Ended {
        let Some(close) = close else {
            return Ended::lost("the hub closed the connection");
        };
        let (code, reason) = (u16::from(close.code), close.reason.to_string());
        if CloseCode::code_refuses(code) {
            return Ended::Refused(Refusal { code, reason });
        }
        if code == CloseCode::Resync.code() {
            self.resumable = false;
        }
        Ended::lost(format!("the hub closed with code {code}: {reason}"))
    }

    /// The current state cannot be resumed from.
    fn broken(&mut self, ended: Ended) -> Ended {
        self.resumable = false;
        ended
    }
}

impl Stream {
    fn new() -> Self {
        Self {
            heard_at: Instant::now(),
            silence: Some(CONNECT_WITHIN),
            welcomed_at: None,
            telling: UsageDelivery::NotYet,
            leave_at: None,
            close_by: None,
        }
    }

    fn welcomed(&mut self, heartbeat_seconds: u64) {
        self.welcomed_at = Some(self.heard_at);
        let heartbeat = Duration::from_secs(heartbeat_seconds);
        // The hub may skip a heartbeat if it has sent data. A hub without heartbeats may be silent.
        self.silence = heartbeat.checked_mul(5).map(|beats| beats / 2);
        self.silence.take_if(|silence| silence.is_zero());
    }

    fn silent_at(&self) -> Option<Instant> {
        self.heard_at.checked_add(self.silence?)
    }
}

impl UsageDelivery {
    fn soon() -> Self {
        Self::At(Instant::now() + flush_interval(&mut rand::rng()))
    }
}

/// Spreads a time at which other clients also act.
fn after_about(time: Duration) -> Instant {
    let time = time.min(LONGEST_ABSENCE);
    Instant::now() + time.mul_f64(rand::rng().random_range(1.0..=1.2))
}

/// Until a time, or indefinitely.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn send<D: Dial>(socket: &mut Socket<D>, frame: &ClientFrame) -> Result<(), Ended> {
    let message = Message::Binary(frame.encode().into());
    match timeout(SEND_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Ended::Unsent(error.to_string())),
        Err(_) => Err(Ended::Unsent(
            "the hub no longer reads from the connection".to_owned(),
        )),
    }
}
