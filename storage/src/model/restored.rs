//! Where a targeting was restored from.

use serde::{Deserialize, Serialize};

use crate::id::AuditId;
use crate::text_enum::text_enum;

/// The audit entry that a targeting was restored from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoredFrom {
    /// The entry.
    pub entry: AuditId,
    /// Which side of it.
    pub state: AuditState,
}

text_enum! {
    /// Which side of an audit entry.
    pub enum AuditState {
        /// As it was.
        Before = "before",
        /// As it became.
        After = "after",
    }
}
