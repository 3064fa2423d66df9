//! `peekaboo apply`: a hub comes to have what a file says.

use clap::Args;

use super::{
    failure::Failure,
    file::read_document,
    plan,
    remote::{ConfirmArgs, HubArgs, confirm_and_apply},
    runtime::block_on,
};

/// Arguments of `peekaboo apply`.
#[derive(Debug, Args)]
#[command(after_help = "\
Shows the plan, asks for confirmation, and makes the changes one by one through the admin API, with its validation, \
limits and audit log. If someone else changed a flag or segment since it was planned, nothing is overwritten and \
the command stops with exit code 1. Changes made until then stay; run the command again for the rest.

Examples:
  peekaboo apply flags.json --project shop --environment production
  peekaboo apply flags.json --yes --prune --comment \"$(git log -1 --format=%s)\"")]
pub(crate) struct ApplyArgs {
    /// File from `peekaboo export`; - for standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// Also delete flags and segments that are not in the file; a flag is deleted in every environment
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
