//! The start of an accepted connection: WELCOME, followed by a snapshot or the delta from the client's version.

use std::sync::Arc;

use bytes::Bytes;
use peekaboo_flags::Context;
use peekaboo_protocol::{Mode, ServerFrame};
use peekaboo_storage::SdkKeyKind;

use super::group::Group;
use super::message::{Attach, SlotId};
use super::slots::{Phase, Session, Slot};
use super::state::State;
use super::view::{ClientView, Held, View};
use crate::live::{CountedConnection, Environment};
use crate::metrics::{Delivery, Metrics};
use crate::state::{CatchUp, EnvironmentSnapshot};
use crate::wire::frames;

impl State {
    pub(super) fn attach(&mut self, id: SlotId, attach: Attach) {
        let Attach {
            key,
            resume,
            context,
            sdk,
        } = attach;
        if !matches!(
            self.slots.get_mut(id),
            Some(Slot {
                phase: Phase::Greeting { .. },
                ..
            })
        ) {
            return;
        }
        let now = (self.config.clock)();
        let presence =
            match CountedConnection::new(key.clone(), &sdk, &self.config, &self.metrics, now) {
                Ok(presence) => presence,
                Err(code) => return self.close(id, code),
            };
        let environment = key.environment();
        self.observe_epoch(environment);
        let snapshot = environment.snapshot();
        let resume = resume
            .as_ref()
            .filter(|resume| resume.epoch == snapshot.epoch)
            .map(|resume| resume.version);
        let (mode, first, view) = match key.kind() {
            SdkKeyKind::Server => welcome_server(&snapshot, resume),
            SdkKeyKind::Client => welcome_client(&snapshot, resume, context),
        };
        let connection = self.name(id);
        tracing::debug!(%connection, environment = %environment.id, ?mode, "welcomed");
        let welcome = frames::binary(&self.welcome(connection, environment, &snapshot, mode));
        let group = self
            .groups
            .entry(environment.id)
            .or_insert_with(|| Group::new(environment.clone()));
        let position = group.add(id);
        let ping_messages = key.kind() == SdkKeyKind::Client || sdk.starts_with("js/");
        let Some(slot) = self.slots.get_mut(id) else {
            return;
        };
        slot.phase = Phase::Serving(Session {
            presence,
            position,
            due: self.wheel.now(),
            ping_messages,
            owed_keys: false,
            view,
        });
        Metrics::handshake("accepted");
        self.schedule_heartbeat(id);
        if self.drain.is_some() {
            return self.leave(id);
        }
        let frames = [&welcome, &first.unwrap_or_default()];
        self.write_both(id, frames, Delivery::Welcome);
    }

    pub(super) fn welcome(
        &self,
        connection: String,
        environment: &Environment,
        snapshot: &EnvironmentSnapshot,
        mode: Mode,
    ) -> Vec<u8> {
        let welcome = ServerFrame::Welcome {
            connection,
            epoch: snapshot.epoch.clone(),
            version: snapshot.version,
            mode,
            heartbeat_seconds: self.config.heartbeat.as_secs().max(1),
            flag_set: Some(environment.flag_set()),
        };
        welcome.encode()
    }
}

fn welcome_server(
    snapshot: &EnvironmentSnapshot,
    resume: Option<u64>,
) -> (Mode, Option<Bytes>, View) {
    let view = View::Server {
        version: snapshot.version,
    };
    if resume == Some(snapshot.version) {
        return (Mode::Current, None, view);
    }
    match resume.and_then(|from| snapshot.delta(from)) {
        Some(delta) => (Mode::Delta, Some(delta), view),
        None => (Mode::Snapshot, Some(snapshot.whole()), view),
    }
}

fn welcome_client(
    snapshot: &Arc<EnvironmentSnapshot>,
    resume: Option<u64>,
    context: Context,
) -> (Mode, Option<Bytes>, View) {
    let caught_up = resume.map_or(CatchUp::Unreachable, |from| {
        snapshot.client_catch_up(from, &context)
    });
    let (mode, first) = match caught_up {
        CatchUp::Current => (Mode::Current, None),
        CatchUp::Delta(delta) => (Mode::Delta, Some(delta)),
        CatchUp::Unreachable => (Mode::Snapshot, Some(snapshot.client_whole(&context))),
    };
    let client = ClientView {
        context,
        held: Held::Snapshot(snapshot.clone()),
        unanswered: 0,
    };
    (mode, first, View::Client(Box::new(client)))
}
