//! Connections that come and go while flags change. `churn` compares a while of it with a while without; `soak` goes on
//! for long and looks whether anything grows.

use anyhow::ensure;

use crate::bench::Bench;
use crate::clock::{Nanos, SECOND, millis, now};
use crate::dataset::FLAGS;
use crate::fleet::Fleet;
use crate::generator::Schedule;
use crate::measure::{self, Limits, Plan, Served};
use crate::report::{Curves, Figure, ScenarioReport, Unit, count, progress};

use super::stage::Stage;

pub(super) const CHURN: &str = "churn";
pub(super) const SOAK: &str = "soak";

/// Windows of a soak, each with figures of its own.
const WINDOWS: u32 = 10;

/// Replaced in a minute, of a hundred connections.
const PERCENT_A_MINUTE: u32 = 10;

/// Compares with and without churn.
pub(super) async fn churn(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let (sockets, lasting, every) = (bench.sockets(), bench.duration(60, 8), bench.interval(250));
    let title = format!("{sockets} sockets, {PERCENT_A_MINUTE} % of them replaced a minute");
    let mut report = ScenarioReport::new(CHURN, title);
    let (mut stage, mut load) = Load::begin(bench, &mut report, lasting, every).await?;
    progress(&format!("  none replaced for {} s", lasting / SECOND));
    let none = load.run(&mut stage, lasting, false).await?;
    progress(&format!("  replaced for {} s", lasting / SECOND));
    let some = load.run(&mut stage, lasting, true).await?;
    stage.compare(&mut report, &[0]).await?;

    let p99 = |part: &Part| part.served.from_commit.millis_at(0.99);
    report.push(Figure::new(
        "p99None",
        "commit to socket, p99, none replaced",
        Unit::Millis,
        p99(&none),
    ));
    report.push(Figure::new(
        "p99Churn",
        "commit to socket, p99, with churn",
        Unit::Millis,
        p99(&some),
    ));
    report.push(Figure::new(
        "p99OverNone",
        "the same, churn over none",
        Unit::Times,
        p99(&some) / p99(&none),
    ));
    report.push(Figure::new(
        "replaced",
        "connections replaced",
        Unit::Count,
        f64::from(some.replaced),
    ));
    memory_figures(&mut report, &none, &some);
    report.curves.push(Curves {
        name: "commit to socket",
        lines: vec![
            none.served.from_commit.line("none replaced"),
            some.served.from_commit.line("churn"),
        ],
    });
    Ok(report)
}

/// Goes on for long.
pub(super) async fn soak(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let (sockets, lasting, every) = (
        bench.sockets(),
        bench.duration(600, 10),
        bench.interval(500),
    );
    let title = format!("{sockets} sockets with churn for {} s", lasting / SECOND);
    let mut report = ScenarioReport::new(SOAK, title);
    let (mut stage, mut load) = Load::begin(bench, &mut report, lasting, every).await?;
    // Minutes that went well are not given up for one that did not.
    let lag_limit = std::mem::replace(&mut load.limits.lag, Nanos::MAX);
    let (mut parts, mut voids) = (Vec::new(), 0);
    for nth in 1..=WINDOWS {
        let part = loop {
            let window = lasting / u64::from(WINDOWS);
            let part = load.run(&mut stage, window, true).await?;
            if part.served.lag <= lag_limit {
                break part;
            }
            let lag = millis(part.served.lag);
            ensure!(
                voids < WINDOWS,
                "as many windows were void as there are, the last for a lag of {lag:.2} ms: stop other programs"
            );
            progress(&format!(
                "  {nth} of {WINDOWS} is void, for the generator lagged {lag:.2} ms: once more"
            ));
            voids += 1;
        };
        progress(&format!(
            "  {nth} of {WINDOWS}: p99 {:.1} ms, {:.1} MB",
            part.served.from_commit.millis_at(0.99),
            count(part.resident) / 1e6
        ));
        parts.push(part);
    }
    stage.compare(&mut report, &[0]).await?;
    if voids > 0 {
        report.notes.push(format!(
            "void windows that were run again, since the generator lagged: {voids}"
        ));
    }

    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        anyhow::bail!("no window was run");
    };
    let p99 = |part: &Part| part.served.from_commit.millis_at(0.99);
    report.push(Figure::new(
        "p99First",
        "commit to socket, p99, first tenth",
        Unit::Millis,
        p99(first),
    ));
    report.push(Figure::new(
        "p99Last",
        "commit to socket, p99, last tenth",
        Unit::Millis,
        p99(last),
    ));
    let most = parts.iter().map(p99).fold(0.0, f64::max);
    report.push(Figure::new(
        "p99Most",
        "commit to socket, p99, worst tenth",
        Unit::Millis,
        most,
    ));
    memory_figures(&mut report, first, last);
    let deliveries = parts.iter().map(|part| part.served.deliveries).sum();
    let replaced: u32 = parts.iter().map(|part| part.replaced).sum();
    report.push(Figure::new(
        "deliveries",
        "deliveries",
        Unit::Count,
        count(deliveries),
    ));
    report.push(Figure::new(
        "replaced",
        "connections replaced",
        Unit::Count,
        f64::from(replaced),
    ));
    Ok(report)
}

