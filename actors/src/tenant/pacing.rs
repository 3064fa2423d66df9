//! Notifies shards of changes, at the rate that the windows allow.

use std::sync::Arc;
use std::time::Duration;

use peekaboo_storage::EnvironmentId;

use super::state::State;
use crate::live::{Environment, TenantMessage as Message};
use crate::shard::Message as ShardMessage;

impl State {
    /// Makes shards update their sockets: now, or when the open window of an earlier change closes.
    pub(super) fn tell_shards(&mut self, environment: &Arc<Environment>) {
        if let Some(window) = self.pacing.changed(environment.id) {
            self.tell_now(environment, window);
        }
    }

    pub(super) fn window_closed(&mut self, environment: EnvironmentId) {
        let next = self.pacing.closed(environment);
        match (next, self.tenant.environment(environment)) {
            (Some(window), Some(environment)) => self.tell_now(&environment, window),
            (Some(_), None) => self.pacing.deleted(environment),
            (None, _) => {}
        }
    }

    fn tell_now(&self, environment: &Arc<Environment>, window: Duration) {
        self.registry
            .shards
            .tell_all(|| ShardMessage::Changed(environment.clone()));
        let id = environment.id;
        self.myself
            .send_after(window, move || Message::WindowCloses(id));
    }
}
