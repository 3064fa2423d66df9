//! Sorts of work, each with bounds of its own, so that slow work of one sort never delays another.

/// Work that shares its bounds with work of the same sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// On the database, and someone waits for it.
    Prompt,
    /// On the database, and no one does.
    Maintenance,
    /// In other systems, which may be slow.
    External,
}

impl Lane {
    pub(crate) const ALL: [Self; 3] = [Self::Prompt, Self::Maintenance, Self::External];
}
