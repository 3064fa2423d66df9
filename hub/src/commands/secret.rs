//! `peekaboo secret`: the hub's secret key.

use clap::Subcommand;
use peekaboo_storage::{Keyring, OsEntropy};

use super::{database::with_database, failure::Failure, output::print, settings::SettingArgs};

/// The subcommands of `peekaboo secret`.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Generate a secret key and print it
    Generate,
    /// Re-encrypt everything with the first configured key, so that you can remove the older keys
    Rotate(SettingArgs),
}

pub(crate) fn run(command: SecretCommand) -> Result<(), Failure> {
    let said = match command {
        SecretCommand::Generate => format!("{}\n", Keyring::generate(&OsEntropy)),
        SecretCommand::Rotate(settings) => with_database(settings, async |_, storage| {
            let resealed = storage.reseal_second_factors().await?;
            let all = storage.second_factors().await?;
            Ok(format!(
                "re-encrypted {resealed} of {all} second factors; all of them now use the first key\n"
            ))
        })?,
    };
    Ok(print(&said)?)
}
