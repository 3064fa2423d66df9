//! The size and depth that messages may have.

/// The largest message that a hub accepts, in bytes.
pub const MAX_CLIENT_MESSAGE: usize = 16 * 1024;

/// How deep a client's message may nest, its own array included.
pub const MAX_CLIENT_DEPTH: usize = 32;

/// How deep a hub's message may nest: conditions nest in rulesets at two levels each, and flags hold JSON values.
pub const MAX_SERVER_DEPTH: usize = 128;
