//! The commands that change rulesets, and what committing one answers.
//!
//! A patch holds the whole new value of each part that it names and leaves the others alone, so that applying one needs
//! no earlier read and two people who edit different parts do not overwrite each other.

use peekaboo_flags::model::{Condition, Prerequisite, Rule, Serve, Target};
use peekaboo_flags::{Changes, FlagType, Value};

use crate::{
    AuditId, AuditState, EnvironmentId, FlagOverview, FlagTargeting, Key, Segment, Targeting,
    Variation,
};

/// A change of flags, targeting or segments: all that reaches applications.
///
/// `expected_version` refuses the command with the current state when somebody was faster; `None` applies it to whatever
/// is there.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Creates a flag, disabled in every environment unless told otherwise.
    CreateFlag {
        /// The project's key.
        project: Key,
        /// The flag.
        flag: NewFlag,
    },
    /// Changes a flag's definition, in every environment at once; archives and restores.
    UpdateFlag {
        /// The project's key.
        project: Key,
        /// The flag's key.
        flag: Key,
        /// What changes.
        patch: FlagPatch,
        /// The definition's version.
        expected_version: Option<i64>,
    },
    /// Deletes a flag and its targeting everywhere.
    DeleteFlag {
        /// The project's key.
        project: Key,
        /// The flag's key.
        flag: Key,
        /// The definition's version.
        expected_version: Option<i64>,
    },
    /// Changes a flag's targeting in one environment; [`TargetingPatch::from`] a [`Targeting`] replaces it whole.
    UpdateTargeting {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The flag's key.
        flag: Key,
        /// What changes.
        patch: TargetingPatch,
        /// The targeting's version.
        expected_version: Option<i64>,
    },
    /// Puts a flag's targeting in one environment back to what the audit log recorded.
    RestoreTargeting {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The flag's key.
        flag: Key,
        /// The entry of the audit log.
        entry: AuditId,
        /// Which side of that entry.
        state: AuditState,
        /// The targeting's version.
        expected_version: Option<i64>,
    },
    /// Creates a segment.
    CreateSegment {
        /// The project's key.
        project: Key,
        /// The segment.
        segment: NewSegment,
    },
    /// Changes a segment, in every environment at once.
    UpdateSegment {
        /// The project's key.
        project: Key,
        /// The segment's key.
        segment: Key,
        /// What changes.
        patch: SegmentPatch,
        /// The segment's version.
        expected_version: Option<i64>,
    },
    /// Deletes a segment that nothing refers to.
    DeleteSegment {
        /// The project's key.
        project: Key,
        /// The segment's key.
        segment: Key,
        /// The segment's version.
        expected_version: Option<i64>,
    },
}

/// A flag to create. Its targeting starts disabled, serving the first variation when enabled and the last when not.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFlag {
    /// Its key, for ever.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// The type of every variation's value, for ever.
    pub type_: FlagType,
    /// At least one.
    pub variations: Vec<Variation>,
    /// To find it by.
    pub tags: Vec<String>,
    /// Whether client keys see its value.
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    pub track: bool,
    /// Seeds its splits, for ever: one that comes from elsewhere brings its own, so that everybody keeps what they have.
    /// None draws one.
    pub salt: Option<String>,
}

/// Changes to a flag's definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlagPatch {
    /// For people.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// All variations; those left out go, unless something refers to them.
    pub variations: Option<Vec<Variation>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// Whether client keys see its value.
    pub client_visible: Option<bool>,
    /// Whether evaluations are reported as exposures.
    pub track: Option<bool>,
    /// `true` takes the flag out of every ruleset and keeps it; `false` puts it back.
    pub archived: Option<bool>,
}

/// Changes to a flag's targeting in one environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetingPatch {
    /// The toggle.
    pub enabled: Option<bool>,
    /// Served while disabled; `Some(None)` leaves it to the caller's default.
    pub off_variation: Option<Option<String>>,
    /// All prerequisites.
    pub prerequisites: Option<Vec<Prerequisite>>,
    /// All target lists.
    pub targets: Option<Vec<Target>>,
    /// All rules; one without an identifier is given one.
    pub rules: Option<Vec<Rule>>,
    /// What all others get.
    pub fallthrough: Option<Serve>,
}

impl TargetingPatch {
    /// The toggle.
    pub fn enabled(enabled: bool) -> Self {
        TargetingPatch {
            enabled: Some(enabled),
            ..TargetingPatch::default()
        }
    }
}

impl From<Targeting> for TargetingPatch {
    fn from(targeting: Targeting) -> Self {
        TargetingPatch {
            enabled: Some(targeting.enabled),
            off_variation: Some(targeting.off_variation),
            prerequisites: Some(targeting.prerequisites),
            targets: Some(targeting.targets),
            rules: Some(targeting.rules),
            fallthrough: Some(targeting.fallthrough),
        }
    }
}

/// A segment to create.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSegment {
    /// Its key, for ever.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// The attribute that `included` and `excluded` list values of.
    pub attribute: String,
    /// Belong whatever else holds.
    pub included: Vec<Value>,
    /// Do not belong unless included.
    pub excluded: Vec<Value>,
    /// Decides for all others.
    pub when: Condition,
}

/// Changes to a segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentPatch {
    /// For people.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// The attribute that `included` and `excluded` list values of.
    pub attribute: Option<String>,
    /// All included values.
    pub included: Option<Vec<Value>>,
    /// All excluded values.
    pub excluded: Option<Vec<Value>>,
    /// Decides for all others.
    pub when: Option<Condition>,
}

/// What a command came to. It is durable: the transaction has committed.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The state afterwards.
    pub outcome: Outcome,
    /// Each environment's step. Empty when the command changed nothing: then nothing was written.
    pub changes: Vec<EnvironmentChange>,
}

impl Committed {
    /// Whether anything was written.
    pub fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }
}

/// The state of what a command was about.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Of a flag created or updated.
    Flag(Box<FlagOverview>),
    /// Of a flag's targeting in one environment.
    Targeting(Box<FlagTargeting>),
    /// Of a segment created or updated.
    Segment(Box<Segment>),
    /// It is gone.
    Deleted,
}

/// One environment's step to its next version.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvironmentChange {
    /// The environment.
    pub environment: EnvironmentId,
    /// The history that the version counts in.
    pub epoch: String,
    /// The version after the change, one above that before it.
    pub version: i64,
    /// The attribution's time, in microseconds since 1970.
    pub committed_at_micros: i64,
    /// What to put and what to delete. An archived flag is in no ruleset: a change of it reads as its deletion again.
    pub changes: Changes,
}
