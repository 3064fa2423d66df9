//! A large customer's data on both databases: what takes how long next to it, what it costs, and who waits for whom.

mod admin_client;
mod cold;
mod deletes;
mod edge;
mod edits;
mod findings;
mod reads;
mod tenants;
mod toggles;
mod world;
mod writing;

use anyhow::Context as _;

use crate::bench::{Bench, Step, StoreKind};
use crate::data::{self, Filled, Size};
use crate::postgres;
use crate::report::{Figure, ScenarioReport, Unit, progress};

use self::findings::{Findings, millis};
use self::world::World;

pub(super) const NAME: &str = "data";

/// What PostgreSQL's figures are set beside.
const SQLITE: &str = "sqlite";

/// Fills and measures one database after the other.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let size = if bench.options.quick {
        Size::QUICK
    } else {
        Size::FULL
    };
    let mut report = ScenarioReport::new(
        NAME,
        format!(
            "{} flags in {} environments, {} environments in one organization, {} tenants; \"hub\" is on PostgreSQL",
            size.flags,
            size.environments,
            size.wide(),
            size.tenants
        ),
    );
    report.setting("flags", size.flags);
    report.setting("environments", size.environments);
    report.setting("wideEnvironments", size.wide());
    report.setting("tenants", size.tenants);
    report.setting("counts", size.counts);
    report.setting("people", size.people);

    if bench.fills(StoreKind::Postgres) {
        let named = bench.options.database.as_ref();
        let database = postgres::Fresh::create(named, "peekaboo_data").await?;
        let found = measure(bench, &size, database.url()).await;
        database.remove().await?;
        found.context("PostgreSQL")?.report_to(&mut report);
    }
    if bench.fills(StoreKind::Sqlite) {
        let folder = tempfile::tempdir()?;
        let file = format!("sqlite:{}", folder.path().join("data.db").display());
        let found = measure(bench, &size, &file).await;
        found.context("SQLite")?.report_beside(&mut report, SQLITE);
    }
    Ok(report)
}

/// Everything on one database. What fails is found too, and the rest goes on.
async fn measure(bench: &Bench, size: &Size, url: &str) -> anyhow::Result<Findings> {
    progress(&format!(
        "  filling {}",
        url.split(':').next().unwrap_or(url)
    ));
    let filled = data::fill(url, size).await?;
    let mut findings = Findings::default();
    findings.push(Figure::new(
        "fill",
        "filling the database",
        Unit::Millis,
        millis(filled.took),
    ));
    findings.push(Figure::new(
        "upgrade",
        "migrating it from the first release",
        Unit::Millis,
        millis(filled.upgrade),
    ));
    steps(bench, &filled, &mut findings).await?;
    Ok(findings)
}

async fn steps(bench: &Bench, filled: &Filled, findings: &mut Findings) -> anyhow::Result<()> {
    if bench.includes(Step::Cold) {
        findings.take("cold load", cold::measure(bench, filled).await);
    }
    let world = World::start(bench, filled, &[]).await?;
    if bench.includes(Step::Reads) {
        findings.take("reads", reads::measure(&world).await);
    }
    if bench.includes(Step::Toggles) {
        findings.take("toggles", toggles::measure(&world).await);
    }
    if bench.includes(Step::Edits) {
        findings.take("edits", edits::measure(&world).await);
    }
    if bench.includes(Step::Usage) {
        findings.take("usage", writing::measure(bench, &world).await);
    }
    if bench.includes(Step::Edge) {
        findings.take("edge", edge::measure(bench, &world).await);
    }
    if bench.includes(Step::Deletes) {
        findings.take("deletes", deletes::measure(&world).await);
    }
    drop(world);
    if bench.includes(Step::Tenants) {
        findings.take("tenants", tenants::measure(bench, filled).await);
    }
    Ok(())
}
