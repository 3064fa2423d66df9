//! A hub's background work: what it does, with which settings.

use std::time::Duration;

use peekaboo_storage::{DeleteRemains, Keyring, Storage};
use peekaboo_tasks::mail::{MailSettings, Mailer};
use peekaboo_tasks::{
    Deletion, Failure, Forget, Old, PasswordResets, Registry, Retention, Runner, RunnerConfig,
};

use crate::config::Config;

/// How often old data is deleted.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// How often to look for what is left of deleted projects and environments. Deleting one makes this work due at once.
const DELETE_EVERY: Duration = Duration::from_hours(1);

/// Starts to work off due tasks; `dashboard` is where people open it. Mail waits for a node that has a mail server in its settings.
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
