//! `peekaboo secret`: the hub's secret key.

use clap::Subcommand;
use peekaboo_storage::{Keyring, OsEntropy};

use super::{database::with_database, failure::Failure, output::print, settings::SettingArgs};

/// What can be done with the secret key.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Print a new secret key
    Generate,
    /// Encrypt with the first key whatever an older one has encrypted, so that the older ones can be left out
    Rotate(SettingArgs),
}

pub(crate) fn run(command: SecretCommand) -> Result<(), Failure> {
    let said = match command {
        SecretCommand::Generate => format!("{}\n", Keyring::generate(&OsEntropy)),
        SecretCommand::Rotate(settings) => with_database(settings, async |_, storage| {
            let resealed = storage.reseal_second_factors().await?;
            let all = storage.second_factors().await?;
            Ok(format!(
                "{resealed} of {all} second factors were encrypted again; the first key now opens all of them\n"
            ))
        })?,
    };
    Ok(print(&said)?)
}
