//! The protocol of a server key's client, without a socket: which rules it holds, and what to request next.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use peekaboo_flags::CompiledRuleset;
use peekaboo_protocol::{ClientFrame, Mode, Resume, ServerFrame};
use serde_json::{Map, Value};

use crate::kept_rules::KeptRules;

/// The name of this client in HELLO.
const SDK: &str = concat!("rust/", env!("CARGO_PKG_VERSION"));

/// The client's side of the protocol, across all connections.
#[derive(Debug)]
pub(crate) struct Session {
    key: String,
    /// The rules from a hub. Only these can be continued.
    held: Option<CompiledRuleset>,
    /// The file that stores them for the next start.
    kept: Option<Arc<KeptRules>>,
    /// The id of this connection.
    epoch: String,
    /// Deltas are invalid before WELCOME has announced what they continue, and before an announced snapshot.
    awaiting_snapshot: bool,
    resyncing: bool,
}

/// What to do after a message.
#[derive(Debug)]
pub(crate) enum Heard {
    Nothing,
    /// Send this.
    Ask(ClientFrame),
    /// The current rules are the hub's.
    Current,
    /// These are the new rules, and they are the hub's current ones.
    Rules(CompiledRuleset, Option<SystemTime>),
}

/// The hub sent something that violates the protocol.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProtocolViolation(pub(crate) &'static str);

impl Session {
    /// `held` are rules from a hub that were stored before this start.
    pub(crate) fn new(
        key: String,
        held: Option<CompiledRuleset>,
        kept: Option<Arc<KeptRules>>,
    ) -> Self {
        Self {
            key,
            held,
            kept,
            epoch: String::new(),
            awaiting_snapshot: true,
            resyncing: false,
        }
    }

    /// The first message of a connection.
    pub(crate) fn hello(&mut self, resumable: bool) -> ClientFrame {
        self.awaiting_snapshot = true;
        self.resyncing = false;
        let held = self.held.as_ref().filter(|_| resumable);
        ClientFrame::Hello {
            key: Some(self.key.clone()),
            resume: held.map(|held| Resume {
                epoch: held.epoch().to_owned(),
                version: held.version(),
            }),
            context: None,
            sdk: SDK.to_owned(),
        }
    }

    /// Handles a message that is not about the connection itself.
    pub(crate) fn receive(&mut self, frame: ServerFrame) -> Result<Heard, ProtocolViolation> {
        match frame {
            ServerFrame::Welcome {
                epoch,
                version,
                mode,
                ..
            } => self.welcome(epoch, version, mode),
            ServerFrame::Snapshot {
                version,
                flags,
                segments,
            } => self.snapshot(version, flags, segments),
            ServerFrame::Delta {
                from,
                to,
                committed_at_micros,
                put_flags,
                deleted_flags,
                put_segments,
                deleted_segments,
            } => {
                let from =
                    from.ok_or(ProtocolViolation("a delta of values, as for a client key"))?;
                let put_segments = put_segments.unwrap_or_default();
                let deleted_segments = deleted_segments.unwrap_or_default();
                let flags = (&put_flags, &deleted_flags[..]);
                let segments = (&put_segments, &deleted_segments[..]);
                Ok(self.delta(from, to, committed_at_micros, flags, segments))
            }
            _ => Ok(Heard::Nothing),
        }
    }

    fn welcome(
        &mut self,
        epoch: String,
        version: u64,
        mode: Mode,
    ) -> Result<Heard, ProtocolViolation> {
        self.epoch = epoch;
        self.awaiting_snapshot = mode == Mode::Snapshot;
        if self.awaiting_snapshot {
            return Ok(Heard::Nothing);
        }
        let held = self.held.as_ref();
        let Some(held) = held.filter(|held| held.epoch() == self.epoch) else {
            return Err(ProtocolViolation("a resume that was not requested"));
        };
        match mode {
            Mode::Current if held.version() != version => {
                Err(ProtocolViolation("a resume from another version"))
            }
            Mode::Current => Ok(Heard::Current),
            _ => Ok(Heard::Nothing),
        }
    }

    fn snapshot(
        &mut self,
        version: u64,
        flags: Map<String, Value>,
        segments: Option<Map<String, Value>>,
    ) -> Result<Heard, ProtocolViolation> {
        let segments = segments.map_or(Value::Null, Value::Object);
        let ruleset = Map::from_iter([
            ("epoch".to_owned(), self.epoch.as_str().into()),
            ("version".to_owned(), version.into()),
            ("flags".to_owned(), Value::Object(flags)),
            ("segments".to_owned(), segments),
        ]);
        let ruleset = Value::Object(ruleset);
        let loaded = CompiledRuleset::load(&ruleset);
        let loaded = loaded.map_err(|_| ProtocolViolation("a snapshot that is not a ruleset"))?;
        if let Some(kept) = &self.kept {
            kept.replace(ruleset);
        }
        Ok(self.replace(loaded, None))
    }

    fn delta(
        &mut self,
        from: u64,
        to: u64,
        committed_at_micros: u64,
        flags: (&Map<String, Value>, &[String]),
        segments: (&Map<String, Value>, &[String]),
    ) -> Heard {
        // The snapshot includes everything before it.
        let Some(held) = self.held.as_ref().filter(|_| !self.awaiting_snapshot) else {
            return Heard::Nothing;
        };
        if to <= held.version() {
            return Heard::Nothing;
        }
        if from != held.version() {
            if std::mem::replace(&mut self.resyncing, true) {
                return Heard::Nothing;
            }
            return Heard::Ask(ClientFrame::Resync(Resume {
                epoch: self.epoch.clone(),
                version: held.version(),
            }));
        }
        let next = held.with_json(flags, segments);
        if let Some(kept) = &self.kept {
            kept.update(|rules| rules.change(to, flags, segments));
        }
        let committed_at = UNIX_EPOCH.checked_add(Duration::from_micros(committed_at_micros));
        self.replace(next.at_version(to), committed_at)
    }

    fn replace(&mut self, ruleset: CompiledRuleset, committed_at: Option<SystemTime>) -> Heard {
        self.held = Some(ruleset.clone());
        self.awaiting_snapshot = false;
        self.resyncing = false;
        Heard::Rules(ruleset, committed_at)
    }
}
