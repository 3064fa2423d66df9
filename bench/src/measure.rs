//! A window of measurement, the same for the hub, the floor and peers: changes are asked for, every connection is waited
//! for, and the server's processor time in between is counted.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::clock::{MILLISECOND, Nanos, WallClock, millis};
use crate::cpus::Cpus;
use crate::fleet::{Fleet, GroupSpec};
use crate::floor::Floor;
use crate::generator::{Generator, Issue, Issued, Schedule};
use crate::process::CpuTime;
use crate::receiver::{Collected, RecordedFrames};
use crate::report::{
    COMMIT_TO_SOCKET, Curves, Figure, Goal, INTENDED_TO_SOCKET, Latencies, ScenarioReport, Unit,
    count,
};

/// Which groups each change reaches, and the version that it makes there: changes of one group take effect in the order
/// in which they were asked for, for an environment has one writer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    base: BTreeMap<u32, u64>,
    last: BTreeMap<u32, u64>,
    changes: Vec<Vec<u32>>,
    nth: HashMap<(u32, u64), usize>,
}

impl Plan {
    /// No change yet; each group begins at the version next to it.
    pub(crate) fn new(base: impl IntoIterator<Item = (u32, u64)>) -> Self {
        let base: BTreeMap<u32, u64> = base.into_iter().collect();
        Self {
            last: base.clone(),
            base,
            ..Self::default()
        }
    }

    /// `changes` that all reach the same groups.
    pub(crate) fn of_all(base: impl IntoIterator<Item = (u32, u64)>, changes: usize) -> Self {
        let mut plan = Self::new(base);
        let groups: Vec<u32> = plan.base.keys().copied().collect();
        for _ in 0..changes {
            plan.push(groups.clone());
        }
        plan
    }

    /// Adds a change.
    pub(crate) fn push(&mut self, groups: Vec<u32>) {
        for group in &groups {
            let version = self.last.entry(*group).or_default();
            *version += 1;
            self.nth.insert((*group, *version), self.changes.len());
        }
        self.changes.push(groups);
    }

    /// How many changes there are.
    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// What every connection of each group holds in the end.
    pub(crate) fn last(&self) -> Vec<(u32, u64)> {
        self.last
            .iter()
            .map(|(group, version)| (*group, *version))
            .collect()
    }
}

/// How strict a window is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The most that a change may be asked for late.
    pub(crate) lag: Nanos,
    /// When the scenario must be over.
    pub(crate) deadline: Nanos,
}

/// What happened in a window.
pub(crate) struct Window {
    pub(crate) collected: Collected,
    pub(crate) cpu: Duration,
    pub(crate) clock: WallClock,
    pub(crate) issued: Issued,
}

/// Asks for changes by `schedule` and waits until every connection holds what `reach` says.
pub(crate) async fn window(
    fleet: &mut Fleet,
    pid: u32,
    issuer: impl Issue,
    schedule: Schedule,
    reach: Vec<(u32, u64)>,
    limits: Limits,
) -> anyhow::Result<Window> {
    let wait = async |fleet: &mut Fleet| fleet.reach(reach).await;
    window_with(fleet, pid, issuer, schedule, limits, wait).await
}

/// Asks for changes by `schedule` while `meanwhile` does something with the receivers; the window ends with both.
pub(crate) async fn window_with(
    fleet: &mut Fleet,
    pid: u32,
    issuer: impl Issue,
    schedule: Schedule,
    limits: Limits,
    meanwhile: impl AsyncFnOnce(&mut Fleet) -> anyhow::Result<()>,
) -> anyhow::Result<Window> {
    // What came before is not of this window.
    fleet.collect().await?;
    let clock = WallClock::begin();
    let before = CpuTime::of(pid)?;
    let generator = Generator::start(schedule, issuer, limits.deadline)?;
    let ((), load) = tokio::try_join!(meanwhile(fleet), generator.finish(limits.lag))?;
    let cpu = CpuTime::of(pid)?.since(&before);
    let clock = clock.end()?;
    let collected = fleet.collect().await?;
    Ok(Window {
        collected,
        cpu,
        clock,
        issued: load,
    })
}

/// How a server delivered.
pub(crate) struct Served {
    /// Messages that brought changes to sockets.
    pub(crate) deliveries: u64,
    /// Those of them that brought several changes.
    pub(crate) merged: u64,
    pub(crate) cpu: Duration,
    pub(crate) from_commit: Latencies,
    pub(crate) from_intended: Latencies,
    /// From the intended instant to the commit: asking, deciding and the database.
    pub(crate) to_commit: Latencies,
    /// For each change the time from its commit until the last socket had it, in order of length.
    pub(crate) lasts: Vec<Nanos>,
    pub(crate) lag: Nanos,
    /// How well the time of a commit is known on the monotonic clock.
    pub(crate) clock_error: Nanos,
    /// Bytes on the wire.
    pub(crate) bytes: u64,
}

