//! Applies the messages of an upstream's stream to the mirror, from WELCOME on. Opens no socket.

use std::collections::BTreeMap;
use std::time::Duration;

use peekaboo_actors::Mirror;
use peekaboo_flags::{Changes, Ruleset};
use peekaboo_protocol::{ClientFrame, KeyList, KeyTerms, Mode, Resume, ServerFrame};
use peekaboo_storage::{EnvironmentId, Key, KeyRecord, SdkKeyKind, SecretHash};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use time::OffsetDateTime;

/// The state of a stream.
pub(super) struct Stream {
    mirror: Mirror,
    /// The stream's environment; known from KEYS, or from an earlier stream.
    environment: Option<EnvironmentId>,
    epoch: String,
    /// The snapshot, while its environment is unknown.
    unnamed: Option<Ruleset>,
    /// Whether the upstream's state at WELCOME has been applied.
    whole: bool,
    followed: bool,
    pub(super) heartbeat: Option<Duration>,
    /// When to reconnect, after a GOAWAY.
    pub(super) come_back: Option<(Duration, Duration)>,
}

/// What the owner of the socket must do after a message.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    Nothing,
    /// Send this.
    Send(ClientFrame),
    /// The environment's keys are these; [`Stream::adopt`] takes them.
    Keys(Named),
    /// The upstream acknowledged this batch of usage.
    Acknowledged(String),
    /// The upstream reported an error with this code.
    Refused(String),
    /// There may be usage to send.
    Look,
    /// The upstream violated the protocol, or uses another one.
    GiveUp(String),
}

/// A parsed KEYS message.
#[derive(Debug, PartialEq)]
pub(super) struct Named {
    pub(super) environment: EnvironmentId,
    project: Key,
    key: Key,
    keys: Vec<KeyRecord>,
}

impl Stream {
    pub(super) fn new(mirror: Mirror, environment: Option<EnvironmentId>) -> Self {
        Self {
            mirror,
            environment,
            epoch: String::new(),
            unnamed: None,
            whole: false,
            followed: false,
            heartbeat: None,
            come_back: None,
        }
    }

    /// Handles one message.
    pub(super) fn take(&mut self, frame: ServerFrame) -> Step {
        match frame {
            ServerFrame::Welcome {
                epoch,
                version,
                mode,
                heartbeat_seconds,
                ..
            } => {
                tracing::info!(?mode, version, "following the upstream");
                self.epoch = epoch;
                self.heartbeat = Some(Duration::from_secs(heartbeat_seconds.max(1)));
                self.whole = mode == Mode::Current;
            }
            ServerFrame::Snapshot {
                version,
                flags,
                segments: Some(segments),
            } => {
                let ruleset = Ruleset {
                    epoch: self.epoch.clone(),
                    version,
                    flags: readable(flags, "flag").0,
                    segments: readable(segments, "segment").0,
                };
                self.replace(ruleset);
                self.whole = true;
            }
            ServerFrame::Delta {
                from: Some(from),
                to,
                committed_at_micros,
                put_flags,
                deleted_flags,
                put_segments,
                deleted_segments,
            } => {
                let changes = changes(
                    (put_flags, deleted_flags),
                    (
                        put_segments.unwrap_or_default(),
                        deleted_segments.unwrap_or_default(),
                    ),
                );
                if let Some(resync) = self.apply(from, to, committed_at_micros, changes) {
                    return Step::Send(resync);
                }
                self.whole = true;
            }
            ServerFrame::Snapshot { segments: None, .. }
            | ServerFrame::Delta { from: None, .. } => {
                return Step::GiveUp("the upstream sent values, as for a client key".to_owned());
            }
            ServerFrame::Keys(list) => {
                return match Named::read(list) {
                    Some(named) => Step::Keys(named),
                    None => Step::GiveUp(
                        "the upstream sent keys that this version cannot read".to_owned(),
                    ),
                };
            }
            ServerFrame::GoAway {
                min_millis,
                max_millis,
            } => {
                let (least, most) = (min_millis.min(max_millis), max_millis);
                self.come_back = Some((Duration::from_millis(least), Duration::from_millis(most)));
            }
            ServerFrame::Ping => return Step::Send(ClientFrame::Alive),
            ServerFrame::Error { code, message, .. } => {
                tracing::warn!(code, message, "the upstream reported an error");
                return Step::Refused(code);
            }
            ServerFrame::Ack { batch } => return Step::Acknowledged(batch),
        }
        self.follow()
    }

