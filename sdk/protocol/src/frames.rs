//! The messages as data, for documents and tests.

/// Who receives a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Sent by a client.
    ToHub,
    /// Sent by a hub.
    ToClient,
}

/// One row of the protocol's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameInfo {
    /// The first element of the message.
    pub kind: u64,
    /// The name in documents.
    pub name: &'static str,
    /// Who receives it.
    pub direction: Direction,
    /// The elements after the type, in order.
    pub fields: &'static [&'static str],
}

const fn info(
    kind: u64,
    name: &'static str,
    direction: Direction,
    fields: &'static [&'static str],
) -> FrameInfo {
    FrameInfo {
        kind,
        name,
        direction,
        fields,
    }
}

/// Every message of the protocol, by type.
pub const FRAMES: [FrameInfo; 14] = [
    info(
        0,
        "HELLO",
        Direction::ToHub,
        &["key", "resume", "context", "sdk"],
    ),
    info(1, "CONTEXT", Direction::ToHub, &["context"]),
    info(2, "RESYNC", Direction::ToHub, &["epoch", "version"]),
    info(3, "EVENTS", Direction::ToHub, &["batch"]),
    info(4, "ALIVE", Direction::ToHub, &[]),
    info(8, "FOLLOW", Direction::ToHub, &["used"]),
    info(
        16,
        "WELCOME",
        Direction::ToClient,
        &[
            "connection",
            "epoch",
            "version",
            "mode",
            "heartbeatSeconds",
            "flagSetId",
        ],
    ),
    info(
        17,
        "SNAPSHOT",
        Direction::ToClient,
        &["version", "flags", "segments"],
    ),
    info(
        18,
        "DELTA",
        Direction::ToClient,
        &[
            "from",
            "to",
            "committedAtMicros",
            "putFlags",
            "deletedFlags",
            "putSegments",
            "deletedSegments",
        ],
    ),
    info(19, "ACK", Direction::ToClient, &["batchId"]),
    info(
        20,
        "ERROR",
        Direction::ToClient,
        &["code", "message", "temporary"],
    ),
    info(
        21,
        "GOAWAY",
        Direction::ToClient,
        &["minMillis", "maxMillis"],
    ),
    info(22, "PING", Direction::ToClient, &[]),
    info(
        24,
        "KEYS",
        Direction::ToClient,
        &["id", "project", "environment", "keys"],
    ),
];
