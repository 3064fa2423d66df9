//! Messages from a hub to its clients.

use serde_json::{Map, Value};

use crate::error::DecodeError;
use crate::fields::Fields;
use crate::keys::KeyList;
use crate::limits::MAX_SERVER_DEPTH;
use crate::msgpack::{Encoded, Writer};

/// How a stream begins after WELCOME.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The client holds the welcomed version already.
    Current,
    /// A delta from the version the client named follows.
    Delta,
    /// A snapshot follows, which replaces all that the client holds.
    Snapshot,
}

impl Mode {
    /// The number in WELCOME.
    pub const fn code(self) -> u64 {
        match self {
            Self::Current => 0,
            Self::Delta => 1,
            Self::Snapshot => 2,
        }
    }

    const fn of_code(code: u64) -> Option<Self> {
        match code {
            0 => Some(Self::Current),
            1 => Some(Self::Delta),
            2 => Some(Self::Snapshot),
            _ => None,
        }
    }
}

/// One message from a hub.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerFrame {
    /// The answer to HELLO.
    Welcome {
        /// An opaque name of this connection, for support and logs.
        connection: String,
        /// The history that versions belong to from here on.
        epoch: String,
        /// The environment's version.
        version: u64,
        /// What follows.
        mode: Mode,
        /// The client may give the stream up after two and a half times this without a byte.
        heartbeat_seconds: u64,
        /// The environment as people know it, `project/environment`; none from hubs that do not say.
        flag_set: Option<String>,
    },
    /// The whole state.
    Snapshot {
        /// The version of this state.
        version: u64,
        /// Flags by key: rulesets' flags, or `[value, variation, reason, flagVersion]` for a client key.
        flags: Map<String, Value>,
        /// Segments by key; `None` for a client key.
        segments: Option<Map<String, Value>>,
    },
    /// What changed.
    Delta {
        /// The version that it applies to; `None` for a client key, where it applies to any.
        from: Option<u64>,
        /// The version after it.
        to: u64,
        /// When `to` was committed, in microseconds since 1970; 0 in the answer to a CONTEXT, and only there.
        committed_at_micros: u64,
        /// Flags added or replaced, as in a snapshot.
        put_flags: Map<String, Value>,
        /// Flags gone.
        deleted_flags: Vec<String>,
        /// Segments added or replaced; `None` for a client key.
        put_segments: Option<Map<String, Value>>,
        /// Segments gone; `None` for a client key.
        deleted_segments: Option<Vec<String>>,
    },
    /// A batch of events is durable.
    Ack {
        /// The batch's id.
        batch: String,
    },
    /// Something the client sent was not done; the stream goes on.
    Error {
        /// One of [`ERROR_CODES`](crate::ERROR_CODES).
        code: String,
        /// For people.
        message: String,
        /// Whether the same may succeed later.
        temporary: bool,
    },
    /// Reconnect after a random time between the two; a close follows.
    GoAway {
        /// The shortest wait, in milliseconds.
        min_millis: u64,
        /// The longest wait, in milliseconds.
        max_millis: u64,
    },
    /// Answer with ALIVE.
    Ping,
    /// Who may follow the environment: the answer to FOLLOW, and to no one else.
    Keys(KeyList),
}

/// A delta whose flags and segments are encoded already.
#[derive(Clone, Copy, Debug)]
pub struct DeltaParts<'a> {
    /// The version that it applies to; `None` for a client key.
    pub from: Option<u64>,
    /// The version after it.
    pub to: u64,
    /// When `to` was committed.
    pub committed_at_micros: u64,
    /// Flags added or replaced.
    pub put_flags: &'a [(&'a str, Encoded)],
    /// Flags gone.
    pub deleted_flags: &'a [&'a str],
    /// What became of segments; `None` for a client key.
    pub segments: Option<SegmentParts<'a>>,
}

/// The segments of a delta.
#[derive(Clone, Copy, Debug)]
pub struct SegmentParts<'a> {
    /// Segments added or replaced.
    pub put: &'a [(&'a str, Encoded)],
    /// Segments gone.
    pub deleted: &'a [&'a str],
}

