//! Requests of accepted clients.

use peekaboo_flags::Context;
use peekaboo_protocol::{CloseCode, Resume};

use super::message::SlotId;
use super::slots::{Phase, Slot};
use super::state::State;
use super::view::{Held, NOTHING, View};
use crate::metrics::Delivery;

impl State {
    pub(super) fn change_context(&mut self, id: SlotId, context: Context) {
        let Some(snapshot) = self.snapshot_of(id) else {
            return;
        };
        self.bring_up_to_date(id, &snapshot);
        let Some(Slot {
            phase: Phase::Serving(session),
            outbox,
            ..
        }) = self.slots.get_mut(id)
        else {
            return;
        };
        let View::Client(client) = &mut session.view else {
            return;
        };
        let former = std::mem::replace(&mut client.context, context);
        if outbox.is_blocked() {
            client.held.forget();
            client.unanswered += 1;
            return;
        }
        let answer = snapshot.client_answer(&former, &client.context);
        self.write(id, &answer, Delivery::Answer);
    }

    pub(super) fn resync(&mut self, id: SlotId, resume: &Resume) {
        self.metrics.resync();
        let Some(snapshot) = self.snapshot_of(id) else {
            return;
        };
        if resume.epoch != snapshot.epoch {
            return self.close(id, CloseCode::Resync);
        }
        let Some(Slot {
            phase: Phase::Serving(session),
            ..
        }) = self.slots.get_mut(id)
        else {
            return;
        };
        match &mut session.view {
            View::Server { version } => *version = resume.version,
            View::Client(client) => client.held = Held::Version(NOTHING),
        }
        self.bring_up_to_date(id, &snapshot);
    }
}
