//! Close codes as data: what each means and whether a client that meets it should come back.

/// Why a hub closes a stream.
///
/// 4000–4499 mean a passing condition: the client reconnects after a [`Backoff`](crate::Backoff). 4500–4999 refuse the
/// client as it is: it keeps what it holds, tells its application, and tries again after a
/// [`RefusalBackoff`](crate::RefusalBackoff), since even a refusal can pass. The codes below 4000 are WebSocket's own, for
/// peers that break WebSocket itself; a client treats them, and a socket that just ends, like the first range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// The peer sent something that is not WebSocket as RFC 6455 has it: unmasked, reserved bits, bad fragments.
    ProtocolError,
    /// The peer sent a text message; every message here is binary.
    UnsupportedData,
    /// Something broke in the hub; the connection was closed alone.
    InternalError,
    /// The hub cannot look the key up just now.
    Unavailable,
    /// The hub is shutting down, or moves this connection to another.
    Shutdown,
    /// Nothing was heard from the client for two heartbeats and a half.
    NoHeartbeat,
    /// The client did not read for longer than the hub is willing to wait.
    TooSlow,
    /// The client sends more than it may.
    RateLimited,
    /// The hub lost what it needs to continue this stream; a new one will serve.
    Resync,
    /// No HELLO came in time; the client may have been busy.
    HelloTimeout,
    /// As many connections as allowed are open under the key or in its organization.
    TooManyConnections,
    /// A message that is malformed, of an unknown type or out of order.
    BadRequest,
    /// No live key has this value.
    InvalidKey,
    /// The key was revoked or has expired.
    KeyRevoked,
    /// The page's origin is not on the client key's list.
    ForbiddenOrigin,
    /// A message is larger than allowed.
    Limit,
}

/// Every close code that a hub sends, in ascending order.
pub const CLOSE_CODES: [CloseCode; 16] = [
    CloseCode::ProtocolError,
    CloseCode::UnsupportedData,
    CloseCode::InternalError,
    CloseCode::Unavailable,
    CloseCode::Shutdown,
    CloseCode::NoHeartbeat,
    CloseCode::TooSlow,
    CloseCode::RateLimited,
    CloseCode::Resync,
    CloseCode::HelloTimeout,
    CloseCode::TooManyConnections,
    CloseCode::BadRequest,
    CloseCode::InvalidKey,
    CloseCode::KeyRevoked,
    CloseCode::ForbiddenOrigin,
    CloseCode::Limit,
];

impl CloseCode {
    /// The number in the close frame.
    pub const fn code(self) -> u16 {
        match self {
            Self::ProtocolError => 1002,
            Self::UnsupportedData => 1003,
            Self::InternalError => 1011,
            Self::Unavailable => 1013,
            Self::Shutdown => 4000,
            Self::NoHeartbeat => 4001,
            Self::TooSlow => 4002,
            Self::RateLimited => 4003,
            Self::Resync => 4004,
            Self::HelloTimeout => 4005,
            Self::TooManyConnections => 4006,
            Self::BadRequest => 4500,
            Self::InvalidKey => 4501,
            Self::KeyRevoked => 4502,
            Self::ForbiddenOrigin => 4503,
            Self::Limit => 4504,
        }
    }

    /// The name in documents, logs and metric labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProtocolError => "protocol_error",
            Self::UnsupportedData => "unsupported_data",
            Self::InternalError => "internal_error",
            Self::Unavailable => "unavailable",
            Self::Shutdown => "shutdown",
            Self::NoHeartbeat => "no_heartbeat",
            Self::TooSlow => "too_slow",
            Self::RateLimited => "rate_limited",
            Self::Resync => "resync",
            Self::HelloTimeout => "hello_timeout",
            Self::TooManyConnections => "too_many_connections",
            Self::BadRequest => "bad_request",
            Self::InvalidKey => "invalid_key",
            Self::KeyRevoked => "key_revoked",
            Self::ForbiddenOrigin => "forbidden_origin",
            Self::Limit => "limit",
        }
    }

    /// Whether this code refuses the client, rather than naming a passing condition.
    pub const fn refuses(self) -> bool {
        Self::code_refuses(self.code())
    }

    /// The same for any number, including codes that this version does not know.
    pub const fn code_refuses(code: u16) -> bool {
        code >= 4500 && code <= 4999
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_listed_once_in_ascending_order() {
        assert!(CLOSE_CODES.is_sorted_by(|a, b| a.code() < b.code()));
    }

    #[test]
    fn the_range_of_a_code_says_whether_it_refuses() {
        assert!(!CloseCode::Shutdown.refuses());
        assert!(!CloseCode::ProtocolError.refuses());
        assert!(CloseCode::KeyRevoked.refuses());
        assert!(!CloseCode::code_refuses(4499));
        assert!(CloseCode::code_refuses(4999));
        assert!(!CloseCode::code_refuses(1006));
    }

    #[test]
    fn a_condition_that_passes_by_itself_never_refuses() {
        assert!(!CloseCode::HelloTimeout.refuses());
        assert!(!CloseCode::TooManyConnections.refuses());
    }
}
