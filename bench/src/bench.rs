//! What the command line asks for, as scenarios ask for it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::clock::{MILLISECOND, Nanos, SECOND, now};
use crate::cpus::Cpus;
use crate::hub::{self, Hub};
use crate::limits;
use crate::measure::Limits;
use crate::peers::{Peer, Peers};

/// How large a run is. What is left out depends on the scenario.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// Small and short: to see that everything works, not to compare figures
    #[arg(long, global = true)]
    pub(crate) quick: bool,

    /// Sockets to hold open: 10000, or 2000 with --quick
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    sockets: Option<u32>,

    /// Changes to make
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    changes: Option<u32>,

    /// Milliseconds between two changes
    #[arg(long, global = true, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    interval: Option<u64>,

    /// Seconds of the scenarios that last a while: idle, churn, soak
    #[arg(long, global = true, value_name = "S", value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,

    /// Seconds after which a scenario that has not ended fails: 300 by default, and what --seconds says more
    #[arg(long, global = true, value_name = "S")]
    deadline: Option<u64>,

    /// Milliseconds that a change may be asked for late; a run with a later one is void
    #[arg(long, global = true, value_name = "MS", default_value_t = 1.0)]
    lag_limit: f64,

    /// How often a scenario whose run was void is tried
    #[arg(long, global = true, value_name = "N", default_value_t = 3)]
    pub(crate) attempts: u32,

    /// Let the scheduler place server and receivers, which have processors of their own otherwise
    #[arg(long, global = true)]
    no_pin: bool,

    /// The hub's binary; the one next to this program by default
    #[arg(long, global = true, value_name = "FILE")]
    hub: Option<PathBuf>,

    /// Measure others too, where a scenario can: those that are named, or all that are there
    #[arg(long, global = true, value_name = "PEERS", value_delimiter = ',', num_args = 0..)]
    compare: Option<Vec<Peer>>,

    /// Where `bench/peers/install` put them: target/peers by default
    #[arg(long, global = true, value_name = "FOLDER")]
    peers: Option<PathBuf>,

    /// An empty PostgreSQL database for several hubs; a throw-away one by default
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database: Option<String>,

    /// Steps of data: all by default
    #[arg(long, global = true, value_name = "STEPS", value_delimiter = ',')]
    pub(crate) steps: Vec<Step>,

    /// Databases of data: both by default
    #[arg(long, global = true, value_name = "DATABASES", value_delimiter = ',')]
    pub(crate) stores: Vec<StoreKind>,

    /// Write the report here as JSON, and charts next to it
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "bench/results/latest.json"
    )]
    pub(crate) json: PathBuf,
}

/// A step of the scenario `data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// Loading large and small projects after a start
    Cold,
    /// Lists, dependents, usage
    Reads,
    /// The CPU of toggles
    Toggles,
    /// Edits, and who waits meanwhile
    Edits,
    /// Writing usage
    Usage,
    /// An edge with many keys
    Edge,
    /// Memory of many tenants
    Tenants,
    /// Deleting what has usage
    Deletes,
}

/// A database that the scenario `data` fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoreKind {
    /// PostgreSQL
    Postgres,
    /// SQLite
    Sqlite,
}

/// A run.
pub(crate) struct Bench {
    pub(crate) options: Options,
    pub(crate) cpus: Cpus,
    binary: PathBuf,
    /// Whom to measure next to the hub.
    pub(crate) peers: Option<Peers>,
}

impl Bench {
    /// Checks what can be checked before anything starts.
    pub(crate) fn new(options: Options) -> anyhow::Result<Self> {
        let folder = match &options.peers {
            Some(folder) => folder.clone(),
            None => beside_builds(&std::env::current_exe()?),
        };
        let named = options.compare.as_ref();
        let peers = named.map(|named| Peers::new(named, folder));
        let bench = Self {
            peers,
            cpus: Cpus::new(!options.no_pin)?,
            binary: hub::binary(options.hub.as_ref())?,
            options,
        };
        limits::ensure_room_for(bench.sockets())?;
        Ok(bench)
    }

    /// Sockets to hold open.
    pub(crate) fn sockets(&self) -> u32 {
        self.options
            .sockets
            .unwrap_or(if self.options.quick { 2_000 } else { 10_000 })
    }

    /// Connections to keep open, where they are not what a scenario is about.
    pub(crate) fn sockets_or(&self, by_default: u32) -> u32 {
        self.options.sockets.unwrap_or(by_default)
    }

    /// Changes to make: what the command line says, or the scenario by default.
    pub(crate) fn changes(&self, full: u32, quick: u32) -> usize {
        let by_default = if self.options.quick { quick } else { full };
        self.options.changes.unwrap_or(by_default) as usize
    }

    /// Time between two changes.
    pub(crate) fn interval(&self, by_default: u64) -> Nanos {
        self.options.interval.unwrap_or(by_default) * MILLISECOND
    }

    /// How long a scenario lasts that does as long as one likes.
    pub(crate) fn duration(&self, full: u64, quick: u64) -> Nanos {
        let by_default = if self.options.quick { quick } else { full };
        self.options.seconds.unwrap_or(by_default) * SECOND
    }

    /// For a scenario that begins now and means to last for so long.
    pub(crate) fn limits(&self, lasting: Nanos) -> Limits {
        let deadline = self
            .options
            .deadline
            .map_or(300 * SECOND + lasting, |seconds| seconds * SECOND);
        Limits::new(self.options.lag_limit, now() + deadline)
    }

    /// Whether a step of `data` is wanted.
    pub(crate) fn includes(&self, step: Step) -> bool {
        self.options.steps.is_empty() || self.options.steps.contains(&step)
    }

    /// Whether `data` is wanted on a database.
    pub(crate) fn fills(&self, store: StoreKind) -> bool {
        self.options.stores.is_empty() || self.options.stores.contains(&store)
    }

    /// A hub of its own.
    pub(crate) async fn hub(&self) -> anyhow::Result<Hub> {
        self.hub_with(&[]).await
    }

    /// A hub of its own with further flags.
    pub(crate) async fn hub_with(&self, flags: &[String]) -> anyhow::Result<Hub> {
        Hub::start(&self.cpus, &self.binary, flags)
            .await
            .context("the hub")
    }

    /// The hub's binary, for scenarios with several.
    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }
}

/// The folder `peers` among those of builds: this program is in `target/release`.
fn beside_builds(program: &Path) -> PathBuf {
    let builds = program.parent().and_then(Path::parent);
    builds.unwrap_or(Path::new("target")).join("peers")
}
