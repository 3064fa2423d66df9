//! `peekaboo plan`: what would change.

use anyhow::Context as _;
use clap::Args;
use peekaboo_migrate::{Document, Plan};

use super::{
    failure::Failure,
    file::read_document,
    output::{print, print_styled},
    remote::{Client, HubArgs, show},
    runtime::block_on,
};

/// What `peekaboo plan` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Changes nothing. Exit code 0 with or without changes, 1 or above 63 on failure; with --detailed-exitcode 0 without \
changes and 2 with.

Examples:
  peekaboo plan flags.json --project shop --environment production
  peekaboo plan flags.json --detailed-exitcode --json > plan.json")]
pub(crate) struct PlanArgs {
    /// The file, as `peekaboo export` writes it; - for standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// Plan to delete flags and segments that the file does not name
    #[arg(long)]
    prune: bool,

    /// Print the plan as JSON
    #[arg(long)]
    json: bool,

    /// End with exit code 2 where there are changes
    #[arg(long)]
    detailed_exitcode: bool,

    #[command(flatten)]
    hub: HubArgs,
}

pub(crate) fn run(args: &PlanArgs) -> Result<(), Failure> {
    block_on(async {
        let wanted = read_document(&args.file)?;
        let client = args.hub.connect().await?;
        let plan = make(&client, &wanted, args.prune).await?;
        if args.json {
            let text = serde_json::to_string_pretty(&plan).context("the plan has no JSON")?;
            print(&format!("{text}\n"))?;
        } else {
            print_styled(&show(&plan, &client.place()))?;
        }
        if args.detailed_exitcode && !plan.is_empty() {
            return Err(Failure::different());
        }
        Ok(())
    })
}

/// Compares a document with what a hub has.
pub(super) async fn make(client: &Client, wanted: &Document, prune: bool) -> Result<Plan, Failure> {
    let present = client.export().await?;
    peekaboo_migrate::plan(wanted, &present, prune).map_err(Failure::usage)
}
