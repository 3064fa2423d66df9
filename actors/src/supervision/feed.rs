//! The task that follows the source's change feed and passes hints to the tenants in memory.
//!
//! It never reads anything itself: a hint makes the tenant read the log. It needs no state across restarts, because
//! each start makes every tenant refresh everything.

use std::sync::Arc;

use peekaboo_storage::Hint;

use crate::registry::Registry;

/// Listens for as long as the source lives.
pub(super) async fn listen(registry: Arc<Registry>) {
    let mut feed = registry.source.feed();
    let mut stale = registry.source.staleness();
    // Changes that were missed before the subscription, or while a predecessor of this task failed.
    dispatch(&registry, &Hint::Everything);
    registry.metrics.stale(*stale.borrow_and_update());
    loop {
        tokio::select! {
            hint = feed.recv() => match hint {
                Some(hint) => dispatch(&registry, &hint),
                None => return,
            },
            changed = stale.changed() => match changed {
                Ok(()) => {
                    registry.metrics.stale(*stale.borrow_and_update());
                    registry.metrics.writable(registry.source.takes_writes());
                }
                Err(_) => return,
            },
        }
    }
}

fn dispatch(registry: &Registry, hint: &Hint) {
    #[cfg(test)]
    assert!(
        !registry
            .poison
            .swap(false, std::sync::atomic::Ordering::Relaxed),
        "poisoned"
    );
    let tenants = match hint {
        Hint::Environment { organization, .. }
        | Hint::Organization { organization, .. }
        | Hint::Keys { organization, .. } => registry.tenant(*organization).into_iter().collect(),
        Hint::Everything => registry.tenants(),
    };
    // Checked again when the tenant handles it, because a node may receive the hint of its own commit before it has
    // applied it.
    for tenant in tenants.iter().filter(|tenant| !tenant.knows(hint)) {
        tenant.handle.hint(hint);
    }
}