impl ServerFrame {
    /// Decodes one whole message. Elements past the known ones are ignored.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Fields::decode(bytes, MAX_SERVER_DEPTH, Self::read)
    }

    fn read(kind: u64, fields: &mut Fields<'_>) -> Result<Self, DecodeError> {
        match kind {
            16 => Ok(Self::Welcome {
                connection: fields.string("connection")?,
                epoch: fields.string("epoch")?,
                version: fields.uint("version")?,
                mode: Mode::of_code(fields.uint("mode")?).ok_or(DecodeError::Field("mode"))?,
                heartbeat_seconds: fields.uint("heartbeatSeconds")?,
                flag_set: fields.appended_string()?,
            }),
            17 => Ok(Self::Snapshot {
                version: fields.uint("version")?,
                flags: fields.object("flags")?,
                segments: fields.optional_object("segments")?,
            }),
            18 => Ok(Self::Delta {
                from: fields.optional_uint("from")?,
                to: fields.uint("to")?,
                committed_at_micros: fields.uint("committedAtMicros")?,
                put_flags: fields.object("putFlags")?,
                deleted_flags: fields.strings("deletedFlags")?,
                put_segments: fields.optional_object("putSegments")?,
                deleted_segments: fields.optional_strings("deletedSegments")?,
            }),
            19 => Ok(Self::Ack {
                batch: fields.string("batchId")?,
            }),
            20 => Ok(Self::Error {
                code: fields.string("code")?,
                message: fields.string("message")?,
                temporary: fields.bool("temporary")?,
            }),
            21 => Ok(Self::GoAway {
                min_millis: fields.uint("minMillis")?,
                max_millis: fields.uint("maxMillis")?,
            }),
            22 => Ok(Self::Ping),
            24 => KeyList::read(fields).map(Self::Keys),
            kind => Err(DecodeError::UnknownType(kind)),
        }
    }

    /// The message's bytes.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Welcome {
                connection,
                epoch,
                version,
                mode,
                heartbeat_seconds,
                flag_set,
            } => {
                let mut writer = Writer::message(16, 5 + usize::from(flag_set.is_some()));
                writer.string(connection);
                writer.string(epoch);
                writer.uint(*version);
                writer.uint(mode.code());
                writer.uint(*heartbeat_seconds);
                if let Some(flag_set) = flag_set {
                    writer.string(flag_set);
                }
                writer.finish()
            }
            Self::Snapshot {
                version,
                flags,
                segments,
            } => {
                let mut writer = Writer::message(17, 3);
                writer.uint(*version);
                writer.object(flags);
                optional_object(&mut writer, segments.as_ref());
                writer.finish()
            }
            Self::Delta {
                from,
                to,
                committed_at_micros,
                put_flags,
                deleted_flags,
                put_segments,
                deleted_segments,
            } => {
                let mut writer = delta_head(*from, *to, *committed_at_micros);
                writer.object(put_flags);
                writer.strings(deleted_flags.iter().map(String::as_str));
                optional_object(&mut writer, put_segments.as_ref());
                match deleted_segments {
                    Some(keys) => writer.strings(keys.iter().map(String::as_str)),
                    None => writer.nil(),
                }
                writer.finish()
            }
            Self::Ack { batch } => {
                let mut writer = Writer::message(19, 1);
                writer.string(batch);
                writer.finish()
            }
            Self::Error {
                code,
                message,
                temporary,
            } => {
                let mut writer = Writer::message(20, 3);
                writer.string(code);
                writer.string(message);
                writer.bool(*temporary);
                writer.finish()
            }
            Self::GoAway {
                min_millis,
                max_millis,
            } => {
                let mut writer = Writer::message(21, 2);
                writer.uint(*min_millis);
                writer.uint(*max_millis);
                writer.finish()
            }
            Self::Ping => Writer::message(22, 0).finish(),
            Self::Keys(keys) => keys.encode(),
        }
    }
}

/// A SNAPSHOT of values that are encoded already.
pub fn encode_snapshot<'a, F, S>(version: u64, flags: F, segments: Option<S>) -> Vec<u8>
where
    F: IntoIterator<Item = (&'a str, &'a Encoded), IntoIter: ExactSizeIterator>,
    S: IntoIterator<Item = (&'a str, &'a Encoded), IntoIter: ExactSizeIterator>,
{
    let mut writer = Writer::message(17, 3);
    writer.uint(version);
    entries(&mut writer, flags.into_iter());
    match segments {
        Some(segments) => entries(&mut writer, segments.into_iter()),
        None => writer.nil(),
    }
    writer.finish()
}

/// A DELTA of values that are encoded already.
pub fn encode_delta(parts: &DeltaParts<'_>) -> Vec<u8> {
    let mut writer = delta_head(parts.from, parts.to, parts.committed_at_micros);
    entries(
        &mut writer,
        parts.put_flags.iter().map(|(key, value)| (*key, value)),
    );
    writer.strings(parts.deleted_flags.iter().copied());
    if let Some(SegmentParts { put, deleted }) = parts.segments {
        entries(&mut writer, put.iter().map(|(key, value)| (*key, value)));
        writer.strings(deleted.iter().copied());
    } else {
        writer.nil();
        writer.nil();
    }
    writer.finish()
}

fn delta_head(from: Option<u64>, to: u64, committed_at_micros: u64) -> Writer {
    let mut writer = Writer::message(18, 7);
    match from {
        Some(from) => writer.uint(from),
        None => writer.nil(),
    }
    writer.uint(to);
    writer.uint(committed_at_micros);
    writer
}

