//! Whether the database went back in time since this node last looked: a backup was restored, or a standby took over that
//! lacked the last changes.
//!
//! Applications and edges hold versions of the history that is gone, and the same version may mean another state now. The
//! epoch of every environment has to change then, which `peekaboo reset-epochs` does after a restore. Where that was
//! forgotten, the node notices it: it keeps, outside of the database, which entry of the audit log was the newest.

use std::path::{Path, PathBuf};
use std::time::Duration;

use peekaboo_storage::{Attribution, AuditId, Error, Storage};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::time::{MissedTickBehavior, interval};

use crate::config::Config;

/// The file's name in the data directory.
const FILE: &str = "history.json";

/// How often the newest entry is noted: how much may be lost without being noticed.
const NOTE_EVERY: Duration = Duration::from_secs(5);

/// The newest entry that this node knows of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Newest {
    entry: AuditId,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

/// The file that holds it.
#[derive(Clone, Debug)]
pub(crate) struct History(PathBuf);

impl History {
    pub(crate) fn of(config: &Config) -> Self {
        Self(config.data.dir.join(FILE))
    }

    /// Begins a new epoch everywhere if the database lacks what this node knows of. `retention` is how long entries are
    /// kept: one that may have been deleted for its age says nothing.
    pub(crate) async fn verify(
        &self,
        storage: &Storage,
        retention: Option<Duration>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let Some(newest) = read(&self.0) else {
            return Ok(());
        };
        let may_be_deleted = retention.is_some_and(|retention| now - newest.at > retention / 2);
        if may_be_deleted || storage.has_audit_entry(newest.entry).await? {
            return Ok(());
        }
        let by = Attribution::system("restored database", now);
        let count = storage.reset_epochs(&by).await?;
        tracing::warn!(
            environments = count,
            missing = %newest.entry,
            "the database lacks changes that were committed before: it was restored; applications get everything anew"
        );
        self.note(storage).await
    }

    /// Notes the newest entry for as long as it runs.
    pub(crate) async fn keep(self, storage: Storage) {
        let mut ticks = interval(NOTE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.note(&storage).await {
                tracing::debug!(%error, "the newest change was not noted");
            }
        }
    }

    async fn note(&self, storage: &Storage) -> Result<(), Error> {
        let Some((entry, at)) = storage.newest_audit_entry().await? else {
            return Ok(());
        };
        let newest = Newest { entry, at };
        if read(&self.0) != Some(newest)
            && let Err(error) = write(&self.0, newest)
        {
            tracing::debug!(%error, "the newest change was not noted");
        }
        Ok(())
    }
}

/// What a file holds; nothing where it is missing or broken.
fn read(path: &Path) -> Option<Newest> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Replaces a file whole, so that a crash leaves the former one.
fn write(path: &Path, newest: Newest) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let next = path.with_extension("next");
    std::fs::write(&next, serde_json::to_vec(&newest)?)?;
    std::fs::rename(next, path)
}

#[cfg(test)]
mod tests {
    use peekaboo_storage::{EnvironmentId, NewProject};
    use tempfile::TempDir;

    use super::*;
    use crate::test_storage::{TestStorage, key};

    async fn epoch(storage: &Storage, environment: EnvironmentId) -> String {
        let ruleset = storage.ruleset(environment).await.expect("read");
        ruleset.expect("there").epoch
    }

    #[tokio::test]
    async fn a_database_that_lacks_the_newest_change_gets_new_epochs_once() {
        let folder = TempDir::new().expect("a folder");
        let history = History(folder.path().join(FILE));
        let now = OffsetDateTime::now_utc();
        let (storage, acme) = TestStorage::with_organization().await;
        let create = peekaboo_storage::Command::CreateProject {
            project: NewProject {
                key: key("shop"),
                name: "Shop".to_owned(),
                description: String::new(),
            },
        };
        let by = Attribution::system("test", now);
        let created = storage
            .execute(acme.id, create, &by)
            .await
            .expect("created");
        let created = created.outcome.created_project().expect("a project");
        let environment = created.overview.environments[0].id;

        history.verify(&storage, None, now).await.expect("read");
        history.note(&storage).await.expect("noted");
        let before = epoch(&storage, environment).await;
        history.verify(&storage, None, now).await.expect("read");
        assert_eq!(
            epoch(&storage, environment).await,
            before,
            "nothing is missing"
        );

        let gone = Newest {
            entry: AuditId::from_uuid(uuid::Uuid::max()),
            at: now,
        };
        write(&history.0, gone).expect("written");
        let retention = Some(Duration::from_hours(24));
        let later = now + Duration::from_hours(13);
        history
            .verify(&storage, retention, later)
            .await
            .expect("read");
        assert_eq!(
            epoch(&storage, environment).await,
            before,
            "it may be deleted"
        );
        history
            .verify(&storage, retention, now)
            .await
            .expect("read");
        let after = epoch(&storage, environment).await;
        assert_ne!(after, before);
        history
            .verify(&storage, retention, now)
            .await
            .expect("read");
        assert_eq!(
            epoch(&storage, environment).await,
            after,
            "it is noticed once"
        );
    }
}
