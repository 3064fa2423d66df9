//! The task of one key: it finds the key's environment, follows it, and reconnects whenever the stream ends.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use peekaboo_actors::{Hub, Mirror, Spool};
use peekaboo_protocol::{
    Backoff, ClientFrame, CloseCode, DecodeError, RefusalBackoff, ServerFrame,
};
use peekaboo_storage::{EnvironmentId, Secret};
use rand::RngExt as _;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::board::{KeySlot, KeyState, MyTurn};
use super::dial::{Dialer, Socket};
use super::outbox::Outbox;
use super::stream::{Step, Stream};

/// The name of this client in HELLO.
const SDK: &str = concat!("edge/", env!("CARGO_PKG_VERSION"));

/// The maximum silence until WELCOME sets the heartbeat.
const WELCOME_WITHIN: Duration = Duration::from_secs(10);

/// The timeout for sending a small message; after that, the socket is considered dead.
const SEND_WITHIN: Duration = Duration::from_secs(10);

/// How often to report to the upstream which keys are in use here.
const TELL_USES_EVERY: Duration = Duration::from_mins(1);

/// What a key needs to be followed.
pub(super) struct Link {
    pub(super) key: Secret,
    pub(super) dialer: Dialer,
    pub(super) mirror: Mirror,
    pub(super) spool: Spool,
    pub(super) hub: Hub,
    pub(super) seat: KeySlot,
}

/// The state of a key between streams.
#[derive(Default)]
struct LinkState {
    /// The key's environment, once known.
    environment: Option<EnvironmentId>,
    /// Held while this key follows its environment.
    turn: Option<MyTurn>,
    /// The upstream refused the key and has not let it in since.
    is_refused: bool,
    refusals: RefusalBackoff,
}

/// Why a stream ended.
enum Ended {
    /// The upstream does not accept the key.
    Refused { code: u16, reason: String },
    /// Another key follows the same environment.
    Taken(EnvironmentId),
    /// The key now belongs to another environment; the old state was removed.
    Strange,
    /// The connection was lost; retry.
    Lost {
        reason: String,
        come_back: Option<(Duration, Duration)>,
    },
}

impl Ended {
    fn lost(reason: impl Into<String>) -> Self {
        Self::Lost {
            reason: reason.into(),
            come_back: None,
        }
    }
}

impl Link {
    /// Follows for as long as the edge runs.
    pub(super) async fn run(self) {
        let name = self.key.display_prefix();
        let mut at = LinkState {
            environment: Box::pin(self.mirror.restore(self.key.hash())).await,
            ..LinkState::default()
        };
        if at.environment.is_some() {
            // In an earlier run.
            at.refusals.accepted();
        }
        let mut backoff = Backoff::default();
        loop {
            // A refused key leaves its environment to others until it is accepted.
            if let (Some(environment), None, false) = (at.environment, &at.turn, at.is_refused) {
                at.turn = Some(self.wait_for_turn(environment).await);
            }
            let began = Instant::now();
            let ended = self.follow(&mut at).await;
            backoff.was_up(began.elapsed());
            let come_back = match ended {
                Ended::Refused { code, reason } => {
                    tracing::error!(
                        key = name,
                        code,
                        reason,
                        "the upstream refuses a key; its environment is not updated until it accepts the key"
                    );
                    (at.is_refused, at.turn) = (true, None);
                    let reason = format!("{name}… {code} {reason}");
                    Box::pin(self.refused(&mut at, code, reason)).await;
                    let wait = at.refusals.next(rand::rng().random());
                    sleep(wait).await;
                    continue;
                }
                Ended::Taken(taken) => {
                    tracing::info!(key = name, environment = %taken, "key kept in reserve: another key already follows its environment");
                    at.environment = Some(taken);
                    continue;
                }
                Ended::Strange => {
                    tracing::warn!(
                        key = name,
                        "a key now belongs to another environment; check that the upstream is the same installation"
                    );
                    (at.environment, at.turn) = (None, None);
                    None
                }
                Ended::Lost { reason, come_back } => {
                    tracing::warn!(
                        key = name,
                        reason,
                        "the upstream's stream ended; serving the last known state"
                    );
                    come_back
                }
            };
            if at.is_refused {
                // Still refused, as far as anyone knows.
                let wait = at.refusals.next(rand::rng().random());
                sleep(wait).await;
                continue;
            }
            if let Some(environment) = at.environment {
                Box::pin(self.serve(environment)).await;
            }
            self.seat.set(KeyState::Away, at.environment);
            let wait = match come_back {
                Some((least, most)) => rand::rng().random_range(least..=most),
                None => backoff.next(rand::rng().random()),
            };
            sleep(wait).await;
        }
    }

