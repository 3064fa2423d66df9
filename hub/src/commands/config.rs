//! `peekaboo config`

use clap::Args;

use super::{failure::Failure, output::print, settings::SettingArgs};
use crate::config::reference;

/// What `peekaboo config` takes.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// Print the reference of every setting instead, as docs/configuration.md has it
    #[arg(long)]
    pub(crate) reference: bool,

    #[command(flatten)]
    pub(crate) settings: SettingArgs,
}

pub(crate) fn run(args: ConfigArgs) -> Result<(), Failure> {
    let text = if args.reference {
        reference()
    } else {
        args.settings.load()?.describe()
    };
    Ok(print(&text)?)
}
