//! Fills an empty database, block by block, and has the storage migrate it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use peekaboo_storage::{Options, Storage};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::block::{Block, EnvironmentPath};
use super::keys::{insert_keys, insert_token};
use super::size::Size;
use super::store::Store;
use super::usage::{DAYS, insert_counts, insert_people};
use crate::report::progress;

/// Environments and flags of a small project.
const SMALL: (u64, u64, u64) = (1, 3, 15);

/// Flags of each project of the wide organization.
const WIDE_FLAGS: u64 = 50;

/// Segments of the large project.
const SEGMENTS: u64 = 100;

/// What is in a filled database.
pub(crate) struct Filled {
    pub(crate) url: String,
    /// The environment of the large project that has usage, and every other one.
    pub(crate) large: Vec<EnvironmentPath>,
    /// A small project of the same organization.
    pub(crate) neighbor: EnvironmentPath,
    /// A small project of an organization of its own.
    pub(crate) small: EnvironmentPath,
    /// The environments of the wide organization.
    pub(crate) wide: Vec<EnvironmentPath>,
    /// The first environment of each tenant.
    pub(crate) tenants: Vec<EnvironmentPath>,
    /// Tokens of the large and the small organization.
    pub(crate) tokens: Tokens,
    /// How long it took to insert everything.
    pub(crate) took: Duration,
    /// How long the storage took to migrate it.
    pub(crate) upgrade: Duration,
}

/// What opens the admin API.
pub(crate) struct Tokens {
    pub(crate) large: String,
    pub(crate) small: String,
}

/// Fills the empty database at `url`.
pub(crate) async fn fill(url: &str, size: &Size) -> anyhow::Result<Filled> {
    let begun = Instant::now();
    let mut store = Store::create(url).await?;
    let at = insert_instants(&mut store).await?;
    let numbers = size.people.max(size.flags).max(size.tenants * SMALL.2);
    insert_numbers(&mut store, numbers).await?;

    let large = Block {
        name: "large",
        first_organization: 0,
        organizations: 1,
        projects: 1,
        first_project: 0,
        environments: size.environments,
        first_environment: 0,
        flags: size.flags,
        first_flag: 0,
    };
    let small = large.after("small", 1, SMALL);
    let wide_each = (size.wide_projects, size.wide_environments, WIDE_FLAGS);
    let wide = small.after("wide", 1, wide_each);
    let tenants = wide.after("tenant", size.tenants, SMALL);
    let neighbor = Block {
        first_organization: large.first_organization,
        ..tenants.after("neighbor", 1, SMALL)
    };

    for block in [large, small, wide, tenants] {
        progress(&format!("    organizations: {}", block.name));
        block.insert_organizations(&mut store).await?;
        block.insert(&mut store).await?;
    }
    neighbor.insert(&mut store).await?;
    large.insert_segments(&mut store, SEGMENTS).await?;
    large.insert_prerequisites(&mut store).await?;
    progress("    keys");
    insert_keys(&mut store, 0..neighbor.all_environments().end, &at).await?;
    let tokens = Tokens {
        large: insert_token(&mut store, large.first_organization, &at).await?,
        small: insert_token(&mut store, small.first_organization, &at).await?,
    };
    progress("    counts");
    insert_counts(&mut store, large.first_environment, size.counts, size.flags).await?;
    progress("    people");
    insert_people(&mut store, large.first_environment, size.people).await?;
    store.run("DROP TABLE numbers").await?;
    store.run("DROP TABLE instants").await?;
    store.close().await?;
    let took = begun.elapsed();

    progress(&format!(
        "    filled in {:.0} s; migrating",
        took.as_secs_f64()
    ));
    let begun = Instant::now();
    let storage = Storage::start(Options::new(url.parse()?)).await;
    let storage = storage.context("migrating the filled database")?;
    storage.close().await;
    let upgrade = begun.elapsed();

    let places = |block: &Block, owner: &str| -> Vec<EnvironmentPath> {
        let count = block.all_environments().end - block.first_environment;
        (0..count).map(|nth| block.place(nth, owner)).collect()
    };
    Ok(Filled {
        url: url.to_owned(),
        large: places(&large, "large"),
        neighbor: neighbor.place(0, "large"),
        small: small.place(0, "small"),
        wide: places(&wide, "wide"),
        tenants: (0..size.tenants)
            .map(|tenant| tenants.place(tenant * SMALL.1, "tenant"))
            .collect(),
        tokens,
        took,
        upgrade,
    })
}

/// Whole hours by how long ago they began, up to the oldest count. Returns the present one's begin.
async fn insert_instants(store: &mut Store) -> anyhow::Result<String> {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let hour = now - now.rem_euclid(3_600);
    let at = |ago: u64| -> anyhow::Result<String> {
        let seconds = hour - i64::try_from(ago)? * 3_600;
        let text = OffsetDateTime::from_unix_timestamp(seconds)?.format(&Rfc3339)?;
        // The width that storage writes.
        Ok(text.replace('Z', ".000000Z"))
    };
    store
        .run("CREATE TEMPORARY TABLE instants (hour BIGINT PRIMARY KEY, at TIMESTAMPTZ NOT NULL)")
        .await?;
    let mut sql = format!("INSERT INTO instants (hour, at) VALUES (0, '{}')", at(0)?);
    for ago in 1..=DAYS * 24 {
        write!(sql, ", ({ago}, '{}')", at(ago)?)?;
    }
    store.run(&sql).await?;
    store.run("ANALYZE instants").await?;
    at(0)
}

/// The numbers below `count`, of which sets are made.
async fn insert_numbers(store: &mut Store, count: u64) -> anyhow::Result<()> {
    store
        .run("CREATE TEMPORARY TABLE numbers (n BIGINT PRIMARY KEY)")
        .await?;
    let sql = format!(
        "INSERT INTO numbers WITH RECURSIVE counted (n) AS \
         (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < {count}) SELECT n FROM counted"
    );
    store.run(&sql).await?;
    store.run("ANALYZE numbers").await
}
