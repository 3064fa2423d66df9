//! What applications ask by HTTP, next to a bare axum handler that answers the same bytes.
//!
//! Every answer is compared: an evaluation with what the hub answered to the same context before the loops began.

mod client;
pub(crate) mod floor;
mod load;
mod question;

use std::net::SocketAddr;

use anyhow::{Context as _, bail};

use self::floor::Floor;
use self::load::{Exchange, Load};
use self::question::{Asked, Ids, Question};
use crate::admin::{Admin, Place};
use crate::bench::Bench;
use crate::clock::{Nanos, SECOND, millis};
use crate::dataset::{self, FLAGS};
use crate::generator::InvalidRun;
use crate::hub::Hub;
use crate::process::CpuTime;
use crate::report::{Curves, Figure, Goal, Latencies, ScenarioReport, Unit, count, progress};

pub(crate) const NAME: &str = "http";

/// Connections kept open.
const CONNECTIONS: u32 = 32;

/// Of a loop's time, before what counts.
const WARM_UP: Nanos = 5;

/// Single evaluations that one core is to answer in a second.
const GOAL: Goal = Goal::AtLeast(40_000.0);

/// What one server does with one question.
struct Measured {
    /// Closed loop: answers a second.
    per_second: f64,
    /// Closed loop: processor time of the server for an answer, in microseconds.
    cpu_micros: f64,
    /// Open loop.
    latencies: Latencies,
}

/// How each question is asked.
struct Loops {
    connections: u32,
    lasting: Nanos,
    /// How late one request in a hundred may be.
    lag: Nanos,
}

/// Asks the hub each question and then the floor, and sets them side by side.
pub(crate) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let loops = Loops {
        connections: bench.sockets_or(CONNECTIONS),
        lasting: if bench.options.quick {
            SECOND / 4
        } else {
            bench.duration(5, 5)
        },
        lag: bench.limits(0).lag,
    };
    let mut report = ScenarioReport::new(
        NAME,
        format!(
            "OFREP evaluations and rulesets over {} keep-alive connections",
            loops.connections
        ),
    );
    report.setting("connections", loops.connections);
    report.setting("millisEach", millis(loops.lasting));
    let hub = bench.hub().await?;
    let admin = Admin::sign_in(&hub.ready).await?;
    let place = admin.project("bench").await?;
    dataset::create(&admin, &place, FLAGS).await?;
    question::prepare(&admin, &place).await?;
    for question in Question::ALL {
        progress(&format!("  asking for: {}", question.title()));
        let compared = loops.compare(bench, question, &hub, &place).await;
        let (ours, floor, rate) = compared.context(question.title())?;
        report.notes.push(format!(
            "{}: times are of an open loop of {rate} requests a second; a closed loop got {:.0} a second of the hub \
             and {:.0} of the floor",
            question.title(),
            ours.per_second,
            floor.per_second
        ));
        report.curves.push(Curves {
            name: question.title(),
            lines: vec![ours.latencies.line("hub"), floor.latencies.line("floor")],
        });
        report.figures.extend(figures(question, &ours, &floor));
    }
    report.notes.push(
        "the floor is an axum handler that reads the request and answers the hub's bytes"
            .to_owned(),
    );
    Ok(report)
}

impl Loops {
    /// The hub's measures, the floor's, and the rate of their open loops, which is the same.
    async fn compare(
        &self,
        bench: &Bench,
        question: Question,
        hub: &Hub,
        place: &Place,
    ) -> anyhow::Result<(Measured, Measured, u64)> {
        let address = hub.sdk_address()?;
        let Asked { exchanges, answer } = question.ask(address, place).await?;
        let of_floor = exchanges.iter().map(|exchange| Exchange {
            request: exchange.request.clone(),
            body: answer.body.clone(),
            ..*exchange
        });
        let of_floor = of_floor.collect();
        let (mut load, closed) = self.closed(address, hub.pid()?, exchanges).await?;
        let rate = half(closed.per_second);
        let ours = self
            .open(&mut load, closed, rate)
            .await
            .context("the hub")?;
        drop(load);
        let floor = Floor::start(&bench.cpus, &answer).await?;
        let (mut load, closed) = self.closed(floor.address, floor.pid()?, of_floor).await?;
        let floor = self
            .open(&mut load, closed, rate)
            .await
            .context("the floor")?;
        Ok((ours, floor, rate))
    }

    async fn closed(
        &self,
        address: SocketAddr,
        server: u32,
        exchanges: Vec<Exchange>,
    ) -> anyhow::Result<(Load, Closed)> {
        let mut load = Load::connect(address, self.connections, exchanges).await?;
        load.closed(self.lasting / WARM_UP).await?;
        let before = CpuTime::of(server)?;
        let outcome = load.closed(self.lasting).await?;
        let cpu = CpuTime::of(server)?.since(&before);
        let answers = count(outcome.latencies.count());
        let closed = Closed {
            per_second: answers * count(SECOND) / count(outcome.elapsed),
            cpu_micros: cpu.as_secs_f64() * 1e6 / answers,
        };
        Ok((load, closed))
    }

    async fn open(
        &self,
        load: &mut Load,
        Closed {
            per_second,
            cpu_micros,
        }: Closed,
        rate: u64,
    ) -> anyhow::Result<Measured> {
        load.open(rate, self.lasting / WARM_UP).await?;
        let outcome = load.open(rate, self.lasting).await?;
        let (lag, limit) = (outcome.lags.millis_at(0.99), millis(self.lag));
        if lag > limit {
            bail!(InvalidRun::new(format!(
                "the generator was late by {lag:.2} ms for a request in a hundred, and {limit} ms is the most that \
                 counts: stop other programs"
            )));
        }
        Ok(Measured {
            per_second,
            cpu_micros,
            latencies: outcome.latencies,
        })
    }
}

/// What a closed loop found.
struct Closed {
    per_second: f64,
    cpu_micros: f64,
}

fn figures(question: Question, ours: &Measured, floor: &Measured) -> Vec<Figure> {
    let Ids {
        per_core,
        cpu,
        p50,
        p99,
        max,
    } = question.ids();
    let figure = |id, what: &str, unit, read: &dyn Fn(&Measured) -> f64| {
        let name = format!("{}, {what}", question.title());
        Figure::new(id, name, unit, read(ours)).beside(read(floor))
    };
    let mut of_core = figure(per_core, "answers a core", Unit::PerSecond, &|one| {
        1e6 / one.cpu_micros
    });
    if question.is_evaluation() {
        of_core = of_core.goal(GOAL);
    }
    vec![
        of_core,
        figure(cpu, "CPU an answer", Unit::Micros, &|one| one.cpu_micros),
        figure(p50, "p50", Unit::Millis, &|one| {
            one.latencies.millis_at(0.5)
        }),
        figure(p99, "p99", Unit::Millis, &|one| {
            one.latencies.millis_at(0.99)
        }),
        figure(max, "slowest", Unit::Millis, &|one| {
            one.latencies.max_millis()
        }),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is far below 2^52 and not negative"
)]
fn half(per_second: f64) -> u64 {
    (per_second / 2.0).max(1.0) as u64
}
