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

/// Arguments of `peekaboo plan`.
#[derive(Debug, Args)]
#[command(after_help = "\
Changes nothing. The exit code is 0 on success, and 1 or above 63 on failure. With --detailed-exitcode, it is 2 if \
there are changes.

Examples:
  peekaboo plan flags.json --project shop --environment production
  peekaboo plan flags.json --detailed-exitcode --json > plan.json")]
pub(crate) struct PlanArgs {
    /// File from `peekaboo export`; - for standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// Also plan to delete flags and segments that are not in the file
    #[arg(long)]
    prune: bool,

    /// Print the plan as JSON
    #[arg(long)]
    json: bool,

    /// Exit with code 2 if there are changes
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
            let text =
                serde_json::to_string_pretty(&plan).context("cannot write the plan as JSON")?;
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

/// Compares a document with a hub's current state.
pub(super) async fn make(client: &Client, wanted: &Document, prune: bool) -> Result<Plan, Failure> {
    let present = client.export().await?;
    peekaboo_migrate::plan(wanted, &present, prune).map_err(Failure::usage)
}
