//! What depends on time in a shard: its state over real sockets, given the time instead of waiting for it.

use std::future::poll_fn;
use std::io::{Read as _, Write as _};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use governor::Quota;
use peekaboo_flags::{Changes, Context, Ruleset};
use peekaboo_protocol::{CloseCode, ServerFrame};
use peekaboo_storage::{
    EnvironmentId, Key, KeyRecord, OrganizationId, SdkKeyId, SdkKeyKind, SecretHash,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::Instant;
use uuid::Uuid;

use super::message::{Attach, Input, SlotId};
use super::rounds::TURN;
use super::slots::Phase;
use super::state::State;
use super::wheel::TICK;
use crate::config::HubConfig;
use crate::live::{Environment, LiveKey, Tenant};
use crate::metrics::{Delivery, Metrics};
use crate::state::EnvironmentSnapshot;
use crate::wire::Socket;

/// However slow the machine: what a socket was given is there by then.
const DEADLINE: Duration = Duration::from_secs(20);

/// A shard's state, and the time that it was given.
struct Shard {
    state: State,
    now: Instant,
    config: HubConfig,
}

/// A connection of the shard, and its client.
struct Connection {
    id: SlotId,
    socket: Arc<Socket>,
    /// The hub's end once more. It does not block.
    handle: std::net::TcpStream,
    client: std::net::TcpStream,
}

impl Shard {
    fn new() -> Self {
        let (config, now) = (HubConfig::default(), Instant::now());
        Self {
            state: State::new(Arc::new(config.clone()), Metrics::new(), now),
            now,
            config,
        }
    }

    /// A connection that has not said HELLO.
    async fn open(&mut self) -> Connection {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let client = TcpStream::connect(listener.local_addr().expect("an address")).await;
        let (stream, _) = listener.accept().await.expect("a socket");
        let stream = stream.into_std().expect("a socket");
        let handle = stream.try_clone().expect("another handle");
        let stream = TcpStream::from_std(stream).expect("a socket");
        // Until the runtime has seen that there is room, it says that there is none.
        stream.writable().await.expect("room");
        let client = client.expect("a socket").into_std().expect("a socket");
        client.set_nonblocking(false).expect("it may block");
        client.set_read_timeout(Some(DEADLINE)).expect("a deadline");
        let socket = Arc::new(Socket::new(stream));
        let id = self.state.open(socket.clone());
        Connection {
            id,
            socket,
            handle,
            client,
        }
    }

    /// A welcomed connection of an environment of its own.
    async fn serve(&mut self, kind: SdkKeyKind) -> Connection {
        self.serve_under(key_of(environment(), kind)).await
    }

    /// A welcomed connection.
    async fn serve_under(&mut self, key: Arc<LiveKey>) -> Connection {
        let mut connection = self.open().await;
        let attach = Attach {
            key,
            resume: None,
            context: Context::default(),
            sdk: "test/0.1.0".to_owned(),
        };
        let attach = Input::Attach(Box::new(attach));
        self.state.receive(connection.id, attach);
        assert_eq!(connection.next().0, BINARY, "WELCOME");
        assert_eq!(connection.next().0, BINARY, "SNAPSHOT");
        connection
    }

    /// Lets time pass, a tick at a time.
    fn pass(&mut self, duration: Duration) {
        let until = self.now + duration;
        while self.now < until {
            self.now += TICK;
            self.state.turn(self.now);
        }
    }

    /// Has the process stand still for so long.
    fn stand_still(&mut self, duration: Duration) {
        self.now += duration;
        self.state.turn(self.now);
    }

    fn phase(&mut self, connection: &Connection) -> &Phase {
        let slot = self.state.slots.get_mut(connection.id);
        &slot.expect("the slot").phase
    }

    fn greets(&mut self, connection: &Connection) -> bool {
        matches!(self.phase(connection), Phase::Greeting { .. })
    }

    fn serves(&mut self, connection: &Connection) -> bool {
        matches!(self.phase(connection), Phase::Serving(_))
    }
}

const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

impl Connection {
    /// The next frame that the client was sent: its opcode and its payload.
    fn next(&mut self) -> (u8, Vec<u8>) {
        let mut head = [0; 2];
        self.client.read_exact(&mut head).expect("a frame");
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.client.read_exact(&mut length).expect("a length");
                usize::from(u16::from_be_bytes(length))
            }
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.client.read_exact(&mut payload).expect("a payload");
        (head[0] & 0x0f, payload)
    }

    /// Whether something was sent that the client has not read.
    fn has_mail(&self) -> bool {
        self.client.set_nonblocking(true).expect("it may not block");
        let peeked = self.client.peek(&mut [0]);
        self.client.set_nonblocking(false).expect("it may block");
        peeked.is_ok()
    }

    /// The code of the close frame that comes next.
    fn closed(&mut self) -> u16 {
        let (opcode, payload) = self.next();
        assert_eq!(opcode, CLOSE);
        u16::from_be_bytes([payload[0], payload[1]])
    }

    /// Whether the socket was ended. The client sends nothing, so whatever can be read is the end.
    fn is_cut(&self) -> bool {
        matches!((&self.handle).read(&mut [0]), Ok(0))
    }

    /// Whether the next frame asks the client for a sign of life, in the way of its kind: browsers cannot see WebSocket's
    /// pings.
    fn is_asked(&mut self, kind: SdkKeyKind) -> bool {
        match (kind, self.next()) {
            (SdkKeyKind::Server, asked) => asked == (PING, Vec::new()),
            (SdkKeyKind::Client, (opcode, payload)) => {
                opcode == BINARY && ServerFrame::decode(&payload) == Ok(ServerFrame::Ping)
            }
        }
    }

    /// Has the client say something, and the connection's reader read it.
    async fn speak(&mut self) {
        self.client.write_all(b"alive").expect("sent");
        let ready = poll_fn(|context| self.socket.poll_read_ready(context));
        ready.await.expect("readable");
        assert!(self.socket.try_read(&mut [0; 16]).expect("read") > 0);
    }
}

