//! `peekaboo migrate`

use super::{database::with_database, failure::Failure, output::print, settings::SettingArgs};

pub(crate) fn run(args: SettingArgs) -> Result<(), Failure> {
    // Opening the database migrates it.
    let url = with_database(args, async |config, _| {
        Ok(config.database_url().to_string())
    })?;
    Ok(print(&format!("the schema of {url} is up to date\n"))?)
}