    /// Requests the keys once the state has arrived; before that, they would have to wait for it.
    fn follow(&mut self) -> Step {
        if !self.whole || std::mem::replace(&mut self.followed, true) {
            return Step::Nothing;
        }
        Step::Send(ClientFrame::Follow { used: Vec::new() })
    }

    /// Publishes the environment, once its name and keys are known.
    pub(super) fn adopt(&mut self, named: Named) {
        let Named {
            environment,
            project,
            key,
            keys,
        } = named;
        self.environment = Some(environment);
        if let Some(ruleset) = self.unnamed.take() {
            self.mirror.replace(environment, &project, &key, ruleset);
        }
        self.mirror.set_keys(environment, &project, &key, keys);
    }

    fn replace(&mut self, ruleset: Ruleset) {
        match self.environment {
            Some(environment) if self.mirror.holds(environment) => {
                self.mirror.renew(environment, ruleset);
            }
            _ => self.unnamed = Some(ruleset),
        }
    }

    /// Applies a delta as the protocol requires; returns the message to send if it does not apply.
    fn apply(&mut self, from: u64, to: u64, at: u64, changes: Changes) -> Option<ClientFrame> {
        let held = if let Some(unnamed) = &mut self.unnamed {
            if unnamed.version == from && to > from {
                unnamed.apply(&changes);
                unnamed.version = to;
                return None;
            }
            unnamed.version
        } else {
            let environment = self.environment?;
            if self.mirror.apply(environment, from, to, at, changes) {
                return None;
            }
            self.mirror.held(environment)?.version
        };
        if to <= held {
            return None;
        }
        Some(ClientFrame::Resync(Resume {
            epoch: self.epoch.clone(),
            version: held,
        }))
    }
}

impl Named {
    fn read(list: KeyList) -> Option<Self> {
        let environment: EnvironmentId = list.id.parse().ok()?;
        let keys = list
            .keys
            .into_iter()
            .map(|terms| record(terms, environment));
        Some(Self {
            environment,
            project: list.project.parse().ok()?,
            key: list.environment.parse().ok()?,
            keys: keys.collect::<Option<_>>()?,
        })
    }
}

fn record(terms: KeyTerms, environment: EnvironmentId) -> Option<KeyRecord> {
    let expires_at = match terms.expires_at_micros {
        None => None,
        Some(micros) => {
            let nanos = i128::from(micros) * 1_000;
            Some(OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?)
        }
    };
    Some(KeyRecord {
        id: terms.id.parse().ok()?,
        environment,
        kind: if terms.is_server {
            SdkKeyKind::Server
        } else {
            SdkKeyKind::Client
        },
        hash: SecretHash::from_bytes(terms.hash),
        origins: terms.origins,
        expires_at,
    })
}

/// The changes of a delta. A flag or segment that this version cannot read is removed, because its previous state would be
/// wrong.
fn changes(
    (put_flags, mut deleted_flags): (Map<String, Value>, Vec<String>),
    (put_segments, mut deleted_segments): (Map<String, Value>, Vec<String>),
) -> Changes {
    let (put_flags, unreadable) = readable(put_flags, "flag");
    deleted_flags.extend(unreadable);
    let (put_segments, unreadable) = readable(put_segments, "segment");
    deleted_segments.extend(unreadable);
    Changes {
        put_flags,
        deleted_flags,
        put_segments,
        deleted_segments,
    }
}

