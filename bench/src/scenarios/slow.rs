//! Some readers stall: no one else is to notice, the hub's memory is to stay as it was, and they are to end at the final
//! state once they read on.

use anyhow::bail;

use crate::bench::Bench;
use crate::clock::{Nanos, millis};
use crate::dataset;
use crate::fleet::{Fleet, GroupSpec};
use crate::generator::Schedule;
use crate::measure::{self, Limits, Plan, Served};
use crate::report::{Figure, Goal, ScenarioReport, Unit, count, progress};

use super::stage::Stage;

pub(super) const NAME: &str = "slow";

/// Large enough that a stalled reader's buffers fill within a few changes.
const VALUE: usize = 4_096;
const FLAGS: usize = 10;

/// Changes that surely fill the buffers of one who does not read.
const FILL: usize = 200;

/// The group that always reads, the one in a hundred that stalls first, and the four that come to stall as well.
const READERS: u32 = 0;
const FIRST: u32 = 1;
const MORE: u32 = 2;

/// What one part of the run found.
struct Part {
    served: Served,
    resident: u64,
}

/// Measures with none, one and five in a hundred stalled.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let (sockets, changes, every) = (
        bench.sockets().max(3),
        bench.changes(60, 15),
        bench.interval(300),
    );
    let limits = bench.limits(4 * every * changes as u64);
    let stalled = (sockets / 20).max(2);
    let first = (sockets / 100).max(1);
    let title =
        format!("{sockets} sockets, of which first {first} and then {stalled} stop reading");
    let mut report = ScenarioReport::new(NAME, title);
    report.setting("sockets", sockets);
    report.setting("stalled", stalled);
    report.setting("changes", changes);
    report.setting("intervalMillis", millis(every));
    report.setting("valueBytes", VALUE);

    // Who does not read answers no ping either, and is not to be closed for that.
    let hub = bench.hub_with(&["--sdk-heartbeat=1h".to_owned()]).await?;
    let mut stage = Stage::of(bench, hub, 0, limits).await?;
    dataset::create_large(&stage.admin, &stage.place, FLAGS, VALUE).await?;
    progress(&format!("  connecting {sockets} sockets to the hub"));
    let readers = stage.servers(READERS, sockets - stalled)?;
    stage.fleet.open(&readers).await?;
    let mut phases = Phases {
        base: stage.version().await?,
        done: 0,
        changes,
        every,
        limits,
    };
    progress("  none stalled");
    let none = phases.run(&mut stage).await?;
    phases.stall(&mut stage, FIRST, first, first).await?;
    progress(&format!("  {first} stalled"));
    let one = phases.run(&mut stage).await?;
    phases
        .stall(&mut stage, MORE, stalled - first, stalled)
        .await?;
    progress(&format!("  {stalled} stalled"));
    let before = stage.hub.resident_bytes()?;
    let five = phases.run(&mut stage).await?;

    progress("  all read on");
    catch_up(&mut stage.fleet, phases.base).await?;
    stage.compare(&mut report, &[READERS, FIRST, MORE]).await?;
    tell(&mut report, &none, &one, &five, before);
    report.notes.push(format!(
        "the hub itself counted {stalled} slow consumers before they read on"
    ));
    report
        .notes
        .push("no floor: a bare loop of send() stops at the first reader that stalls".to_owned());
    Ok(report)
}

fn tell(report: &mut ScenarioReport, none: &Part, one: &Part, five: &Part, resident_before: u64) {
    let p99 = |part: &Part| part.served.from_commit.millis_at(0.99);
    let over_none = |part: &Part| p99(part) / p99(none);
    report.push(Figure::new(
        "p99None",
        "p99 with none stalled",
        Unit::Millis,
        p99(none),
    ));
    report.push(Figure::new(
        "p99One",
        "p99 of the others with 1 % stalled",
        Unit::Millis,
        p99(one),
    ));
    report.push(Figure::new(
        "p99Five",
        "p99 of the others with 5 % stalled",
        Unit::Millis,
        p99(five),
    ));
    report.push(Figure::new(
        "p99OneOverNone",
        "the same, 1 % over none",
        Unit::Times,
        over_none(one),
    ));
    report.push(
        Figure::new(
            "p99FiveOverNone",
            "the same, 5 % over none",
            Unit::Times,
            over_none(five),
        )
        .goal(Goal::AtMost(1.1)),
    );
    let (before, after) = (count(resident_before), count(five.resident));
    report.push(Figure::new(
        "residentBefore",
        "memory as 5 % have stalled",
        Unit::Kilobytes,
        before / 1_000.0,
    ));
    report.push(Figure::new(
        "residentAfter",
        "memory after more changes",
        Unit::Kilobytes,
        after / 1_000.0,
    ));
    report.push(
        Figure::new(
            "residentAfterOverBefore",
            "the same, after over before",
            Unit::Times,
            after / before,
        )
        .goal(Goal::AtMost(1.05)),
    );
}

/// Windows of changes, each going on where the one before ended.
struct Phases {
    base: u64,
    done: usize,
    changes: usize,
    every: Nanos,
    limits: Limits,
}

impl Phases {
    /// Opens a group, lets it stall at once, and makes changes until the hub itself counts `stalled` connections that
    /// take no more: who stalls while everything still fits into buffers shows nothing.
    async fn stall(
        &mut self,
        stage: &mut Stage,
        group: u32,
        count: u32,
        stalled: u32,
    ) -> anyhow::Result<()> {
        let spec = GroupSpec {
            narrow: true,
            ..stage.servers(group, count)?
        };
        stage.fleet.open(&spec).await?;
        stage.fleet.stall(group, true).await?;
        for _ in 0..FILL {
            let slow = stage.hub.metric("peekaboo_slow_consumers").await?;
            if slow >= f64::from(stalled) {
                return Ok(());
            }
            stage
                .admin
                .toggle(&dataset::toggle(&stage.place, self.done, FLAGS))
                .await?;
            self.base += 1;
            self.done += 1;
            // Changes that are merged for those who are behind would fill nothing.
            stage.fleet.reach(vec![(READERS, self.base)]).await?;
        }
        bail!(
            "{stalled} readers stalled, and after {FILL} changes the hub still does not count them as slow"
        )
    }

    async fn run(&mut self, stage: &mut Stage) -> anyhow::Result<Part> {
        let plan = Plan::of_all([(READERS, self.base)], self.changes);
        let issuer = stage.toggles(self.done, FLAGS)?;
        let schedule = Schedule::from_now(self.changes, self.every);
        let (fleet, pid) = (&mut stage.fleet, stage.hub.pid()?);
        let mut window =
            measure::window(fleet, pid, issuer, schedule, plan.last(), self.limits).await?;
        window
            .collected
            .deliveries
            .retain(|delivery| delivery.group == READERS);
        self.base += self.changes as u64;
        self.done += self.changes;
        Ok(Part {
            served: Served::by_hub(&window, &plan)?,
            resident: stage.hub.resident_bytes()?,
        })
    }
}

async fn catch_up(fleet: &mut Fleet, version: u64) -> anyhow::Result<()> {
    for group in [FIRST, MORE] {
        fleet.stall(group, false).await?;
    }
    fleet.reach(vec![(FIRST, version), (MORE, version)]).await
}
