//! No query that a person or an application waits for reads a large table from its beginning to its end.
//!
//! Each public method of the storage is either asked here, on filled tables of both databases, or stands in
//! [`plans::NOT_WAITED_FOR`]. The statements that it runs come from the driver's log, so none can be forgotten; each is
//! explained with the plan that serves every parameter.

mod background;
mod commands;
mod explain;
mod fill;
#[path = "../suite/harness.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "shared with the suite, which needs more of it"
)]
mod harness;
mod people;
mod plans;
mod projects;
mod statements;
mod usage;

use std::sync::OnceLock;

use self::explain::Explain;
use self::harness::{Database, Shop, on_postgres, on_sqlite};
use self::plans::Plans;
use self::statements::Statements;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_waited_for_reads_a_large_table_whole() {
    // One test: the log of the driver is one for the whole process.
    Box::pin(on_sqlite(check)).await;
    Box::pin(on_postgres(check)).await;
}

async fn check(database: Database) {
    static STATEMENTS: OnceLock<Statements> = OnceLock::new();
    let storage = database.open().await;
    let shop = Shop::set_up(&storage).await;
    fill::fill(&database, &storage, &shop).await;
    let mut explain = Explain::open(&database.address).await;
    explain.analyze().await;
    let statements = STATEMENTS.get_or_init(Statements::collect).clone();
    let mut plans = Plans::new(statements, explain);
    projects::read(&mut plans, &storage, &shop).await;
    people::accounts(&mut plans, &storage, &shop).await;
    people::access(&mut plans, &storage, &shop).await;
    usage::record_and_read(&mut plans, &storage, &shop).await;
    Box::pin(commands::execute(&mut plans, &storage, &shop)).await;
    background::work(&mut plans, &storage).await;
    people::members(&mut plans, &storage, &shop).await;
    people::organization(&mut plans, &storage, &shop).await;
    plans.assert_complete();
}
