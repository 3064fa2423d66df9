//! Several hubs on one PostgreSQL, and edges below a hub: a change on one node must reach the sockets of all, and what
//! it costs must not grow with their number.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::admin::{Admin, Place};
use crate::bench::Bench;
use crate::clock::{Nanos, millis, now};
use crate::dataset;
use crate::fleet::{Fleet, GroupSpec};
use crate::generator::Schedule;
use crate::hub::{Edge, Hub};
use crate::measure::{self, Limits, Plan, Served, Window};
use crate::postgres;
use crate::process::CpuTime;
use crate::receiver::ClientProtocol;
use crate::report::{Curves, Figure, Latencies, ScenarioReport, Unit, count, progress};

pub(super) const NAME: &str = "nodes";

/// The most nodes with sockets that any arrangement has.
const MOST: u32 = 3;

/// Flags of the environment: a delta is as long with few as with many.
const FLAGS: usize = 10;

/// Which nodes there are. Changes are asked for at the first hub.
#[derive(Clone, Copy)]
struct NodeLayout {
    name: &'static str,
    hubs: usize,
    /// Below the first hub, which has no sockets of applications then.
    edges: usize,
}

/// What others are set beside.
const ONE: NodeLayout = NodeLayout {
    name: "hub",
    hubs: 1,
    edges: 0,
};

const OTHERS: [NodeLayout; 3] = [
    NodeLayout {
        name: "2 hubs",
        hubs: 2,
        edges: 0,
    },
    NodeLayout {
        name: "3 hubs",
        hubs: 3,
        edges: 0,
    },
    NodeLayout {
        name: "2 edges",
        hubs: 1,
        edges: 2,
    },
];

/// Measures each arrangement with as many sockets a node.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let database = postgres::address(bench.options.database.as_ref())?;
    let sockets = (bench.sockets() / MOST).max(1);
    let (changes, every) = (bench.changes(60, 10), bench.interval(500));
    let mut report = ScenarioReport::new(
        NAME,
        format!("{sockets} sockets on each node, {changes} changes"),
    );
    report.setting("socketsPerNode", sockets);
    report.setting("changes", changes);
    report.setting("intervalMillis", millis(every));
    let mut lines = Vec::new();
    for arrangement in std::iter::once(ONE).chain(OTHERS) {
        let name = arrangement.name;
        progress(&format!("  {name}"));
        let limits = bench.limits(every * changes as u64);
        let nodes = Nodes::start(bench, &database, arrangement, sockets, limits);
        let nodes = nodes.await.context(name)?;
        let spread = nodes.measure(changes, every, limits).await.context(name)?;
        lines.push(spread.all.from_commit.line(name));
        report
            .notes
            .push(format!("{name}: {}", spread.each_node(changes)));
        for figure in spread.figures(changes) {
            match report.figure_mut(figure.id) {
                Some(of_one) => drop(of_one.peers.insert(name.to_owned(), figure.ours)),
                None => report.push(figure),
            }
        }
    }
    report.curves.push(Curves {
        name: "commit to socket",
        lines,
    });
    let processors = if bench.cpus.are_split() {
        "one processor"
    } else {
        "this machine's processors"
    };
    report.notes.push(format!(
        "all nodes of an arrangement share {processors}: the CPU of a delivery says what machines of their own would \
         spend, while times grow with the number of nodes as they would not there"
    ));
    Ok(report)
}

/// The nodes of an arrangement with their sockets open: a group for each node that has any, in order.
struct Nodes {
    /// Ended before the hubs, so that none misses its upstream.
    edges: Vec<Edge>,
    hubs: Vec<Hub>,
    admin: Admin,
    place: Place,
    fleet: Fleet,
    groups: u32,
}

impl Nodes {
    async fn start(
        bench: &Bench,
        database: &str,
        arrangement: NodeLayout,
        sockets: u32,
        limits: Limits,
    ) -> anyhow::Result<Self> {
        let flags = ["--database-url".to_owned(), database.to_owned()];
        let mut hubs = Vec::with_capacity(arrangement.hubs);
        for _ in 0..arrangement.hubs {
            let hub = Hub::start(&bench.cpus, bench.binary(), &flags).await;
            hubs.push(hub.context("a hub")?);
        }
        let admin = Admin::sign_in(&hubs[0].ready).await?;
        // The database has the projects of arrangements before this, and maybe of runs.
        let place = admin.project(&format!("nodes-{}", now())).await?;
        dataset::create(&admin, &place, FLAGS).await?;
        let upstream = hubs[0].sdk_address()?;
        let mut edges = Vec::with_capacity(arrangement.edges);
        for _ in 0..arrangement.edges {
            let edge = Edge::start(&bench.cpus, bench.binary(), upstream, &place.server_key).await;
            edges.push(edge.context("an edge")?);
        }
        let addresses: Vec<SocketAddr> = if edges.is_empty() {
            hubs.iter()
                .map(Hub::sdk_address)
                .collect::<anyhow::Result<_>>()?
        } else {
            edges
                .iter()
                .map(Edge::sdk_address)
                .collect::<anyhow::Result<_>>()?
        };
        let groups = u32::try_from(addresses.len())?;
        let mut fleet = Fleet::start(&bench.cpus, sockets * groups, limits.deadline)?;
        for (id, address) in (0..).zip(addresses) {
            let group = GroupSpec {
                id,
                address,
                speech: ClientProtocol::Peekaboo {
                    key: place.server_key.clone(),
                    contexts: false,
                },
                narrow: false,
                count: sockets,
            };
            fleet.open(&group).await?;
        }
        Ok(Self {
            edges,
            hubs,
            admin,
            place,
            fleet,
            groups,
        })
    }

