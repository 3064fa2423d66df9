//! How far back a client that resumes can be served: what this node remembers, or else what the log still has.

use std::time::Duration;

use peekaboo_protocol::Resume;
use peekaboo_storage::ChangesSince;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Directory;
use crate::live::{Environment, TenantMessage};

/// How long a client that resumes waits for the log to be read back, before it gets a snapshot instead.
const REACHED_WITHIN: Duration = Duration::from_secs(3);

impl Directory {
    /// Reads so much of the log that a client which resumes needs no snapshot, if the log has it: what is older than
    /// this node remembers, or newer than it has heard of.
    ///
    /// The tenant's actor does not wait for what is older, and of a crowd one reads.
    pub(crate) async fn reach_back(&self, environment: &Environment, resume: &Resume) {
        // Whatever fails here, a snapshot serves.
        let _ = timeout(REACHED_WITHIN, self.extend(environment, resume)).await;
    }

    async fn extend(&self, environment: &Environment, resume: &Resume) {
        let lacks = || {
            let snapshot = environment.snapshot();
            snapshot.epoch == resume.epoch
                && snapshot.version > resume.version
                && !snapshot.reaches(resume.version)
        };
        if self.registry.is_stale() {
            return;
        }
        let snapshot = environment.snapshot();
        if snapshot.epoch == resume.epoch && resume.version > snapshot.version {
            // The client comes from a node that was ahead: no one goes back in time for that.
            let _ = environment.tenant.refresh().await;
            return;
        }
        if !lacks() {
            return;
        }
        let mut resume_floor = environment.resume_floor.lock().await;
        if !lacks() || resume_floor.rules_out(resume) {
            return;
        }
        let limit = u32::try_from(self.registry.config.history).unwrap_or(u32::MAX);
        let held = i64::try_from(resume.version).unwrap_or(i64::MAX);
        let since = self
            .registry
            .source
            .changes_since(environment.id, &resume.epoch, held, limit);
        let entries = match self.ask(since).await {
            Some(Ok(ChangesSince::Entries(entries))) => entries,
            Some(Ok(ChangesSince::Unreachable)) => Vec::new(),
            Some(Err(error)) => {
                tracing::debug!(%error, "cannot resume a client; sending a snapshot");
                return;
            }
            None => return,
        };
        if !entries.is_empty() {
            let (done, published) = oneshot::channel();
            let message = TenantMessage::Older {
                environment: environment.id,
                from: resume.clone(),
                entries,
                done,
            };
            if !environment.tenant.tell(message) || published.await.is_err() {
                return;
            }
        }
        if lacks() {
            resume_floor.raise(resume);
        }
    }
}
