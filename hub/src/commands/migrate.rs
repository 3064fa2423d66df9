//! `peekaboo migrate`

use super::{Failure, print, with_database};
use crate::cli::SettingArgs;

pub(super) fn run(args: SettingArgs) -> Result<(), Failure> {
    // Opening the database migrates it.
    let url = with_database(args, async |config, _| {
        Ok(config.database_url().to_string())
    })?;
    print(&format!("the schema of {url} is up to date\n"));
    Ok(())
}
