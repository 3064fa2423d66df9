//! `peekaboo export`: an environment as a file.

use clap::Args;

use super::{failure::Failure, file::write, remote::HubArgs, runtime::block_on};

/// Arguments of `peekaboo export`.
#[derive(Debug, Args)]
#[command(after_help = "\
The same flags always produce the same text, so a diff in version control shows only what changed. The file is a \
ruleset that `peekaboo evaluate` and the SDKs can read. It contains no keys and no tokens.

Examples:
  peekaboo export --project shop --environment production --out flags.json
  peekaboo export --project shop --environment staging | peekaboo plan - --project shop --environment production")]
pub(crate) struct ExportArgs {
    /// Write to FILE; - for standard output
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    out: String,

    #[command(flatten)]
    hub: HubArgs,
}

pub(crate) fn run(args: &ExportArgs) -> Result<(), Failure> {
    block_on(async {
        let client = args.hub.connect().await?;
        let present = client.export().await?;
        Ok(write(&args.out, &present.document.to_text())?)
    })
}