/// Flags or segments by key, and the keys of those that this version cannot read.
fn readable<T: DeserializeOwned>(
    entries: Map<String, Value>,
    what: &str,
) -> (BTreeMap<String, T>, Vec<String>) {
    let mut unreadable = Vec::new();
    let mut read = BTreeMap::new();
    for (key, value) in entries {
        match serde_json::from_value(value) {
            Ok(definition) => {
                read.insert(key, definition);
            }
            Err(error) => {
                tracing::error!(%error, key, "cannot read a {what}, so it is not served; the upstream may be a newer version");
                unreadable.push(key);
            }
        }
    }
    (read, unreadable)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::json;

    use super::*;

    const ID: &str = "0199a7e2-0000-7000-8000-000000000001";

    fn mirror() -> Mirror {
        Mirror::new(10, PathBuf::from("unused"))
    }

    fn object(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).expect("an object")
    }

    fn flag() -> Value {
        json!({
            "type": "boolean", "enabled": true, "variations": {"on": true}, "offVariation": "on",
            "fallthrough": {"variation": "on"}, "salt": "s", "version": 1,
        })
    }

    fn welcome(mode: Mode) -> ServerFrame {
        ServerFrame::Welcome {
            connection: "c".to_owned(),
            epoch: "e".to_owned(),
            version: 4,
            mode,
            heartbeat_seconds: 25,
            flag_set: None,
        }
    }

    fn snapshot() -> ServerFrame {
        ServerFrame::Snapshot {
            version: 4,
            flags: object(json!({"good": flag(), "odd": {"type": "color"}})),
            segments: Some(Map::new()),
        }
    }

    fn delta(from: u64, to: u64, put: Value) -> ServerFrame {
        ServerFrame::Delta {
            from: Some(from),
            to,
            committed_at_micros: 1,
            put_flags: object(put),
            deleted_flags: Vec::new(),
            put_segments: Some(Map::new()),
            deleted_segments: Some(Vec::new()),
        }
    }

    fn keys() -> ServerFrame {
        ServerFrame::Keys(KeyList {
            id: ID.to_owned(),
            project: "shop".to_owned(),
            environment: "production".to_owned(),
            keys: Vec::new(),
        })
    }

    fn follow() -> Step {
        Step::Send(ClientFrame::Follow { used: Vec::new() })
    }

    /// A stream that has told its environment and keys.
    fn followed(mirror: &Mirror) -> Stream {
        let mut stream = Stream::new(mirror.clone(), None);
        assert_eq!(stream.take(welcome(Mode::Snapshot)), Step::Nothing);
        assert_eq!(stream.take(snapshot()), follow());
        // Between the state and its name.
        assert_eq!(stream.take(delta(4, 5, json!({}))), Step::Nothing);
        let Step::Keys(named) = stream.take(keys()) else {
            panic!("keys");
        };
        stream.adopt(named);
        stream
    }

    fn held(mirror: &Mirror) -> Resume {
        mirror.held(ID.parse().expect("an id")).expect("held")
    }

    #[test]
    fn state_is_known_to_others_once_its_environment_is() {
        let mirror = mirror();
        followed(&mirror);
        let Resume { epoch, version } = held(&mirror);
        assert_eq!((epoch.as_str(), version), ("e", 5));
    }

    #[test]
    fn a_delta_that_does_not_lead_on_asks_for_what_does() {
        let mirror = mirror();
        let mut stream = followed(&mirror);
        assert_eq!(stream.take(delta(3, 4, json!({}))), Step::Nothing);
        assert_eq!(
            stream.take(delta(6, 7, json!({}))),
            Step::Send(ClientFrame::Resync(held(&mirror)))
        );
        assert_eq!(stream.take(delta(5, 9, json!({}))), Step::Nothing);
        assert_eq!(held(&mirror).version, 9);
    }

    #[test]
    fn keys_are_asked_for_once_on_each_stream() {
        let mirror = mirror();
        followed(&mirror);
        let mut again = Stream::new(mirror.clone(), Some(ID.parse().expect("an id")));
        assert_eq!(again.take(welcome(Mode::Current)), follow());
        assert_eq!(again.take(delta(5, 6, json!({}))), Step::Nothing);
        let mut behind = Stream::new(mirror.clone(), Some(ID.parse().expect("an id")));
        assert_eq!(behind.take(welcome(Mode::Delta)), Step::Nothing);
        assert_eq!(behind.take(delta(6, 8, json!({}))), follow());
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_takes_its_former_self_along() {
        let (flags, unreadable) =
            readable::<peekaboo_flags::Flag>(object(json!({"good": flag(), "odd": 1})), "flag");
        assert_eq!(flags.keys().collect::<Vec<_>>(), ["good"]);
        assert_eq!(unreadable, ["odd"]);
        let put = object(json!({"good": {"type": "color"}}));
        let changes = changes((put, Vec::new()), (Map::new(), Vec::new()));
        assert_eq!(changes.deleted_flags, ["good"]);
    }

    #[test]
    fn an_upstream_that_sends_values_is_given_up() {
        let mut stream = Stream::new(mirror(), None);
        let values = ServerFrame::Snapshot {
            version: 1,
            flags: Map::new(),
            segments: None,
        };
        assert!(matches!(stream.take(values), Step::GiveUp(_)));
    }
}
