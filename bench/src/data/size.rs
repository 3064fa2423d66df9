//! How much data there is.

/// The size of a run's data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Flags of the large project.
    pub(crate) flags: u64,
    /// Environments of the large project.
    pub(crate) environments: u64,
    /// Projects of the wide organization.
    pub(crate) wide_projects: u64,
    /// Environments of each of these.
    pub(crate) wide_environments: u64,
    /// Organizations with one small project each.
    pub(crate) tenants: u64,
    /// Rows of counts by the hour, rounded to whole flags.
    pub(crate) counts: u64,
    /// People with an exposure and an event each.
    pub(crate) people: u64,
}

impl Size {
    /// What the figures are about.
    pub(crate) const FULL: Self = Self {
        flags: 10_000,
        environments: 20,
        wide_projects: 50,
        wide_environments: 20,
        tenants: 5_000,
        counts: 3_300_000,
        people: 1_250_000,
    };

    /// A hundredth of it.
    pub(crate) const QUICK: Self = Self {
        flags: 100,
        environments: 20,
        wide_projects: 2,
        wide_environments: 5,
        tenants: 50,
        counts: 33_000,
        people: 12_500,
    };

    /// Environments of the wide organization.
    pub(crate) fn wide(&self) -> u64 {
        self.wide_projects * self.wide_environments
    }
}