    async fn wait_for_turn(&self, environment: EnvironmentId) -> MyTurn {
        let turn = self.seat.turn(environment);
        if let Ok(mine) = turn.clone().try_lock_owned() {
            return mine;
        }
        self.seat.set(KeyState::Reserve, Some(environment));
        turn.lock_owned().await
    }

    /// Makes an environment available to connections.
    async fn serve(&self, environment: EnvironmentId) {
        if !self.mirror.holds(environment) {
            return;
        }
        let tenant = Mirror::tenant_of(environment);
        if let Err(error) = self.hub.environment(tenant, environment).await {
            tracing::error!(%error, %environment, "cannot serve an environment");
        }
    }

    /// An environment that was already served stays available: a key that was replaced too early must not disconnect everyone.
    /// An environment that was only on disk is not served. Its files are deleted if the key was revoked, and kept if the key is
    /// unknown, because that may be a temporary fault of the upstream.
    async fn refused(&self, at: &mut LinkState, code: u16, reason: String) {
        let environment = at.environment;
        let is_served = environment.is_some_and(|environment| self.hub.serves(environment));
        if let Some(environment) = environment.filter(|_| !is_served)
            && code == CloseCode::KeyRevoked.code()
        {
            self.mirror.forget(environment).await;
            at.environment = None;
        }
        self.seat.set(KeyState::Refused(reason), at.environment);
    }

    /// One stream, from the connection to its end.
    async fn follow(&self, at: &mut LinkState) -> Ended {
        // Boxed, like everything short-lived here: an edge may hold a thousand of these futures for as long as it runs.
        let mut socket = match Box::pin(self.dialer.dial()).await {
            Ok(socket) => socket,
            Err(reason) => return Ended::lost(reason),
        };
        let hello = ClientFrame::Hello {
            key: Some(self.key.expose().to_owned()),
            resume: at
                .environment
                .and_then(|environment| self.mirror.held(environment)),
            context: None,
            sdk: SDK.to_owned(),
        };
        if let Err(ended) = send(&mut socket, &hello).await {
            return ended;
        }
        let mut stream = Stream::new(self.mirror.clone(), at.environment);
        let mut uses = interval(TELL_USES_EVERY);
        uses.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Set once the environment of the usage is known.
        let mut outbox = None;
        loop {
            let silence = stream.heartbeat.map_or(WELCOME_WITHIN, |beat| beat * 5 / 2);
            let step = tokio::select! {
                read = timeout(silence, socket.next()) => match read {
                    Ok(Some(Ok(message))) => match meaning(&mut stream, &message) {
                        Ok(step) => step,
                        Err(ended) => return ended,
                    },
                    Ok(Some(Err(error))) => return lost(&stream, error.to_string()),
                    Ok(None) => return lost(&stream, "the connection was closed".to_owned()),
                    Err(_) => return lost(&stream, format!("no message for {} s", silence.as_secs())),
                },
                _ = uses.tick() => self.tell_uses(at.environment),
                () = usage_waits(outbox.as_mut()) => Step::Look,
            };
            let sent = match step {
                Step::Nothing => Ok(()),
                Step::Send(frame) => send(&mut socket, &frame).await,
                Step::GiveUp(reason) => Err(Ended::lost(reason)),
                Step::Look | Step::Acknowledged(_) | Step::Refused(_) => {
                    Box::pin(send_usage(&mut socket, outbox.as_mut(), &step)).await
                }
                Step::Keys(named) => {
                    let opened = named.environment;
                    if let Err(ended) = Box::pin(self.claim(opened, at)).await {
                        return ended;
                    }
                    stream.adopt(named);
                    Box::pin(self.serve(opened)).await;
                    outbox.get_or_insert_with(|| Outbox::new(self.spool.clone(), opened));
                    self.seat.set(KeyState::Current, at.environment);
                    Ok(())
                }
            };
            if let Err(ended) = sent {
                return ended;
            }
        }
    }