impl Served {
    /// Adds up a window of the hub, which tells its commits by the wall clock.
    pub(crate) fn by_hub(window: &Window, plan: &Plan) -> anyhow::Result<Self> {
        let commits = window.collected.commits.iter().map(|commit| {
            let version = (commit.group, u64::from(commit.version));
            (version, window.clock.instant(commit.wall_micros))
        });
        // Microseconds are what the hub tells.
        let error = window.clock.drift() + window.clock.within() + 1_000;
        Self::new(window, plan, &commits.collect(), error)
    }

    /// Adds up a window of a server whose changes took effect at known instants, one for each change.
    pub(crate) fn by_instants(
        window: &Window,
        plan: &Plan,
        began: &[Nanos],
    ) -> anyhow::Result<Self> {
        ensure!(
            began.len() == plan.len(),
            "{} of {} rounds were begun",
            began.len(),
            plan.len()
        );
        let commits = plan
            .nth
            .iter()
            .map(|(version, nth)| (*version, began[*nth]));
        Self::new(window, plan, &commits.collect(), 0)
    }

    fn new(
        window: &Window,
        plan: &Plan,
        commits: &HashMap<(u32, u64), Nanos>,
        clock_error: Nanos,
    ) -> anyhow::Result<Self> {
        let mut served = Self {
            deliveries: 0,
            merged: 0,
            cpu: window.cpu,
            from_commit: Latencies::new()?,
            from_intended: Latencies::new()?,
            to_commit: Latencies::new()?,
            lasts: Vec::new(),
            lag: window.issued.lag,
            clock_error,
            bytes: window.collected.bytes,
        };
        let schedule = &window.issued.schedule;
        let mut lasts = vec![None; plan.len()];
        for delivery in &window.collected.deliveries {
            served.deliveries += 1;
            served.merged += u64::from(delivery.to - delivery.from > 1);
            // One message may bring several changes; each of them took its own time.
            for version in delivery.from + 1..=delivery.to {
                let version = (delivery.group, u64::from(version));
                let nth = *plan
                    .nth
                    .get(&version)
                    .context("a version that nobody asked for")?;
                let intended = schedule.instant(nth);
                served
                    .from_intended
                    .record(delivery.arrived.saturating_sub(intended));
                // No connection received a version separately that was merged for all of them.
                let Some(commit) = commits.get(&version) else {
                    continue;
                };
                let latency = delivery.arrived.saturating_sub(*commit);
                served.from_commit.record(latency);
                lasts[nth] = lasts[nth].max(Some(latency));
            }
        }
        for (version, commit) in commits {
            if let Some(nth) = plan.nth.get(version) {
                served
                    .to_commit
                    .record(commit.saturating_sub(schedule.instant(*nth)));
            }
        }
        served.lasts = lasts.into_iter().flatten().collect();
        served.lasts.sort_unstable();
        ensure!(served.deliveries > 0, "nothing was delivered");
        Ok(served)
    }

    /// Processor time of a delivery, in microseconds.
    pub(crate) fn cpu_micros(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count(self.deliveries)
    }

    /// Median over the changes of the time until the last socket had one, in milliseconds.
    pub(crate) fn last_millis(&self) -> f64 {
        millis(
            self.lasts
                .get(self.lasts.len() / 2)
                .copied()
                .unwrap_or_default(),
        )
    }

    /// The longest that any change took to its last socket, in milliseconds.
    pub(crate) fn slowest_last_millis(&self) -> f64 {
        millis(self.lasts.last().copied().unwrap_or_default())
    }

    fn bytes_each(&self) -> f64 {
        count(self.bytes) / count(self.deliveries)
    }
}

/// What the hub's figures ought to be next to the floor's, in multiples.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Goals {
    pub(crate) cpu: Option<f64>,
    pub(crate) p99: Option<f64>,
    pub(crate) last: Option<f64>,
}

