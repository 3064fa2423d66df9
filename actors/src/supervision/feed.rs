//! The actor that listens to the source's change feed and passes hints to the tenants in memory.
//!
//! It never reads anything itself: a hint makes the tenant that it concerns read the log. Its mailbox holds the one
//! message that starts it.

use std::sync::Arc;

use peekaboo_storage::Hint;
use ractor::{Actor, ActorProcessingErr, ActorRef};

use crate::registry::Registry;

pub(crate) enum Message {
    /// Listen for as long as the source lives.
    Listen,
}

pub(crate) struct FeedActor;

impl Actor for FeedActor {
    type Msg = Message;
    type State = Arc<Registry>;
    type Arguments = Arc<Registry>;

    async fn pre_start(
        &self,
        myself: ActorRef<Message>,
        registry: Arc<Registry>,
    ) -> Result<Arc<Registry>, ActorProcessingErr> {
        myself.cast(Message::Listen)?;
        Ok(registry)
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        Message::Listen: Message,
        registry: &mut Arc<Registry>,
    ) -> Result<(), ActorProcessingErr> {
        listen(registry).await;
        Ok(())
    }
}

async fn listen(registry: &Registry) {
    let mut feed = registry.source.feed();
    let mut stale = registry.source.staleness();
    // What was missed before listening began, or while a predecessor of this actor failed.
    dispatch(registry, &Hint::Everything);
    registry.metrics.stale(*stale.borrow_and_update());
    loop {
        tokio::select! {
            hint = feed.recv() => match hint {
                Some(hint) => dispatch(registry, &hint),
                None => return,
            },
            changed = stale.changed() => match changed {
                Ok(()) => registry.metrics.stale(*stale.borrow_and_update()),
                Err(_) => return,
            },
        }
    }
}

fn dispatch(registry: &Registry, hint: &Hint) {
    let tenants = match hint {
        Hint::Environment { organization, .. } | Hint::Organization { organization, .. } => {
            registry.tenant(*organization).into_iter().collect()
        }
        Hint::Everything => registry.tenants(),
    };
    // Asked again when the tenant gets to it, because a node may hear of its own commit before it has applied it.
    for tenant in tenants.iter().filter(|tenant| !tenant.knows(hint)) {
        tenant.handle.hint(hint);
    }
}