pub(super) fn environment() -> Arc<Environment> {
    let organization = OrganizationId::from_uuid(Uuid::from_u128(1));
    let named = |name| Key::parse(name).expect("a key");
    let environment = Environment::new(
        EnvironmentId::from_uuid(Uuid::from_u128(2)),
        named("shop"),
        named("production"),
        Tenant::new(organization, &Metrics::new()).handle.clone(),
        EnvironmentSnapshot::new(&Ruleset::default(), 0),
    );
    environment.publish_keys(Vec::new());
    Arc::new(environment)
}

/// Publishes the next version of an environment, in which nothing is different.
fn publish_next(environment: &Environment) {
    let snapshot = environment.snapshot();
    let version = snapshot.version + 1;
    environment.publish(snapshot.after(version, &Changes::default(), 0, 10));
}

fn key_of(environment: Arc<Environment>, kind: SdkKeyKind) -> Arc<LiveKey> {
    let record = KeyRecord {
        id: SdkKeyId::from_uuid(Uuid::from_u128(3)),
        environment: environment.id,
        kind,
        hash: SecretHash::of("secret"),
        origins: Vec::new(),
        expires_at: None,
    };
    let requests = Quota::per_second(NonZeroU32::MIN);
    Arc::new(LiveKey::new(record, environment, requests))
}

#[tokio::test]
async fn a_client_that_says_nothing_is_closed_and_may_come_back() {
    let mut shard = Shard::new();
    let mut silent = shard.open().await;
    shard.pass(shard.config.hello_timeout.saturating_sub(TICK));
    assert!(shard.greets(&silent));
    shard.pass(TICK);
    assert_eq!(silent.closed(), CloseCode::HelloTimeout.code());
}

#[tokio::test]
async fn a_client_has_its_time_to_read_the_close_whatever_else_was_due() {
    let mut shard = Shard::new();
    let connection = shard.open().await;
    // The deadline of HELLO stays in the wheel, and passes within the farewell.
    shard.pass(
        shard
            .config
            .hello_timeout
            .saturating_sub(Duration::from_secs(1)),
    );
    shard.state.close(connection.id, CloseCode::InvalidKey);
    shard.pass(Duration::from_millis(1_900));
    assert!(!connection.is_cut(), "the client may still be reading");
    shard.pass(TICK);
    assert!(connection.is_cut());
}

#[tokio::test]
async fn a_process_that_was_suspended_closes_no_connection_for_silence() {
    let mut shard = Shard::new();
    let connection = shard.open().await;
    shard.stand_still(shard.config.hello_timeout * 10);
    assert!(shard.greets(&connection), "HELLO may lie in the socket");
    shard.pass(shard.config.hello_timeout.saturating_sub(TICK));
    assert!(shard.greets(&connection));
    shard.pass(TICK);
    assert!(!shard.greets(&connection), "from then on it had its time");
}

/// The shard looks at each connection at random times, so there are many of them.
#[tokio::test]
async fn a_silent_client_is_asked_and_then_given_up() {
    for kind in [SdkKeyKind::Server, SdkKeyKind::Client] {
        let mut shard = Shard::new();
        let mut connections = Vec::new();
        for _ in 0..100 {
            connections.push(shard.serve(kind).await);
        }
        let heartbeat = shard.config.heartbeat;
        shard.pass(heartbeat + TICK);
        for connection in &mut connections {
            assert!(connection.is_asked(kind), "{kind:?}");
        }
        shard.pass((heartbeat * 3 / 2).saturating_sub(TICK * 2));
        assert!(connections.iter().all(|it| shard.serves(it)), "{kind:?}");
        shard.pass(TICK * 2);
        assert!(!connections.iter().any(|it| shard.serves(it)), "{kind:?}");
        for connection in &mut connections {
            let last = loop {
                match connection.next() {
                    (CLOSE, payload) => break payload,
                    (opcode, _) => assert!([BINARY, PING].contains(&opcode)),
                }
            };
            assert_eq!(last[..2], CloseCode::NoHeartbeat.code().to_be_bytes());
        }
    }
}