    /// Claims an environment for this key, unless another key follows it.
    async fn claim(&self, opened: EnvironmentId, at: &mut LinkState) -> Result<(), Ended> {
        at.is_refused = false;
        at.refusals.accepted();
        if let Some(known) = at.environment.filter(|known| *known != opened) {
            self.mirror.forget(known).await;
            return Err(Ended::Strange);
        }
        if at.turn.is_none() {
            let turn = self.seat.turn(opened).try_lock_owned();
            at.turn = Some(turn.map_err(|_| Ended::Taken(opened))?);
        }
        at.environment = Some(opened);
        Ok(())
    }

    fn tell_uses(&self, environment: Option<EnvironmentId>) -> Step {
        let used = environment.map(|environment| self.mirror.take_used(environment));
        let used: Vec<_> = used
            .into_iter()
            .flatten()
            .map(|id| id.to_string())
            .collect();
        if used.is_empty() {
            return Step::Nothing;
        }
        Step::Send(ClientFrame::Follow { used })
    }
}

/// Decodes a message.
fn meaning(stream: &mut Stream, message: &Message) -> Result<Step, Ended> {
    match message {
        Message::Binary(bytes) => match ServerFrame::decode(bytes) {
            Ok(frame) => Ok(stream.take(frame)),
            // As the protocol asks of every client.
            Err(DecodeError::UnknownType(_)) => Ok(Step::Nothing),
            Err(error) => Err(Ended::lost(format!(
                "the upstream sent an invalid message: {error}"
            ))),
        },
        Message::Close(Some(close)) => {
            let (code, reason) = (u16::from(close.code), close.reason.as_str());
            if CloseCode::code_refuses(code) {
                let reason = reason.to_owned();
                return Err(Ended::Refused { code, reason });
            }
            Err(lost(stream, format!("closed with {code} {reason}")))
        }
        _ => Ok(Step::Nothing),
    }
}

async fn send(socket: &mut Socket, frame: &ClientFrame) -> Result<(), Ended> {
    let message = Message::Binary(Bytes::from(frame.encode()));
    match timeout(SEND_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Ended::lost(error.to_string())),
        Err(_) => Err(Ended::lost(
            "the upstream no longer reads from the connection",
        )),
    }
}

async fn usage_waits(outbox: Option<&mut Outbox>) {
    match outbox {
        Some(outbox) => outbox.wait().await,
        None => std::future::pending().await,
    }
}

/// Sends pending usage after a step that affects it.
async fn send_usage(
    socket: &mut Socket,
    outbox: Option<&mut Outbox>,
    step: &Step,
) -> Result<(), Ended> {
    let Some(outbox) = outbox else {
        return Ok(());
    };
    let frames = match step {
        Step::Acknowledged(id) => outbox.acknowledged(id).await,
        Step::Refused(code) => outbox.refused(code).await,
        _ => outbox.due().await,
    };
    for frame in &frames {
        send(socket, frame).await?;
    }
    Ok(())
}

fn lost(stream: &Stream, reason: String) -> Ended {
    Ended::Lost {
        reason,
        come_back: stream.come_back,
    }
}