    /// Every process with its name, the hubs first.
    fn processes(&self) -> anyhow::Result<Vec<(String, u32)>> {
        let hubs = self.hubs.iter().map(Hub::pid);
        let edges = self.edges.iter().map(Edge::pid);
        let named = |kind: &'static str| move |(nth, pid)| Ok((format!("{kind} {nth}"), pid?));
        let hubs = (1..).zip(hubs).map(named("hub"));
        hubs.chain((1..).zip(edges).map(named("edge"))).collect()
    }

    /// Makes changes at the first hub, and sees that every socket of every node ends at the same state.
    async fn measure(
        mut self,
        changes: usize,
        every: Nanos,
        limits: Limits,
    ) -> anyhow::Result<Spread> {
        let key = &self.place.server_key;
        let version = version(&self.hubs[0].ruleset(key).await?)?;
        let plan = Plan::of_all((0..self.groups).map(|group| (group, version)), changes);
        let place = self.place.clone();
        let issuer = self
            .admin
            .toggles(move |nth| dataset::toggle(&place, nth, FLAGS))?;
        let schedule = Schedule::from_now(changes, every);
        let processes = self.processes()?;
        let before = cpu_times(&processes)?;
        let (fleet, first) = (&mut self.fleet, processes[0].1);
        let window = measure::window(fleet, first, issuer, schedule, plan.last(), limits).await?;
        let after = cpu_times(&processes)?;
        let ruleset = self.hubs[0].ruleset(key).await?;
        for group in 0..self.groups {
            self.fleet.compare(group, &ruleset).await?;
        }
        let cpu = after
            .iter()
            .zip(&before)
            .map(|(after, before)| after.since(before));
        Spread::new(
            &window,
            &plan,
            processes
                .into_iter()
                .map(|(name, _)| name)
                .zip(cpu)
                .collect(),
        )
    }
}

fn cpu_times(processes: &[(String, u32)]) -> anyhow::Result<Vec<CpuTime>> {
    processes.iter().map(|(_, pid)| CpuTime::of(*pid)).collect()
}

fn version(ruleset: &str) -> anyhow::Result<u64> {
    let ruleset: serde_json::Value = serde_json::from_str(ruleset)?;
    ruleset["version"]
        .as_u64()
        .context("the ruleset has no version")
}

/// How changes spread over the nodes.
struct Spread {
    all: Served,
    /// Of each process, over the whole window.
    cpu: Vec<(String, Duration)>,
    /// From a commit to the first socket of each node that has any: every change on every node.
    firsts: Latencies,
}

impl Spread {
    fn new(window: &Window, plan: &Plan, cpu: Vec<(String, Duration)>) -> anyhow::Result<Self> {
        let all = Served::by_hub(window, plan)?;
        Ok(Self {
            all,
            cpu,
            firsts: firsts(window)?,
        })
    }

    fn figures(&self, changes: usize) -> [Figure; 5] {
        let deliveries = count(self.all.deliveries);
        let cpu: Duration = self.cpu.iter().map(|(_, cpu)| *cpu).sum();
        [
            Figure::new(
                "socketsPerChange",
                "sockets that a change reaches",
                Unit::Count,
                // Also where one message brought several changes.
                count(self.all.from_intended.count()) / count(changes as u64),
            ),
            Figure::new(
                "cpuPerDelivery",
                "CPU a delivery, all nodes",
                Unit::Micros,
                micros(cpu) / deliveries,
            ),
            Figure::new(
                "commitToFirstSocketP99",
                "commit to a node's first socket, p99",
                Unit::Millis,
                self.firsts.millis_at(0.99),
            ),
            Figure::new(
                "commitToSocketP99",
                "commit to socket, p99",
                Unit::Millis,
                self.all.from_commit.millis_at(0.99),
            ),
            Figure::new(
                "lastSocket",
                "commit to last socket, median",
                Unit::Millis,
                self.all.last_millis(),
            ),
        ]
    }

    /// What a change cost each process, for people.
    fn each_node(&self, changes: usize) -> String {
        let each: Vec<_> = self
            .cpu
            .iter()
            .map(|(name, cpu)| {
                format!(
                    "{name} {:.1} ms",
                    micros(*cpu) / count(changes as u64) / 1_000.0
                )
            })
            .collect();
        format!("CPU of a change: {}", each.join(", "))
    }
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// The first arrival of each version on each node, counted from its commit.
fn firsts(window: &Window) -> anyhow::Result<Latencies> {
    let mut commits: HashMap<u32, Nanos> = HashMap::new();
    for commit in &window.collected.commits {
        let at = window.clock.instant(commit.wall_micros);
        let known = commits.insert(commit.version, at);
        // Every node tells the time at which the database committed, and not when it heard of that.
        ensure!(
            known.is_none_or(|known| known.abs_diff(at) < 1_000),
            "nodes tell version {} to be committed at different times",
            commit.version
        );
    }
    let mut firsts: HashMap<(u32, u32), Nanos> = HashMap::new();
    for delivery in &window.collected.deliveries {
        let first = firsts
            .entry((delivery.group, delivery.to))
            .or_insert(delivery.arrived);
        *first = delivery.arrived.min(*first);
    }
    let mut latencies = Latencies::new()?;
    for ((_, version), arrived) in firsts {
        let commit = commits
            .get(&version)
            .context("a version that nobody committed")?;
        latencies.record(arrived.saturating_sub(*commit));
    }
    Ok(latencies)
}
