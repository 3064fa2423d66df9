//! Commands that work on the database without a running hub.

use peekaboo_storage::Storage;

use super::{failure::Failure, runtime::block_on, settings::SettingArgs};
use crate::{config::Config, database, telemetry};

/// Opens the database that the settings name, works on it, and closes it, also after a failure.
pub(super) fn with_database<T>(
    settings: SettingArgs,
    work: impl AsyncFnOnce(&Config, &Storage) -> anyhow::Result<T>,
) -> Result<T, Failure> {
    let config = settings.load()?.config;
    telemetry::start(&config.log);
    block_on(async {
        let storage = database::open(&config)
            .await
            .map_err(Failure::unavailable)?;
        let done = work(&config, &storage).await;
        storage.close().await;
        Ok(done?)
    })
}
