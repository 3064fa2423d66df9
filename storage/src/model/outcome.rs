//! The state of what a command was about.

use super::environment::Environment;
use super::flag_overview::FlagOverview;
use super::project::{CreatedProject, ProjectOverview};
use super::sdk_key::{CreatedKey, SdkKey};
use super::segment::Segment;
use super::targeting::FlagTargeting;

/// The state of what a command was about.
///
/// The outcome of a command that creates keys is the only place where their secrets ever are.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A project that was created.
    CreatedProject(Box<CreatedProject>),
    /// A project that was updated.
    Project(Box<ProjectOverview>),
    /// An environment that was created, updated or reset.
    Environment(Box<Environment>),
    /// A key that was created, with its secret.
    CreatedSdkKey(Box<CreatedKey>),
    /// A key that was imported, updated or revoked.
    SdkKey(Box<SdkKey>),
    /// A flag that was created or updated.
    Flag(Box<FlagOverview>),
    /// A flag's targeting in one environment.
    Targeting(Box<FlagTargeting>),
    /// A segment that was created or updated.
    Segment(Box<Segment>),
    /// It no longer exists.
    Deleted,
}

impl Outcome {
    /// The project that was created.
    pub fn created_project(self) -> Option<CreatedProject> {
        match self {
            Outcome::CreatedProject(created) => Some(*created),
            _ => None,
        }
    }

    /// The project that was updated.
    pub fn project(self) -> Option<ProjectOverview> {
        match self {
            Outcome::Project(overview) => Some(*overview),
            _ => None,
        }
    }

    /// The environment.
    pub fn environment(self) -> Option<Environment> {
        match self {
            Outcome::Environment(environment) => Some(*environment),
            _ => None,
        }
    }

    /// The key that was created, with its secret.
    pub fn created_sdk_key(self) -> Option<CreatedKey> {
        match self {
            Outcome::CreatedSdkKey(created) => Some(*created),
            _ => None,
        }
    }

    /// The key, without a secret.
    pub fn sdk_key(self) -> Option<SdkKey> {
        match self {
            Outcome::SdkKey(key) => Some(*key),
            _ => None,
        }
    }

    /// The flag.
    pub fn flag(self) -> Option<FlagOverview> {
        match self {
            Outcome::Flag(overview) => Some(*overview),
            _ => None,
        }
    }

    /// The flag's targeting.
    pub fn targeting(self) -> Option<FlagTargeting> {
        match self {
            Outcome::Targeting(targeting) => Some(*targeting),
            _ => None,
        }
    }

    /// The segment.
    pub fn segment(self) -> Option<Segment> {
        match self {
            Outcome::Segment(segment) => Some(*segment),
            _ => None,
        }
    }
}
