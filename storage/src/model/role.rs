//! What members and API tokens may do.

use crate::text_enum::text_enum;

text_enum! {
    /// What a member or a token may do; each role may all that those before it may.
    pub enum Role {
        /// Reads.
        Viewer = "viewer",
        /// Changes flags, targeting and segments.
        Editor = "editor",
        /// Changes projects, environments, keys and tokens too.
        Admin = "admin",
        /// Changes everything.
        Owner = "owner",
    }
}
