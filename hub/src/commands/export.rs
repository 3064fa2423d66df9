//! `peekaboo export`: an environment as a file.

use clap::Args;

use super::{failure::Failure, file::write, remote::HubArgs, runtime::block_on};

/// What `peekaboo export` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
The same flags always make the same text, so that a file in version control changes where the flags did. It is a \
ruleset: `peekaboo evaluate` and the SDKs read it as it is. It holds no key and no token.

Examples:
  peekaboo export --project shop --environment production --out flags.json
  peekaboo export --project shop --environment staging | peekaboo plan - --project shop --environment production")]
pub(crate) struct ExportArgs {
    /// Write to FILE; standard output without, or with -
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
