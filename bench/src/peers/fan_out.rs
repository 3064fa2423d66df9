//! What other servers have to do.

/// What is sent to how many, and when.
pub(crate) struct FanOut<'a> {
    pub(crate) sockets: u32,
    pub(crate) changes: usize,
    pub(crate) every: u64,
    /// A message of the hub's: what peers send too, with numbers of their own.
    pub(crate) delta: &'a [u8],
}
