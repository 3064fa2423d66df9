//! What can be wrong with a message, and the codes that ERROR carries.

/// Why bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes end inside a value.
    #[error("the message is truncated")]
    Truncated,
    /// The message's array is followed by more bytes.
    #[error("bytes follow the message")]
    Trailing,
    /// The message is not an array, or is empty.
    #[error("the message is not an array that begins with its type")]
    NotAMessage,
    /// The type is not one that this side receives. A client ignores such a message; a hub refuses it.
    #[error("unknown message type {0}")]
    UnknownType(u64),
    /// An element is missing or of the wrong type.
    #[error("{0} is missing or of the wrong type")]
    Field(&'static str),
    /// A value that JSON has no equivalent of: binary, an extension, a number that is not finite, a key that is not
    /// a string, a string that is not UTF-8.
    #[error("the message holds a value that JSON cannot")]
    Unsupported,
    /// Arrays and maps nest too deep.
    #[error("the message nests too deep")]
    TooDeep,
}

impl DecodeError {
    /// The name that conformance cases use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::Trailing => "trailing",
            Self::NotAMessage => "not_a_message",
            Self::UnknownType(_) => "unknown_type",
            Self::Field(_) => "field",
            Self::Unsupported => "unsupported",
            Self::TooDeep => "too_deep",
        }
    }
}

/// Why a value is not a batch of events, for the people who made it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BatchError(pub(crate) String);

/// What an ERROR message says. The stream stays open after one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// This hub does not take EVENTS; the client should stop sending them on this connection.
    EventsUnsupported,
    /// The batch can never be counted; the client should drop it and go on.
    EventsInvalid,
    /// CONTEXT was sent under a server key, whose client evaluates by itself.
    ContextUnexpected,
    /// The context is invalid: its targeting key is not a string. The previous context stays in effect.
    ContextInvalid,
}

/// Every code that a hub sends in ERROR.
pub const ERROR_CODES: [ErrorCode; 4] = [
    ErrorCode::EventsUnsupported,
    ErrorCode::EventsInvalid,
    ErrorCode::ContextUnexpected,
    ErrorCode::ContextInvalid,
];

impl ErrorCode {
    /// The string on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EventsUnsupported => "events_unsupported",
            Self::EventsInvalid => "events_invalid",
            Self::ContextUnexpected => "context_unexpected",
            Self::ContextInvalid => "context_invalid",
        }
    }
}
