//! Starts a hub's background work with its settings.

use std::time::Duration;

use peekaboo_storage::{DeleteRemains, Keyring, Storage};
use peekaboo_tasks::mail::{MailSettings, Mailer};
use peekaboo_tasks::{
    Deletion, Failure, Forget, Old, PasswordResets, Registry, Retention, Runner, RunnerConfig,
};

use crate::config::Config;

/// How often old data is deleted.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// How often to check for remains of deleted projects and environments. Deleting one makes this task due immediately.
const DELETE_EVERY: Duration = Duration::from_hours(1);

/// Starts to run due tasks. `dashboard` is the dashboard's URL. Email waits for a node with a configured mail server.
pub(crate) fn start(config: &Config, dashboard: &str, storage: Storage) -> Result<Runner, Failure> {
    let forget = Old::all().map(|old| Forget { old });
    let mut registry = Registry::new()
        .maintenance(config.retention(), forget, FORGET_EVERY)
        .maintenance(Deletion, [DeleteRemains {}], DELETE_EVERY);
    registry = registry.database(PasswordResets {
        dashboard: dashboard.to_owned(),
    });
    if let Some(settings) = config.mail_settings(storage.keyring().clone()) {
        registry = registry.external(Mailer::new(settings)?);
    }
    Ok(Runner::start(storage, registry, RunnerConfig::default()))
}

impl Config {
    fn retention(&self) -> Retention {
        Retention {
            counts: self.usage.counts_retention,
            events: self.usage.events_retention,
            audit: self.audit.retention,
        }
    }

    /// How mail is sent, if it can be; `keyring` decrypts the links in it.
    pub(crate) fn mail_settings(&self, keyring: Keyring) -> Option<MailSettings> {
        Some(MailSettings {
            server: self.mail.smtp_url.clone()?,
            from: self.mail.from.clone()?,
            timeout: self.mail.timeout,
            keyring,
        })
    }
}