fn entries<'a>(
    writer: &mut Writer,
    entries: impl ExactSizeIterator<Item = (&'a str, &'a Encoded)>,
) {
    writer.map(entries.len());
    for (key, value) in entries {
        writer.string(key);
        writer.raw(value.as_bytes());
    }
}

fn optional_object(writer: &mut Writer, map: Option<&Map<String, Value>>) {
    match map {
        Some(map) => writer.object(map),
        None => writer.nil(),
    }
}

/// The flags of a client key's message while it is put together.
#[derive(Debug, Default)]
pub struct EvaluatedFlags {
    entries: Writer,
    count: usize,
}

impl EvaluatedFlags {
    /// Adds a flag's value; `value` and `variation` are `None` where the application's default counts. `metadata` is what
    /// people noted about the flag, if anything.
    pub fn push(
        &mut self,
        key: &str,
        value: Option<&Value>,
        variation: Option<&str>,
        reason: &str,
        flag_version: u64,
        metadata: Option<&Map<String, Value>>,
    ) {
        let writer = &mut self.entries;
        writer.string(key);
        writer.array(4 + usize::from(metadata.is_some()));
        match value {
            Some(value) => writer.value(value),
            None => writer.nil(),
        }
        match variation {
            Some(variation) => writer.string(variation),
            None => writer.nil(),
        }
        writer.string(reason);
        writer.uint(flag_version);
        if let Some(metadata) = metadata {
            writer.object(metadata);
        }
        self.count += 1;
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A SNAPSHOT for a client key.
    pub fn into_snapshot(self, version: u64) -> Vec<u8> {
        let mut writer = Writer::message(17, 3);
        writer.uint(version);
        self.write_to(&mut writer);
        writer.nil();
        writer.finish()
    }

    /// A DELTA for a client key; `committed_at_micros` is 0 in the answer to a CONTEXT.
    pub fn into_delta<'k>(
        self,
        to: u64,
        committed_at_micros: u64,
        deleted: impl ExactSizeIterator<Item = &'k str>,
    ) -> Vec<u8> {
        let mut writer = delta_head(None, to, committed_at_micros);
        self.write_to(&mut writer);
        writer.strings(deleted);
        writer.nil();
        writer.nil();
        writer.finish()
    }

    fn write_to(self, writer: &mut Writer) {
        writer.map(self.count);
        writer.raw(&self.entries.finish());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn parts_make_the_same_bytes_as_the_whole() {
        let flag = json!({"enabled": true, "salt": "s"});
        let encoded = Encoded::of_json(&flag);
        let snapshot = ServerFrame::Snapshot {
            version: 3,
            flags: object(json!({"a": flag})),
            segments: Some(object(json!({"s": flag}))),
        };
        let entries = |key| Some((key, &encoded)).into_iter();
        assert_eq!(
            encode_snapshot(3, entries("a"), Some(entries("s"))),
            snapshot.encode()
        );

        let delta = ServerFrame::Delta {
            from: Some(2),
            to: 3,
            committed_at_micros: 9,
            put_flags: object(json!({"a": flag})),
            deleted_flags: vec!["b".to_owned()],
            put_segments: Some(object(json!({"s": flag}))),
            deleted_segments: Some(vec!["t".to_owned()]),
        };
        let parts = DeltaParts {
            from: Some(2),
            to: 3,
            committed_at_micros: 9,
            put_flags: &[("a", encoded.clone())],
            deleted_flags: &["b"],
            segments: Some(SegmentParts {
                put: &[("s", encoded.clone())],
                deleted: &["t"],
            }),
        };
        assert_eq!(encode_delta(&parts), delta.encode());
    }

    #[test]
    fn evaluated_flags_make_the_same_bytes_as_the_whole() {
        let evaluated = || {
            let mut flags = EvaluatedFlags::default();
            let noted = object(json!({"owner": "checkout"}));
            flags.push("a", Some(&json!({"x": 1})), Some("on"), "STATIC", 7, None);
            flags.push("b", None, None, "ERROR", 1, Some(&noted));
            flags
        };
        let flags = object(json!({
            "a": [{"x": 1}, "on", "STATIC", 7], "b": [null, null, "ERROR", 1, {"owner": "checkout"}]
        }));
        let snapshot = ServerFrame::Snapshot {
            version: 3,
            flags: flags.clone(),
            segments: None,
        };
        assert_eq!(evaluated().into_snapshot(3), snapshot.encode());
        let delta = ServerFrame::Delta {
            from: None,
            to: 3,
            committed_at_micros: 0,
            put_flags: flags,
            deleted_flags: vec!["c".to_owned()],
            put_segments: None,
            deleted_segments: None,
        };
        assert_eq!(
            evaluated().into_delta(3, 0, ["c"].into_iter()),
            delta.encode()
        );
    }
}