#[tokio::test]
async fn a_silent_client_that_is_sent_changes_has_half_a_heartbeat_to_answer() {
    let mut shard = Shard::new();
    let heartbeat = shard.config.heartbeat;
    let change = Bytes::from_static(&[0x80 | BINARY, 0]);
    for _ in 0..20 {
        let mut connection = shard.serve(SdkKeyKind::Server).await;
        let (began, mut asked) = (shard.now, None);
        while shard.serves(&connection) {
            shard.state.write(connection.id, &change, Delivery::Delta);
            shard.pass(TICK);
            while connection.has_mail() {
                match connection.next().0 {
                    PING => asked.get_or_insert(shard.now),
                    CLOSE => break,
                    _ => continue,
                };
            }
        }
        let asked = asked.expect("it was asked");
        assert!(shard.now - asked >= heartbeat / 2);
        assert!(shard.now - began <= heartbeat * 5 / 2 + TICK);
    }
}

#[tokio::test]
async fn a_client_that_answers_stays() {
    let mut shard = Shard::new();
    let mut connection = shard.serve(SdkKeyKind::Server).await;
    // Many more than a client that does not answer would get.
    for _ in 0..10 {
        shard.pass(shard.config.heartbeat + TICK);
        assert_eq!(connection.next().0, PING);
        connection.speak().await;
    }
    assert!(shard.serves(&connection));
}

#[tokio::test]
async fn a_consumer_that_never_reads_is_closed() {
    let mut shard = Shard::new();
    let connection = shard.serve(SdkKeyKind::Server).await;
    let frame = Bytes::from(vec![0; 1 << 20]);
    let is_blocked = |shard: &mut Shard| {
        let slot = shard.state.slots.get_mut(connection.id);
        slot.expect("the slot").outbox.is_blocked()
    };
    while !is_blocked(&mut shard) {
        shard.state.write(connection.id, &frame, Delivery::Delta);
    }
    shard.pass(
        shard
            .config
            .slow_consumer_timeout
            .saturating_sub(Duration::from_secs(1)),
    );
    assert!(shard.serves(&connection));
    shard.pass(Duration::from_secs(2));
    assert!(!shard.serves(&connection));
    assert!(connection.is_cut(), "it would not read a close either");
}

#[tokio::test]
async fn edges_are_sent_a_change_before_the_applications_that_were_there_first() {
    let mut shard = Shard::new();
    let key = key_of(environment(), SdkKeyKind::Server);
    let mut applications = Vec::new();
    for _ in 0..3 * TURN {
        applications.push(shard.serve_under(key.clone()).await);
    }
    let mut edge = shard.serve_under(key.clone()).await;
    shard.state.receive(edge.id, Input::Follow(Vec::new()));
    assert_eq!(edge.next().0, BINARY, "KEYS");
    for _ in 0..3 {
        publish_next(key.environment());
        shard.state.mark_changed(key.environment());
        assert!(edge.has_mail(), "at once");
        assert!(
            applications
                .iter()
                .any(|application| !application.has_mail()),
            "others still wait"
        );
        while shard.state.wants_to_proceed() {
            shard.state.proceed();
        }
        for connection in applications.iter_mut().chain([&mut edge]) {
            assert_eq!(connection.next().0, BINARY, "DELTA");
            assert!(!connection.has_mail(), "once");
        }
    }
}

#[tokio::test]
async fn no_more_than_a_turn_of_edges_is_served_out_of_turn() {
    let mut shard = Shard::new();
    let key = key_of(environment(), SdkKeyKind::Server);
    let mut edges = Vec::new();
    for _ in 0..3 * TURN {
        let mut edge = shard.serve_under(key.clone()).await;
        shard.state.receive(edge.id, Input::Follow(Vec::new()));
        assert_eq!(edge.next().0, BINARY, "KEYS");
        edges.push(edge);
    }
    publish_next(key.environment());
    shard.state.serve_edges(key.environment());
    assert_eq!(edges.iter().filter(|edge| edge.has_mail()).count(), TURN);
}

#[tokio::test]
async fn connections_leave_a_draining_shard_evenly_over_the_window() {
    let mut shard = Shard::new();
    let mut connections = Vec::new();
    for _ in 0..20 {
        connections.push(shard.serve(SdkKeyKind::Server).await);
    }
    let (done, mut drained) = oneshot::channel();
    // Too short for heartbeats.
    let window = Duration::from_secs(16);
    shard.state.drain(window, done);
    for quarter in 1..=4 {
        shard.pass(window / 4);
        let left = connections.iter().filter(|left| !shard.serves(left));
        assert_eq!(left.count(), 5 * quarter);
    }
    for connection in &mut connections {
        let (opcode, message) = connection.next();
        assert_eq!(opcode, BINARY);
        let message = ServerFrame::decode(&message).expect("a message");
        assert!(matches!(message, ServerFrame::GoAway { .. }), "{message:?}");
        assert_eq!(connection.closed(), CloseCode::Shutdown.code());
    }
    for connection in &connections {
        assert!(drained.try_recv().is_err(), "somebody is left");
        shard.state.free(connection.id);
    }
    assert_eq!(drained.try_recv(), Ok(()));
}
