//! The actor that listens to the source's change feed and passes hints to the tenants in memory.
//!
//! It never reads anything itself: a hint makes the tenant that it concerns read the log. Its mailbox holds the one
//! message that starts it.

use std::sync::Arc;

use peekaboo_storage::Hint;
use ractor::{Actor, ActorProcessingErr, ActorRef};

use crate::directory::Directory;
use crate::tenant::Tenant;

pub(crate) enum Message {
    /// Listen for as long as the source lives.
    Listen,
}

pub(crate) struct FeedActor;

impl Actor for FeedActor {
    type Msg = Message;
    type State = Arc<Directory>;
    type Arguments = Arc<Directory>;

    async fn pre_start(
        &self,
        myself: ActorRef<Message>,
        directory: Arc<Directory>,
    ) -> Result<Arc<Directory>, ActorProcessingErr> {
        myself.cast(Message::Listen)?;
        Ok(directory)
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        Message::Listen: Message,
        directory: &mut Arc<Directory>,
    ) -> Result<(), ActorProcessingErr> {
        listen(directory).await;
        Ok(())
    }
}

async fn listen(directory: &Directory) {
    let mut feed = directory.source.feed();
    let mut stale = directory.source.staleness();
    // What was missed before listening began, or while a predecessor of this actor failed.
    dispatch(directory, &Hint::Everything);
    directory.metrics.stale(*stale.borrow_and_update());
    loop {
        tokio::select! {
            hint = feed.recv() => match hint {
                Some(hint) => dispatch(directory, &hint),
                None => return,
            },
            changed = stale.changed() => match changed {
                Ok(()) => directory.metrics.stale(*stale.borrow_and_update()),
                Err(_) => return,
            },
        }
    }
}

fn dispatch(directory: &Directory, hint: &Hint) {
    match hint {
        Hint::Environment {
            organization,
            environment,
            epoch,
            version,
        } => {
            if let Some(tenant) = directory.present_tenant(*organization)
                && !holds(&tenant, *environment, epoch, *version)
            {
                tenant
                    .core
                    .hint(|hints| hints.environments.insert(*environment));
            }
        }
        Hint::Organization {
            organization,
            revision,
        } => {
            if let Some(tenant) = directory.present_tenant(*organization)
                && tenant.revision() < *revision
            {
                tenant
                    .core
                    .hint(|hints| std::mem::replace(&mut hints.structure, true));
            }
        }
        Hint::Everything => {
            for tenant in directory.present_tenants() {
                tenant
                    .core
                    .hint(|hints| std::mem::replace(&mut hints.everything, true));
            }
        }
    }
}

/// Whether the hint tells nothing new, as after every command of this node.
fn holds(
    tenant: &Tenant,
    environment: peekaboo_storage::EnvironmentId,
    epoch: &str,
    version: i64,
) -> bool {
    tenant.environment(environment).is_some_and(|environment| {
        let snapshot = environment.snapshot();
        snapshot.epoch == epoch && i128::from(snapshot.version) >= i128::from(version)
    })
}
