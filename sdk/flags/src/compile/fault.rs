//! Why something that was loaded cannot be used.

/// Why a flag or a segment is malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault(pub(crate) Box<str>);

impl Fault {
    pub(super) fn new(reason: impl Into<Box<str>>) -> Self {
        Fault(reason.into())
    }
}
