//! Commands: every change of flags, segments, projects, environments and keys, as data.
//!
//! A command is complete in itself: it can be stored, shown for approval and executed days later, so it holds no secret
//! and refers to nothing that expires. [`Command::encode`] writes it, [`Command::decode`] reads it.
//!
//! A patch holds the whole new value of each part that it names and leaves the others alone, so that applying one needs
//! no earlier read and two people who edit different parts do not overwrite each other.

mod committed;
mod credential;
mod environment;
mod flag;
mod format;
mod given;
mod project;
mod requirements;
mod sdk_key;
mod segment;
mod targeting;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::id::SdkKeyId;
use crate::key::{Key, SubjectKey};
use crate::model::{RestoredFrom, Targeting};

pub use committed::{Committed, EnvironmentChange};
pub use credential::KeyCredential;
pub use environment::{EnvironmentPatch, NewEnvironment};
pub use flag::{FlagPatch, NewFlag};
pub use project::{NewProject, ProjectPatch};
pub use requirements::Requirement;
pub use sdk_key::{NewSdkKey, SdkKeyPatch};
pub use segment::{ListChange, NewSegment, SegmentMembers, SegmentPatch};
pub use targeting::TargetingPatch;

/// A change of what an organization has.
///
/// `expected_version` refuses the command with the current state when somebody was faster; `None` applies it to whatever
/// is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[strum(serialize_all = "camelCase")]
pub enum Command {
    /// Creates a project with the environments `development`, `staging` and `production`, and a key of each kind in
    /// each. The outcome holds the keys' secrets.
    CreateProject {
        /// The project.
        project: NewProject,
    },
    /// Changes a project's name or description.
    UpdateProject {
        /// The project's key.
        project: Key,
        /// What changes.
        patch: ProjectPatch,
        /// The project's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Deletes a project with its flags, segments, environments and keys.
    DeleteProject {
        /// The project's key.
        project: Key,
        /// The project's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Creates an environment, in which every flag of the project has its targeting from the start.
    CreateEnvironment {
        /// The project's key.
        project: Key,
        /// The environment.
        environment: NewEnvironment,
    },
    /// Changes an environment's name, color, position or production mark.
    UpdateEnvironment {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// What changes.
        patch: EnvironmentPatch,
        /// The environment's edition.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Deletes an environment with its targeting, its keys and its history.
    DeleteEnvironment {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The environment's edition.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Starts a new history of an environment, as after a restore from a backup: every client starts over, whatever
    /// version it holds.
    ResetEpoch {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
    },
    /// Creates a key for applications. The outcome holds its secret.
    CreateSdkKey {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The key.
        key: NewSdkKey,
    },
    /// Creates a key whose secret somebody already has, as the demo's. Storage never sees the secret.
    ImportSdkKey {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The key.
        key: NewSdkKey,
        /// What storage keeps of the secret.
        credential: KeyCredential,
    },
    /// Changes a key's name, origins or expiry.
    UpdateSdkKey {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The key's identifier.
        key: SdkKeyId,
        /// What changes.
        patch: SdkKeyPatch,
        /// The key's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Revokes a key: its connections close within a second. Revoking a revoked key changes nothing.
    RevokeSdkKey {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The key's identifier.
        key: SdkKeyId,
        /// The key's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Creates a key that replaces another; the other keeps working for the grace period, unless it expires sooner. The
    /// outcome holds the new secret.
    RotateSdkKey {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The identifier of the key to replace.
        key: SdkKeyId,
        /// How long the replaced key keeps working, in seconds from when the command is executed.
        grace_seconds: u32,
    },
    /// Creates a flag, disabled in every environment.
    CreateFlag {
        /// The project's key.
        project: Key,
        /// The flag.
        flag: NewFlag,
    },
    /// Changes a flag's definition, in every environment at once; archives and unarchives.
    UpdateFlag {
        /// The project's key.
        project: Key,
        /// The flag's key.
        flag: SubjectKey,
        /// What changes.
        patch: FlagPatch,
        /// The definition's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Deletes a flag and its targeting everywhere.
    DeleteFlag {
        /// The project's key.
        project: Key,
        /// The flag's key.
        flag: SubjectKey,
        /// The definition's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Changes a flag's targeting in one environment; [`TargetingPatch::from`] a [`Targeting`] replaces it whole.
    UpdateTargeting {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The flag's key.
        flag: SubjectKey,
        /// What changes.
        patch: TargetingPatch,
        /// The targeting's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Restores a flag's targeting in one environment to what the audit log recorded.
    ///
    /// It holds the targeting itself, so it can be executed after the entry is gone;
    /// [`Storage::recorded_targeting`](crate::Storage::recorded_targeting) finds it.
    RestoreTargeting {
        /// The project's key.
        project: Key,
        /// The environment's key.
        environment: Key,
        /// The flag's key.
        flag: SubjectKey,
        /// The targeting to restore.
        targeting: Targeting,
        /// Where the targeting was recorded; the audit log says so.
        from: RestoredFrom,
        /// The version of the targeting that is replaced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
        segment: SubjectKey,
        /// What changes.
        patch: SegmentPatch,
        /// The segment's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Adds members to a segment and removes others, in every environment at once. Executed again, it changes nothing.
    UpdateSegmentMembers {
        /// The project's key.
        project: Key,
        /// The segment's key.
        segment: SubjectKey,
        /// Who comes and who goes.
        members: SegmentMembers,
        /// The segment's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
    /// Deletes a segment that nothing refers to.
    DeleteSegment {
        /// The project's key.
        project: Key,
        /// The segment's key.
        segment: SubjectKey,
        /// The segment's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_version: Option<i64>,
    },
}

impl Command {
    /// The name of every kind of command, as [`Command::kind`] returns it.
    pub const KINDS: &'static [&'static str] = Self::VARIANTS;

    /// The kind of command, such as `updateTargeting`: the name under which it is encoded.
    pub fn kind(&self) -> &'static str {
        self.into()
    }
}