fn memory_figures(report: &mut ScenarioReport, first: &Part, last: &Part) {
    let (before, after) = (count(first.resident), count(last.resident));
    report.push(Figure::new(
        "residentFirst",
        "the hub's memory at first",
        Unit::Kilobytes,
        before / 1_000.0,
    ));
    report.push(Figure::new(
        "residentLast",
        "the hub's memory at last",
        Unit::Kilobytes,
        after / 1_000.0,
    ));
    report.push(Figure::new(
        "residentGrowth",
        "growth of it",
        Unit::Percent,
        (after / before - 1.0) * 100.0,
    ));
}

/// Changes and churn that go on from one window to the next.
struct Load {
    sockets: u32,
    every: Nanos,
    limits: Limits,
    version: u64,
    made: usize,
    next: u32,
}

/// What a window found.
struct Part {
    served: Served,
    replaced: u32,
    resident: u64,
}

impl Load {
    /// A hub with all sockets open, and the load to come.
    async fn begin(
        bench: &Bench,
        report: &mut ScenarioReport,
        lasting: Nanos,
        every: Nanos,
    ) -> anyhow::Result<(Stage, Self)> {
        let (sockets, limits) = (bench.sockets(), bench.limits(2 * lasting));
        report.setting("sockets", sockets);
        report.setting("seconds", lasting / SECOND);
        report.setting("intervalMillis", millis(every));
        let mut stage = Stage::set(bench, FLAGS, limits).await?;
        progress(&format!("  connecting {sockets} sockets to the hub"));
        let group = stage.servers(0, sockets)?;
        stage.fleet.open(&group).await?;
        let load = Self {
            sockets,
            every,
            limits,
            version: stage.version().await?,
            made: 0,
            next: 0,
        };
        Ok((stage, load))
    }

    async fn run(
        &mut self,
        stage: &mut Stage,
        lasting: Nanos,
        churn: bool,
    ) -> anyhow::Result<Part> {
        let changes = usize::try_from(lasting / self.every)?.max(1);
        let plan = Plan::of_all([(0, self.version)], changes);
        let issuer = stage.toggles(self.made, FLAGS)?;
        self.version += changes as u64;
        self.made += changes;
        let (version, pid, begun) = (self.version, stage.hub.pid()?, now());
        let schedule = Schedule::from_now(changes, self.every);
        let (limits, before) = (self.limits, self.next);
        let replace = async |fleet: &mut Fleet| {
            if churn {
                self.replace(fleet, begun + lasting).await?;
            }
            fleet.reach(vec![(0, version)]).await
        };
        let window =
            measure::window_with(&mut stage.fleet, pid, issuer, schedule, limits, replace).await?;
        Ok(Part {
            served: Served::by_hub(&window, &plan)?,
            replaced: self.next - before,
            resident: stage.hub.resident_bytes()?,
        })
    }

    /// Replaces connections one at a time, evenly, until an instant.
    async fn replace(&mut self, fleet: &mut Fleet, until: Nanos) -> anyhow::Result<()> {
        let begun = now();
        let minute = 60 * SECOND;
        let each = u64::from((self.sockets * PERCENT_A_MINUTE).div_ceil(100));
        let mut replaced = 0;
        loop {
            let instant = begun + minute * replaced / each;
            if instant >= until {
                return Ok(());
            }
            let wait = instant.saturating_sub(now());
            if wait > 0 {
                fleet.idle(wait).await?;
            }
            fleet.drop_some(0, self.next % self.sockets, 1).await?;
            fleet.reopen(0, false, 1).await?;
            self.next += 1;
            replaced += 1;
        }
    }
}
