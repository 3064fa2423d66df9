//! `peekaboo apply`: a hub comes to have what a file says.

use clap::Args;

use super::{
    failure::Failure,
    file::read_document,
    plan,
    remote::{ConfirmArgs, HubArgs, confirm_and_apply},
    runtime::block_on,
};

/// What `peekaboo apply` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Shows the plan, asks, and makes the changes one by one through the admin API, so that validation, limits, versions and \
the audit log hold. Each is made against the version that was planned with: what somebody changed meanwhile is not \
overwritten, and ends this with exit code 1. What was done stays done; run it again for the rest.

Examples:
  peekaboo apply flags.json --project shop --environment production
  peekaboo apply flags.json --yes --prune --comment \"$(git log -1 --format=%s)\"")]
pub(crate) struct ApplyArgs {
    /// The file, as `peekaboo export` writes it; - for standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// Delete flags and segments that the file does not name, flags in every environment
    #[arg(long)]
    prune: bool,

    #[command(flatten)]
    confirm: ConfirmArgs,

    #[command(flatten)]
    hub: HubArgs,
}

pub(crate) fn run(args: &ApplyArgs) -> Result<(), Failure> {
    block_on(async {
        let wanted = read_document(&args.file)?;
        let client = args.hub.connect().await?;
        let plan = plan::make(&client, &wanted, args.prune).await?;
        confirm_and_apply(&client, &plan, &args.confirm).await
    })
}