/// Adds what a fan-out found to a report.
pub(crate) fn report_fan_out(
    report: &mut ScenarioReport,
    hub: &Served,
    floor: Option<&Served>,
    goals: Goals,
) {
    let beside = |id, name: &str, unit, read: &dyn Fn(&Served) -> f64, goal: Option<f64>| {
        let mut figure = Figure::new(id, name, unit, read(hub));
        figure.floor = floor.map(read);
        figure.goal = goal.map(Goal::AtMostTimesFloor);
        figure
    };
    report.push(beside(
        "cpuPerDelivery",
        "CPU a delivery",
        Unit::Micros,
        &Served::cpu_micros,
        goals.cpu,
    ));
    report.figures.extend(hub.from_commit.figures(
        &COMMIT_TO_SOCKET,
        floor.map(|floor| &floor.from_commit),
        goals.p99.map(Goal::AtMostTimesFloor),
    ));
    report.push(beside(
        "lastSocket",
        "commit to last socket, median",
        Unit::Millis,
        &Served::last_millis,
        goals.last,
    ));
    report.push(beside(
        "lastSocketMax",
        "commit to last socket, slowest",
        Unit::Millis,
        &Served::slowest_last_millis,
        None,
    ));
    report.figures.extend(hub.from_intended.figures(
        &INTENDED_TO_SOCKET,
        floor.map(|floor| &floor.from_intended),
        None,
    ));
    report.push(beside(
        "intendedToCommitP99",
        "intended to commit, p99",
        Unit::Millis,
        &|served| served.to_commit.millis_at(0.99),
        None,
    ));
    report.push(beside(
        "bytesPerDelivery",
        "bytes a delivery",
        Unit::Bytes,
        &Served::bytes_each,
        None,
    ));
    report.push(Figure::new(
        "deliveries",
        "deliveries",
        Unit::Count,
        count(hub.deliveries),
    ));
    report.push(Figure::new(
        "lag",
        "longest lag of the generator",
        Unit::Millis,
        millis(hub.lag),
    ));
    if hub.merged > 0 {
        report.notes.push(format!(
            "{} of {} deliveries brought several changes, to sockets that had not been reached before the next",
            hub.merged, hub.deliveries
        ));
    }
    report.notes.push(format!(
        "commits are told by the wall clock: related to the monotonic one to within {:.3} ms",
        millis(hub.clock_error)
    ));
    let lines = |read: &dyn Fn(&Served) -> &Latencies| {
        let floor = floor.map(|floor| read(floor).line("floor"));
        std::iter::once(read(hub).line("hub"))
            .chain(floor)
            .collect()
    };
    report.curves.push(Curves {
        name: "commit to socket",
        lines: lines(&|served| &served.from_commit),
    });
    report.curves.push(Curves {
        name: "intended to socket",
        lines: lines(&|served| &served.from_intended),
    });
}

/// The groups of the hub's window once more, on the floor, with what its sockets were sent.
pub(crate) async fn floor(
    cpus: &Cpus,
    groups: &[GroupSpec],
    witnesses: &BTreeMap<u32, RecordedFrames>,
    plan: &Plan,
    every: Nanos,
    limits: Limits,
) -> anyhow::Result<Served> {
    let found = floor_rounds(cpus, groups, witnesses, plan, every, limits).await?;
    Served::by_instants(&found.window, &found.rounds, &found.began)
}

/// A window of the floor.
pub(crate) struct FloorWindow {
    pub(crate) window: Window,
    rounds: Plan,
    began: Vec<Nanos>,
}

/// A window of the floor: a round for each message that the first socket of each group was sent.
pub(crate) async fn floor_rounds(
    cpus: &Cpus,
    groups: &[GroupSpec],
    witnesses: &BTreeMap<u32, RecordedFrames>,
    plan: &Plan,
    every: Nanos,
    limits: Limits,
) -> anyhow::Result<FloorWindow> {
    let mut floor = Floor::start(cpus).await?;
    let sockets = groups.iter().map(|group| group.count).sum();
    let mut fleet = Fleet::start(cpus, sockets, limits.deadline)?;
    for group in groups {
        let witness = witnesses
            .get(&group.id)
            .context("a group without a witness")?;
        floor.welcome(group.id, witness.welcome.clone()).await?;
        let mut group = group.clone();
        group.address = floor.address;
        fleet.open(&group).await?;
    }
    let (frames, rounds) = rounds(plan, witnesses);
    ensure!(
        !frames.is_empty(),
        "no socket was sent anything, so that there is nothing to send on the floor"
    );
    let schedule = Schedule::from_now(rounds.len(), every);
    let issuer = floor.rounds(frames).await?;
    let window = window(
        &mut fleet,
        floor.pid()?,
        issuer,
        schedule,
        rounds.last(),
        limits,
    )
    .await?;
    let began = floor.began().await?;
    Ok(FloorWindow {
        window,
        rounds,
        began,
    })
}

/// What the floor sends in each of its rounds, and what that makes of its groups.
fn rounds(plan: &Plan, witnesses: &BTreeMap<u32, RecordedFrames>) -> (Vec<(u32, Vec<u8>)>, Plan) {
    let mut rounds = Plan::new(plan.base.clone());
    let mut frames = Vec::new();
    let mut waiting: BTreeMap<u32, std::iter::Peekable<_>> = witnesses
        .iter()
        .map(|(group, witness)| (*group, witness.messages.iter().peekable()))
        .collect();
    let mut versions = plan.base.clone();
    for change in &plan.changes {
        for group in change {
            let version = versions.entry(*group).or_default();
            *version += 1;
            let Some(messages) = waiting.get_mut(group) else {
                continue;
            };
            let Some((to, frame)) = messages.next_if(|(to, _)| u64::from(*to) == *version) else {
                continue;
            };
            frames.push((*group, frame.clone()));
            rounds.push_version(*group, u64::from(*to));
        }
    }
    (frames, rounds)
}

