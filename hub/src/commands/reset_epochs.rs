//! `peekaboo reset-epochs`: what a restored backup needs, straight on the database.

use peekaboo_storage::Attribution;
use time::OffsetDateTime;

use super::{database::with_database, failure::Failure, output::print, settings::SettingArgs};

pub(crate) fn run(args: SettingArgs) -> Result<(), Failure> {
    let by = Attribution::system("peekaboo reset-epochs", OffsetDateTime::now_utc());
    let count = with_database(args, async |_, storage| {
        Ok(storage.reset_epochs(&by).await?)
    })?;
    Ok(print(&format!(
        "{count} environments begin another history: applications get everything anew\n"
    ))?)
}
