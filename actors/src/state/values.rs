//! Values for client keys: of client-visible flags in a context, and never a rule or the name of another flag.

use bytes::Bytes;
use peekaboo_flags::{CompiledFlag, Context, Detail};
use peekaboo_protocol::EvaluatedFlags;

use super::client_changes::ClientChanges;
use super::client_frames::{ClientFrames, Served};
use super::snapshot::EnvironmentSnapshot;
use crate::wire::frames;

/// What a client with an older version needs to receive.
pub(crate) enum CatchUp {
    /// Nothing that it can see has changed.
    Current,
    /// This delta, whatever values it has.
    Delta(Bytes),
    /// Unknown; send everything.
    Unreachable,
}

impl EnvironmentSnapshot {
    /// The framed SNAPSHOT of a context's values.
    pub(crate) fn client_whole(&self, context: &Context) -> Bytes {
        let mut flags = EvaluatedFlags::default();
        let mut keys: Vec<_> = self.visible().collect();
        keys.sort_unstable();
        for key in keys {
            self.push(&mut flags, key, context);
        }
        frames::binary(&flags.into_snapshot(self.version))
    }

    /// The framed DELTA of the differences to `former` for a context; `None` if there are none.
    pub(crate) fn client_delta(&self, former: &Self, context: &Context) -> Option<Bytes> {
        let changes = self.client_changes(former.version);
        let ClientChanges::Known {
            put,
            hidden,
            frames,
        } = &*changes
        else {
            // Only if more versions than the history holds passed between two rounds: compare everything.
            let put: Vec<_> = self.visible().map(Box::from).collect();
            let hidden: Vec<_> = former.visible().map(Box::from).collect();
            let frames = ClientFrames::default();
            return self.client_difference(former, context, &put, &hidden, &frames);
        };
        self.client_difference(former, context, put, hidden, frames)
    }

    fn client_difference(
        &self,
        former: &Self,
        context: &Context,
        put: &[Box<str>],
        hidden: &[Box<str>],
        frames: &ClientFrames,
    ) -> Option<Bytes> {
        let outcome: Vec<_> = put
            .iter()
            .enumerate()
            .filter_map(|(place, key)| self.newly_served(former, place, key, context))
            .collect();
        let mut hidden = hidden
            .iter()
            .map(|key| &**key)
            .filter(|key| former.is_visible(key) && !self.is_visible(key))
            .peekable();
        if outcome.is_empty() && hidden.peek().is_none() {
            return None;
        }
        Some(frames.get_or_make(&outcome, || {
            let mut flags = EvaluatedFlags::default();
            for served in &outcome {
                self.push(&mut flags, &put[served.flag], context);
            }
            let hidden: Vec<_> = hidden.collect();
            let (to, at) = (self.version, self.committed_at_micros);
            frames::binary(&flags.into_delta(to, at, hidden.into_iter()))
        }))
    }

    /// What a flag serves to a context, if the client would see a difference to `former`.
    fn newly_served(
        &self,
        former: &Self,
        place: usize,
        key: &str,
        context: &Context,
    ) -> Option<Served> {
        let now = self.ruleset.evaluate(key, context);
        let served = Served {
            flag: place,
            variation: now.variation_index,
            reason: now.reason,
        };
        let then = former.ruleset.flag(key);
        // A flag that was itself changed has a new version for every context, whatever it serves.
        let same = then
            .filter(|then| then.is_client_visible() && then.version() == now.flag_version)
            .is_some_and(|then| !differs(&former.ruleset.evaluate_flag(then, context), &now));
        (!same).then_some(served)
    }

    /// The delta for a client whose version is known, but not its values.
    pub(crate) fn client_catch_up(&self, from: u64, context: &Context) -> CatchUp {
        if from == self.version {
            return CatchUp::Current;
        }
        let changes = self.client_changes(from);
        let ClientChanges::Known { put, hidden, .. } = &*changes else {
            return CatchUp::Unreachable;
        };
        if put.is_empty() && hidden.is_empty() {
            return CatchUp::Current;
        }
        let mut flags = EvaluatedFlags::default();
        for key in put {
            self.push(&mut flags, key, context);
        }
        let hidden = hidden.iter().map(|key| &**key);
        CatchUp::Delta(frames::binary(&flags.into_delta(
            self.version,
            self.committed_at_micros,
            hidden,
        )))
    }

    /// Whether anything that client keys can see may have changed since `from`, for any context.
    pub(crate) fn concerns_clients(&self, from: u64) -> bool {
        match &*self.client_changes(from) {
            ClientChanges::Known { put, hidden, .. } => !put.is_empty() || !hidden.is_empty(),
            ClientChanges::Unknown => true,
        }
    }

    /// The framed DELTA in response to a CONTEXT, with the differences for the new context, possibly none.
    pub(crate) fn client_answer(&self, former: &Context, context: &Context) -> Bytes {
        let mut flags = EvaluatedFlags::default();
        for key in self.visible() {
            let now = self.ruleset.evaluate(key, context);
            if differs(&self.ruleset.evaluate(key, former), &now) {
                self.push_detail(&mut flags, key, &now);
            }
        }
        frames::binary(&flags.into_delta(self.version, 0, std::iter::empty()))
    }

    /// The framed response to a CONTEXT whose values were already sent.
    pub(crate) fn empty_answer(&self) -> Bytes {
        frames::binary(&EvaluatedFlags::default().into_delta(self.version, 0, std::iter::empty()))
    }

    fn visible(&self) -> impl Iterator<Item = &str> {
        self.ruleset
            .flags()
            .filter(|(_, flag)| flag.is_client_visible())
            .map(|(key, _)| key)
    }

    fn is_visible(&self, key: &str) -> bool {
        self.ruleset
            .flag(key)
            .is_some_and(CompiledFlag::is_client_visible)
    }

    fn push(&self, flags: &mut EvaluatedFlags, key: &str, context: &Context) {
        self.push_detail(flags, key, &self.ruleset.evaluate(key, context));
    }

    fn push_detail(&self, flags: &mut EvaluatedFlags, key: &str, detail: &Detail<'_>) {
        flags.push(
            key,
            detail.value,
            detail.variation,
            detail.reason.as_str(),
            detail.flag_version.unwrap_or_default(),
            self.ruleset.flag(key).and_then(CompiledFlag::metadata),
        );
    }
}

/// Whether a client would see a difference between two evaluations of a flag.
fn differs(then: &Detail<'_>, now: &Detail<'_>) -> bool {
    then.variation != now.variation
        || then.flag_version != now.flag_version
        || then.reason != now.reason
        || then.value != now.value
}
