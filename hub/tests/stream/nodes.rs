//! Several nodes on one Postgres, which now and then is down.

use std::panic::AssertUnwindSafe;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use peekaboo_hub::StreamConfig;
use peekaboo_protocol::Mode;
use peekaboo_storage::{ChangesSince, DatabaseUrl, Options, SdkKeyKind, Storage};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use crate::harness::{Node, Shop, by, toggle, until};

/// Names the server on which tests make their databases.
const SERVER: &str = "PEEKABOO_TEST_POSTGRES_URL";

/// Makes a database, runs the test, and drops the database also when the test panicked.
async fn on_postgres<F: Future<Output = ()>>(body: impl FnOnce(PgConnectOptions) -> F) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var(SERVER) else {
        panic!(
            "{SERVER} names no server: run the tests with `make test`, or as `scripts/postgres cargo test`"
        );
    };
    let server = PgConnectOptions::from_str(&server).expect("an address");
    let name = format!(
        "peekaboo_nodes_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    statement(&server, format!("CREATE DATABASE {name}")).await;
    let outcome = AssertUnwindSafe(body(server.clone().database(&name)))
        .catch_unwind()
        .await;
    statement(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

async fn statement(server: &PgConnectOptions, sql: String) {
    let mut connection = PgConnection::connect_with(server)
        .await
        .expect("the test server answers");
    sqlx::query(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("the statement runs");
}

async fn open(options: &PgConnectOptions) -> Storage {
    let url = DatabaseUrl::Postgres(Box::new(options.clone()));
    Storage::start(Options {
        connections: 4,
        ..Options::new(url)
    })
    .await
    .expect("the database opens")
}

async fn start(options: &PgConnectOptions) -> Node {
    Node::start(open(options).await, StreamConfig::default()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_toggle_on_either_node_reaches_the_sockets_of_both() {
    on_postgres(|database| async move {
        let (one, other) = (start(&database).await, start(&database).await);
        let shop = Shop::set_up(&one.storage).await;
        let (mut here, mut one_held) = one.server_client(&shop).await;
        let (mut there, mut other_held) = other.server_client(&shop).await;
        for round in 0..10 {
            let node = if round % 4 < 2 { &one } else { &other };
            let began = Instant::now();
            let version = node.toggle(&shop, round % 2 == 0).await;
            one_held.reach(&mut here, version).await;
            other_held.reach(&mut there, version).await;
            assert_eq!(one_held, other_held);
            assert!(
                began.elapsed() < Duration::from_secs(5),
                "{:?}",
                began.elapsed()
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_on_two_nodes_make_one_history() {
    on_postgres(|database| async move {
        let (one, other) = (start(&database).await, start(&database).await);
        let shop = Arc::new(Shop::set_up(&one.storage).await);
        let (mut client, mut replica) = one.server_client(&shop).await;
        let first = replica.version;
        let writers = [one.hub.clone(), other.hub.clone()].map(|hub| {
            let organization = shop.organization;
            tokio::spawn(async move {
                let mut made = 0;
                for round in 0..40 {
                    let committed = hub
                        .execute(organization, toggle(round % 2 == 0), by())
                        .await
                        .expect("it commits");
                    made += committed.changes.len();
                }
                made
            })
        });
        let mut made = 0;
        for writer in writers {
            made += writer.await.expect("a writer");
        }
        let last = first + u64::try_from(made).expect("a count");
        replica.reach(&mut client, last).await;
        for node in [&one, &other] {
            until("the node is up to date", || async {
                let environment = node
                    .hub
                    .environment(shop.organization, shop.production())
                    .await;
                environment.expect("an environment").version == last
            })
            .await;
        }
        let epoch = &replica.resume().epoch;
        let from = i64::try_from(first).expect("a version");
        let log = one
            .storage
            .changes_since(shop.production(), epoch, from, 1_000);
        let ChangesSince::Entries(log) = log.await.expect("a log") else {
            panic!("the log continues from where the writers began")
        };
        let versions: Vec<_> = log
            .iter()
            .map(|entry| entry.version.unsigned_abs())
            .collect();
        assert_eq!(versions, (first + 1..=last).collect::<Vec<_>>());
        // A toggle that changes nothing is not written: so each follows from the one before it in the log.
        let enabled: Vec<_> = log
            .iter()
            .map(|entry| entry.changes.put_flags["checkout"].enabled)
            .collect();
        assert!(
            enabled.windows(2).all(|pair| pair[0] != pair[1]),
            "{enabled:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_resumes_at_another_node() {
    on_postgres(|database| async move {
        let (one, other) = (start(&database).await, start(&database).await);
        let shop = Shop::set_up(&one.storage).await;
        let (client, mut replica) = one.server_client(&shop).await;
        drop(client);
        one.toggle(&shop, true).await;
        // This node has not seen the versions that the client missed being made.
        let mut client = other.upgraded().await;
        client
            .hello_with(
                shop.secret(SdkKeyKind::Server),
                Some(replica.resume()),
                None,
            )
            .await;
        assert_eq!(replica.welcomed(&mut client).await, Mode::Delta);
        assert_eq!(replica.flags["checkout"]["enabled"], true);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_cut_off_from_the_database_serves_what_it_holds_and_catches_up() {
    on_postgres(|database| async move {
        let wire = Wire::to(&database).await;
        let cut_off = start(&wire.options).await;
        let other = start(&database).await;
        let shop = Shop::set_up(&other.storage).await;
        let (mut client, mut replica) = cut_off.server_client(&shop).await;
        assert!(!cut_off.hub.is_stale());

        wire.cut();
        until("it notices", async || cut_off.hub.is_stale()).await;
        let (_newcomer, held) = cut_off.server_client(&shop).await;
        assert_eq!(held, replica);
        let refused = cut_off
            .hub
            .execute(shop.organization, toggle(true), by())
            .await;
        assert!(
            matches!(&refused, Err(error) if error.is_temporary()),
            "{refused:?}"
        );
        assert!(cut_off.hub.ready());
        let version = other.toggle(&shop, true).await;

        wire.mend();
        replica.reach(&mut client, version).await;
        until("it notices", async || !cut_off.hub.is_stale()).await;
        let version = cut_off.toggle(&shop, false).await;
        replica.reach(&mut client, version).await;
    })
    .await;
}

/// A way to the database that can be cut.
struct Wire {
    options: PgConnectOptions,
    whole: watch::Sender<bool>,
}

impl Wire {
    async fn to(database: &PgConnectOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let mut options = database.clone().host("127.0.0.1").port(port);
        if database.get_socket().is_some() {
            // Options remember a socket above all else; what else they hold is worth keeping.
            let name = database.get_database().expect("named");
            options = PgConnectOptions::new_without_pgpass()
                .host("127.0.0.1")
                .port(port)
                .username(database.get_username())
                .database(name);
        }
        let (whole, state) = watch::channel(true);
        let target = database.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, target.clone(), state.clone()));
            }
        });
        Self { options, whole }
    }

    fn cut(&self) {
        self.whole.send_replace(false);
    }

    fn mend(&self) {
        self.whole.send_replace(true);
    }
}

/// Carries bytes both ways until the wire is cut.
async fn carry(mut stream: TcpStream, target: PgConnectOptions, mut state: watch::Receiver<bool>) {
    if !*state.borrow_and_update() {
        return;
    }
    let cut = async {
        while *state.borrow_and_update() {
            if state.changed().await.is_err() {
                return;
            }
        }
    };
    let carrying = async {
        if let Some(folder) = target.get_socket() {
            let path = folder.join(format!(".s.PGSQL.{}", target.get_port()));
            let mut server = UnixStream::connect(path).await?;
            copy_bidirectional(&mut stream, &mut server).await
        } else {
            let mut server = TcpStream::connect((target.get_host(), target.get_port())).await?;
            copy_bidirectional(&mut stream, &mut server).await
        }
    };
    tokio::select! {
        _ = carrying => {}
        () = cut => {}
    }
}
