//! Background work on two nodes that are killed all the time: when work that is due takes effect, and that it does so
//! exactly once.

mod node;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use peekaboo_storage::{Page, Storage, Task, TaskState};
use time::OffsetDateTime;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, sleep_until};

use crate::bench::Bench;
use crate::postgres;
use crate::report::{Figure, Goal, ScenarioReport, Unit, count, progress};

use self::node::{Effect, Item};

pub(super) const NAME: &str = "tasks";
pub(crate) use self::node::{NAME as NODE, run as run_node};

/// Nodes that share the database.
const NODES: usize = 2;

/// 99 of 100 items take effect so soon after they are due, or after the lease of a dead node ended.
const GOAL: Duration = Duration::from_secs(2);

/// When the last item is due, how long the rest may take: several leases.
const PATIENCE: Duration = Duration::from_mins(2);

/// Queues items that become due evenly, and kills nodes evenly meanwhile.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let (items, kills) = if bench.options.quick {
        (200, 8)
    } else {
        (1_000, 100)
    };
    let window = Duration::from_nanos(bench.duration(100, 10));
    let address = postgres::address(bench.options.database.as_ref())?;
    let storage = node::open(&address).await?;
    forget_all(&storage).await?;

    let mut nodes = Nodes::start(&address)?;
    // The first items are due once the nodes run.
    let first = OffsetDateTime::now_utc() + Duration::from_secs(1);
    let mut due = BTreeMap::new();
    for number in 0..items {
        let due_at = first + window * number / items;
        storage.queue_task(&Item { number }, due_at, first).await?;
        due.insert(number, due_at);
    }
    let leases = nodes.kill(&storage, kills, first, window).await?;
    let effects = finished(&storage, items).await?;
    drop(nodes);
    forget_all(&storage).await?;
    storage.close().await;

    let mut waits = Vec::new();
    let mut waited_for_a_lease = 0;
    for (number, due_at) in &due {
        let effect = effects.get(number).context("an item had no effect")?;
        let leased_until = leases
            .get(number)
            .and_then(|ends| ends.range(..=*effect).next_back());
        waited_for_a_lease += u64::from(leased_until.is_some());
        waits.push(*effect - *leased_until.unwrap_or(due_at));
    }
    waits.sort_unstable();
    let millis = |share: usize| {
        let nth = (waits.len() * share).div_ceil(100).max(1) - 1;
        waits[nth].as_seconds_f64() * 1_000.0
    };

    let mut report = ScenarioReport::new(
        NAME,
        format!(
            "{items} items within {} s, {kills} kill -9 of {NODES} nodes",
            window.as_secs()
        ),
    );
    report.setting("items", items);
    report.setting("kills", kills);
    report.setting("windowSeconds", window.as_secs());
    let goal = Some(Goal::AtMost(GOAL.as_secs_f64() * 1_000.0));
    for (id, name, share, goal) in [
        ("effectP50", "from due to effect, p50", 50, None),
        ("effectP99", "from due to effect, p99", 99, goal),
        ("effectMax", "from due to effect, longest", 100, None),
    ] {
        let mut figure = Figure::new(id, name, Unit::Millis, millis(share));
        figure.goal = goal;
        report.push(figure);
    }
    report.push(Figure::new(
        "leasesAwaited",
        "items whose node died while it held them",
        Unit::Count,
        count(waited_for_a_lease),
    ));
    report.notes.push(format!(
        "all {items} items took effect exactly once; where a node died, time counts from the end of its lease"
    ));
    Ok(report)
}

/// The nodes, which end with this.
struct Nodes {
    program: std::path::PathBuf,
    address: String,
    children: Vec<Child>,
}

impl Nodes {
    fn start(address: &str) -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let children = (0..NODES).map(|_| spawn(&program, address));
        Ok(Self {
            children: children.collect::<Result<_, _>>()?,
            program,
            address: address.to_owned(),
        })
    }

    /// Kills one node after the other, starts each again, and tells until when which items were held then.
    async fn kill(
        &mut self,
        storage: &Storage,
        kills: u32,
        first: OffsetDateTime,
        window: Duration,
    ) -> anyhow::Result<BTreeMap<u32, BTreeSet<OffsetDateTime>>> {
        let begin = Instant::now() + (first - OffsetDateTime::now_utc()).unsigned_abs();
        let mut leases: BTreeMap<u32, BTreeSet<_>> = BTreeMap::new();
        for kill in 0..kills {
            sleep_until(begin + window * kill / kills).await;
            let nth = usize::try_from(kill)? % NODES;
            self.children[nth].kill().await?;
            // An item that the other node holds is done long before its lease ends. So a lease counts where it ended
            // before the effect.
            let now = OffsetDateTime::now_utc();
            for task in tasks(storage).await? {
                if let Some(item) = Item::of(&task)
                    && task.state(now) == TaskState::Running
                    && let Some(ends_at) = task.ready_at
                {
                    leases.entry(item.number).or_default().insert(ends_at);
                }
            }
            self.children[nth] = spawn(&self.program, &self.address)?;
            if kill % 10 == 9 {
                progress(&format!("  {} of {kills} kills", kill + 1));
            }
        }
        Ok(leases)
    }
}

fn spawn(program: &Path, address: &str) -> anyhow::Result<Child> {
    Command::new(program)
        .arg(NODE)
        .env(node::DATABASE, address)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("a node does not start")
}

/// Waits until no item is left; answers when each took effect. Fails where one did twice.
async fn finished(storage: &Storage, items: u32) -> anyhow::Result<BTreeMap<u32, OffsetDateTime>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let tasks = tasks(storage).await?;
        let left = tasks.iter().filter(|task| Item::of(task).is_some()).count();
        if left == 0 {
            let effects: Vec<_> = tasks.iter().filter_map(Effect::of).collect();
            let by_item: BTreeMap<_, _> = effects
                .iter()
                .map(|effect| (effect.number, effect.at))
                .collect();
            ensure!(
                effects.len() == by_item.len() && by_item.len() == usize::try_from(items)?,
                "{} effects of {} items, where {items} were queued",
                effects.len(),
                by_item.len(),
            );
            return Ok(by_item);
        }
        ensure!(Instant::now() < deadline, "{left} items are left undone");
        sleep(Duration::from_millis(200)).await;
    }
}

/// Removes what a run leaves, or an earlier one that failed left.
async fn forget_all(storage: &Storage) -> anyhow::Result<()> {
    for task in tasks(storage).await? {
        if Item::of(&task).is_some() || Effect::of(&task).is_some() {
            // Leases of an earlier run have ended by then.
            let later = OffsetDateTime::now_utc() + PATIENCE;
            storage.drop_task(task.id, later).await?;
        }
    }
    Ok(())
}

async fn tasks(storage: &Storage) -> anyhow::Result<Vec<Task>> {
    let mut all = Vec::new();
    let mut page = Page::first(1_000);
    loop {
        let list = storage.tasks(false, &page).await?;
        let next = Page::after(1_000, &list);
        all.extend(list.items);
        match next {
            Some(next) => page = next,
            None => return Ok(all),
        }
    }
}