impl Plan {
    /// Adds a round that brings a group to a version, maybe past several.
    fn push_version(&mut self, group: u32, version: u64) {
        let held = self.last.insert(group, version).unwrap_or_default();
        for passed in held + 1..=version {
            self.nth.insert((group, passed), self.changes.len());
        }
        self.changes.push(vec![group]);
    }
}

/// The deadline of a scenario and the lag that it allows.
impl Limits {
    /// From what the command line says.
    pub(crate) fn new(lag_millis: f64, deadline: Nanos) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a few milliseconds"
        )]
        let lag = (lag_millis.max(0.0) * MILLISECOND as f64) as Nanos;
        Self { lag, deadline }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receiver::{Commit, Delivery};

    fn delivery(group: u32, from: u32, to: u32, arrived: Nanos) -> Delivery {
        Delivery {
            group,
            number: 0,
            from,
            to,
            arrived,
        }
    }

    fn window_of(deliveries: Vec<Delivery>, changes: usize) -> Window {
        Window {
            collected: Collected {
                deliveries,
                commits: Vec::new(),
                bytes: 600,
            },
            cpu: Duration::from_micros(30),
            clock: WallClock::begin().end().unwrap(),
            issued: Issued {
                schedule: Schedule::at(1_000 * MILLISECOND, 100 * MILLISECOND, changes),
                lag: 0,
            },
        }
    }

    #[test]
    fn a_change_is_counted_from_its_intended_instant_and_from_its_commit() {
        let plan = Plan::of_all([(0, 7)], 2);
        let deliveries = vec![
            delivery(0, 7, 8, 1_030 * MILLISECOND),
            delivery(0, 8, 9, 1_120 * MILLISECOND),
            delivery(0, 7, 9, 1_150 * MILLISECOND),
        ];
        let began = [1_010 * MILLISECOND, 1_110 * MILLISECOND];
        let served = Served::by_instants(&window_of(deliveries, 2), &plan, &began).unwrap();
        assert_eq!((served.deliveries, served.merged), (3, 1));
        assert_eq!(
            served.from_intended.count(),
            4,
            "the merged one brought two changes"
        );
        assert!((served.from_intended.max_millis() - 150.0).abs() < 0.2);
        assert_eq!(served.lasts, [40 * MILLISECOND, 140 * MILLISECOND]);
        assert!((served.cpu_micros() - 10.0).abs() < 1e-6);
        assert!((served.to_commit.max_millis() - 10.0).abs() < 0.1);
    }

    #[test]
    fn an_unrequested_version_fails() {
        let plan = Plan::of_all([(0, 7)], 1);
        let window = window_of(vec![delivery(0, 8, 9, 0)], 1);
        let error = Served::by_instants(&window, &plan, &[0])
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("nobody asked for"), "{error}");
    }

    #[test]
    fn a_hubs_commit_is_brought_to_the_monotonic_clock() {
        let plan = Plan::of_all([(3, 7)], 1);
        let mut window = window_of(Vec::new(), 1);
        let wall = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        window.collected.commits = vec![Commit {
            group: 3,
            version: 8,
            wall_micros: u64::try_from(wall.as_micros()).unwrap(),
        }];
        window.collected.deliveries =
            vec![delivery(3, 7, 8, crate::clock::now() + 5 * MILLISECOND)];
        let served = Served::by_hub(&window, &plan).unwrap();
        let latency = served.from_commit.max_millis();
        assert!((5.0..500.0).contains(&latency), "{latency}");
    }

    #[test]
    fn the_floor_sends_what_a_socket_was_sent_in_the_order_of_changes() {
        let mut plan = Plan::new([(0, 1), (1, 5)]);
        for group in [0, 1, 0, 0] {
            plan.push(vec![group]);
        }
        let witness = |messages: &[(u32, u8)]| RecordedFrames {
            welcome: Vec::new(),
            messages: messages
                .iter()
                .map(|(to, byte)| (*to, vec![*byte]))
                .collect(),
        };
        // The first group's socket received its last two changes as one delta.
        let witnesses = [(0, witness(&[(2, 10), (4, 11)])), (1, witness(&[(6, 20)]))].into();
        let (frames, rounds) = rounds(&plan, &witnesses);
        assert_eq!(frames, [(0, vec![10]), (1, vec![20]), (0, vec![11])]);
        assert_eq!(rounds.last(), [(0, 4), (1, 6)]);
        assert_eq!(rounds.nth[&(0, 3)], 2);
    }
}
