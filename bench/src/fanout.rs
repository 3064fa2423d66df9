//! One environment to many sockets: every toggle must reach every socket once.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;
use tokio::sync::watch;

use crate::floor::Floor;
use crate::hub::{Admin, Hub};
use crate::machine::Machine;
use crate::receivers::{self, Seen, Socket};
use crate::report::{Comparison, Figures, say};
use crate::{hub, limits, process};

const FLAG: &str = "bench-fanout";

/// How large a run is.
#[derive(Args)]
pub(crate) struct Options {
    /// Sockets to hold open, all of one environment.
    #[arg(long, default_value_t = 5000)]
    sockets: usize,
    /// Toggles to make.
    #[arg(long, default_value_t = 20)]
    changes: u64,
    /// Milliseconds between two toggles.
    #[arg(long, default_value_t = 250)]
    interval: u64,
    /// Seconds after which a run that has not ended fails.
    #[arg(long, default_value_t = 120)]
    deadline: u64,
    /// The hub's binary; by default the one beside this program.
    #[arg(long)]
    hub: Option<PathBuf>,
    /// Writes the figures here as JSON too.
    #[arg(long)]
    json: Option<PathBuf>,
}

impl Options {
    fn pause(&self) -> Duration {
        Duration::from_millis(self.interval)
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline)
    }
}

/// Measures the hub, then the floor with the same bytes, and prints them side by side.
pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    ensure!(
        options.sockets > 0 && options.changes > 0,
        "a run needs sockets and changes: both must be above zero"
    );
    limits::ensure_room_for(options.sockets)?;
    let machine = Machine::here();
    let (hub, frame) = measure_hub(options).await.context("the hub's run")?;
    let floor = measure_floor(options, &frame)
        .await
        .context("the floor's run")?;
    let comparison = Comparison {
        machine,
        sockets: options.sockets,
        changes: options.changes,
        hub,
        floor,
    };
    comparison.print();
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_vec_pretty(&comparison)?)?;
    }
    Ok(())
}

async fn measure_hub(options: &Options) -> anyhow::Result<(Figures, Vec<u8>)> {
    let hub = Hub::start(&hub::binary(options.hub.as_ref())?).await?;
    let admin = Admin::sign_in(&hub.ready).await?;
    admin.create_flag(FLAG).await?;
    // The first socket loads the tenant, so that its memory is not counted as a connection's.
    let first = Socket::open(hub.sdk_address(), &hub.ready.demo.server_key).await?;
    let resident_before = process::resident_bytes(hub.pid())?;
    say(&format!(
        "connecting {} sockets to the hub",
        options.sockets
    ));
    let mut sockets = Vec::with_capacity(options.sockets);
    for _ in 0..options.sockets {
        sockets.push(Socket::open(hub.sdk_address(), &hub.ready.demo.server_key).await?);
    }
    let resident = process::resident_bytes(hub.pid())?.saturating_sub(resident_before);
    drop(first);

    let base = sockets[0].version();
    ensure!(
        sockets.iter().all(|socket| socket.version() == base),
        "sockets began at different versions"
    );
    let last = base + options.changes;
    let (started, begin) = watch::channel(false);
    let changes = tokio::spawn(toggle(admin, options.changes, options.pause(), begin));
    let cpu_before = process::cpu_time(hub.pid())?;
    let (_sockets, seen) = receivers::all(sockets, options.deadline(), started, move |socket| {
        socket.follow(last)
    })
    .await?;
    let cpu = process::cpu_time(hub.pid())?.saturating_sub(cpu_before);
    changes.await??;

    let frame = last_frame(&seen)?;
    let mut figures = Figures::new(&seen, cpu, frame.len(), |delivery| {
        delivery.committed_micros
    })?;
    let merged = seen
        .iter()
        .flat_map(|one| &one.deliveries)
        .filter(|one| one.to - one.from > 1)
        .count();
    if merged > 0 {
        say(&format!("{merged} deliveries carried several changes"));
    }
    figures.resident_bytes_per_connection = Some(resident / u64::try_from(options.sockets)?);
    Ok((figures, frame))
}

async fn toggle(
    admin: Admin,
    changes: u64,
    pause: Duration,
    mut begin: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    begin.wait_for(|begun| *begun).await?;
    let mut ticks = tokio::time::interval(pause);
    for change in 0..changes {
        ticks.tick().await;
        admin.toggle(FLAG, change % 2 == 0).await?;
    }
    Ok(())
}

async fn measure_floor(options: &Options, frame: &[u8]) -> anyhow::Result<Figures> {
    let mut floor = Floor::start(options.sockets, frame)?;
    say(&format!(
        "connecting {} sockets to the floor",
        options.sockets
    ));
    let mut sockets = Vec::with_capacity(options.sockets);
    for _ in 0..options.sockets {
        sockets.push(Socket::open_bare(&floor.address, 0).await?);
    }
    floor.wait_connected()?;
    let cpu_before = floor.cpu_time()?;
    let (started, mut start) = watch::channel(false);
    let (rounds, pause) = (options.changes, options.pause());
    let sending = tokio::spawn(async move {
        start.wait_for(|started| *started).await?;
        floor.send(rounds, pause).await
    });
    let (_sockets, seen) = receivers::all(sockets, options.deadline(), started, move |socket| {
        socket.count(rounds)
    })
    .await?;
    let (floor, began) = sending.await??;
    let cpu = floor.cpu_time()?.saturating_sub(cpu_before);
    Figures::new(&seen, cpu, frame.len(), |delivery| {
        usize::try_from(delivery.to - 1)
            .ok()
            .and_then(|round| began.get(round))
            .copied()
            .unwrap_or(u64::MAX)
    })
}

fn last_frame(seen: &[Seen]) -> anyhow::Result<Vec<u8>> {
    let frame = seen
        .first()
        .map(|one| one.last_frame.clone())
        .filter(|frame| !frame.is_empty());
    frame.context("no delta arrived")
}
