//! Requests over keep-alive connections, all from one thread.
//!
//! Closed loop: every connection asks again as soon as it is answered, which shows what a server can do. Open loop:
//! requests are due at instants fixed beforehand and their time counts from then, whether or not a connection was free,
//! which shows what a client sees.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, LocalSet};

use super::client::Connection;
use crate::clock::{MILLISECOND, Nanos, SECOND, now};
use crate::report::Latencies;

/// Timers of this runtime are exact to a millisecond; the rest is waited for awake.
const TIMER: Nanos = 2 * MILLISECOND;

/// Beyond the time of a loop, until the last answer must have come.
const PATIENCE: Nanos = 20 * SECOND;

/// A request, and what must come back.
pub(super) struct Exchange {
    pub(super) request: Vec<u8>,
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// What a loop saw.
pub(super) struct Outcome {
    pub(super) elapsed: Nanos,
    /// From the instant at which a request was due (open) or sent (closed) until its answer was whole.
    pub(super) latencies: Latencies,
    /// By how much the generator itself was late; of a closed loop, which is never late, there are none.
    pub(super) lags: Latencies,
}

/// Connections to one server, and the requests that are sent over them in turn.
pub(super) struct Load {
    connections: Vec<Connection>,
    exchanges: Rc<[Exchange]>,
}

impl Load {
    /// Opens the connections.
    pub(super) async fn connect(
        address: SocketAddr,
        connections: u32,
        exchanges: Vec<Exchange>,
    ) -> anyhow::Result<Self> {
        ensure!(!exchanges.is_empty(), "there is nothing to ask");
        let mut opened = Vec::with_capacity(connections as usize);
        for _ in 0..connections {
            opened.push(Connection::open(address).await?);
        }
        Ok(Self {
            connections: opened,
            exchanges: exchanges.into(),
        })
    }

    /// Asks on every connection again and again for this long.
    pub(super) async fn closed(&mut self, lasting: Nanos) -> anyhow::Result<Outcome> {
        let began = now();
        let end = began + lasting;
        let latencies = Rc::new(RefCell::new(Latencies::new()?));
        let tasks = LocalSet::new();
        let asking: Vec<_> = std::mem::take(&mut self.connections)
            .into_iter()
            .enumerate()
            .map(|(number, mut connection)| {
                let (exchanges, latencies) = (Rc::clone(&self.exchanges), Rc::clone(&latencies));
                tasks.spawn_local(async move {
                    // Connections ask for different contexts at a time.
                    for exchange in exchanges.iter().cycle().skip(number % exchanges.len()) {
                        let sent = now();
                        if sent >= end {
                            break;
                        }
                        exchange.make(&mut connection).await?;
                        latencies.borrow_mut().record(now() - sent);
                    }
                    anyhow::Ok(connection)
                })
            })
            .collect();
        self.connections = in_time(lasting, tasks.run_until(all(asking))).await?;
        let latencies = latencies.borrow().clone();
        Ok(Outcome {
            elapsed: now() - began,
            latencies,
            lags: Latencies::new()?,
        })
    }

    /// Asks `rate` times a second for this long, over whichever connection is free.
    pub(super) async fn open(&mut self, rate: u64, lasting: Nanos) -> anyhow::Result<Outcome> {
        ensure!(rate > 0, "a rate is above zero");
        let desk = Rc::new(RefCell::new(ConnectionQueue {
            waiting: VecDeque::new(),
            free: (0..self.connections.len()).collect(),
            latencies: Latencies::new()?,
        }));
        let tasks = LocalSet::new();
        let mut inboxes = Vec::with_capacity(self.connections.len());
        let mut asking = Vec::with_capacity(self.connections.len());
        for (number, connection) in std::mem::take(&mut self.connections)
            .into_iter()
            .enumerate()
        {
            // One at a time comes to a connection that is free.
            let (inbox, due) = mpsc::channel(1);
            inboxes.push(inbox);
            let exchanges = Rc::clone(&self.exchanges);
            asking.push(tasks.spawn_local(serve(
                number,
                connection,
                exchanges,
                due,
                Rc::clone(&desk),
            )));
        }
        let began = now();
        let total = u64::try_from(u128::from(lasting) * u128::from(rate) / u128::from(SECOND))?;
        let dispatching = async {
            let mut lags = Latencies::new()?;
            for number in 0..total {
                let at = began + number * SECOND / rate;
                wait_until(at).await;
                lags.record(now() - at);
                let mut desk = desk.borrow_mut();
                let due = Due {
                    at,
                    number: usize::try_from(number)?,
                };
                match desk.free.pop_front() {
                    // Where a connection has failed, its task says why.
                    Some(free) => drop(inboxes[free].try_send(due)),
                    None => desk.waiting.push_back(due),
                }
            }
            drop(inboxes);
            anyhow::Ok((all(asking).await?, lags))
        };
        let (connections, lags) = in_time(lasting, tasks.run_until(dispatching)).await?;
        self.connections = connections;
        let latencies = desk.borrow().latencies.clone();
        ensure!(
            latencies.count() == total,
            "{total} requests were due and {} were answered",
            latencies.count()
        );
        Ok(Outcome {
            elapsed: now() - began,
            latencies,
            lags,
        })
    }
}

/// Makes the requests that come to one connection, and then those for which none was free.
async fn serve(
    number: usize,
    mut connection: Connection,
    exchanges: Rc<[Exchange]>,
    mut inbox: mpsc::Receiver<Due>,
    desk: Rc<RefCell<ConnectionQueue>>,
) -> anyhow::Result<Connection> {
    while let Some(first) = inbox.recv().await {
        let mut next = Some(first);
        while let Some(due) = next {
            exchanges[due.number % exchanges.len()]
                .make(&mut connection)
                .await?;
            let mut desk = desk.borrow_mut();
            desk.latencies.record(now() - due.at);
            next = desk.waiting.pop_front();
            if next.is_none() {
                desk.free.push_back(number);
            }
        }
    }
    Ok(connection)
}

/// Requests that are due while no connection is free, and connections that are while none is due.
struct ConnectionQueue {
    waiting: VecDeque<Due>,
    free: VecDeque<usize>,
    latencies: Latencies,
}

/// A request, and the instant from which its time counts.
struct Due {
    at: Nanos,
    number: usize,
}

impl Exchange {
    async fn make(&self, connection: &mut Connection) -> anyhow::Result<()> {
        let body = connection.exchange(&self.request, self.status).await?;
        ensure!(
            body == self.body,
            "expected {}, got {}",
            String::from_utf8_lossy(&self.body),
            String::from_utf8_lossy(body)
        );
        Ok(())
    }
}

async fn all<T>(tasks: Vec<JoinHandle<anyhow::Result<T>>>) -> anyhow::Result<Vec<T>> {
    let mut done = Vec::with_capacity(tasks.len());
    for (number, task) in tasks.into_iter().enumerate() {
        done.push(
            task.await?
                .with_context(|| format!("connection {number}"))?,
        );
    }
    Ok(done)
}

async fn in_time<T>(
    lasting: Nanos,
    looping: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    tokio::time::timeout(Duration::from_nanos(lasting + PATIENCE), looping)
        .await
        .context("not every request was answered in time")?
}

/// Sleeps while that is exact enough, then lets others have their turn until it is time.
async fn wait_until(at: Nanos) {
    let early = at.saturating_sub(now() + TIMER);
    if early > 0 {
        tokio::time::sleep(Duration::from_nanos(early)).await;
    }
    while now() < at {
        tokio::task::yield_now().await;
    }
}
