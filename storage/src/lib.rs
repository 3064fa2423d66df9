//! Postgres, and SQLite as the embedded default, behind one set of statements.
//!
//! [`Storage::execute`] is the one way to change flags, segments, projects, environments and keys; it commits a change,
//! its version, its log entry and its audit entry together or not at all. Times and randomness come from the caller. This crate never evaluates a flag,
//! never speaks HTTP, and never logs a secret.

mod api_tokens;
mod attribution;
mod audit;
mod check;
mod command;
mod database;
mod environments;
mod error;
mod execute;
mod export;
mod feed;
mod flags;
mod id;
mod idempotency;
mod key;
mod members;
mod migrate;
mod options;
mod organizations;
mod page;
mod projects;
mod sdk_keys;
mod secret;
mod segments;
mod sessions;
mod stamp;
mod storage;
mod targeting;
mod tasks;
mod tenants;
mod text_enum;
mod usage;
mod users;

pub use api_tokens::{ApiToken, NewApiToken};
pub use attribution::{Actor, ActorKind, Attribution};
pub use audit::{AuditEntry, AuditFilter, AuditState, Subject};
pub use command::{
    Command, Committed, EnvironmentChange, FlagPatch, NewFlag, NewSegment, Outcome, RestoredFrom,
    SegmentPatch, TargetingPatch,
};
pub use database::Transaction;
pub use environments::{Environment, EnvironmentPatch, NewEnvironment};
pub use error::{BoxError, Current, Dependent, DependentKind, Entity, Error, Problem, Result};
pub use export::{EnvironmentExport, ExportedFlag};
pub use feed::{Feed, Hint};
pub use flags::{Flag, FlagFilter, FlagOverview, FlagSort, Variation};
pub use id::{
    ApiTokenId, AuditId, EnvironmentId, FlagId, OrganizationId, ProjectId, SdkKeyId, SegmentId,
    TaskId, UserId,
};
pub use idempotency::{Answer, Answered, IDEMPOTENCY_LIFETIME, IdempotencyKey, IdempotentRequest};
pub use key::{InvalidKey, Key, MAX_KEY_BYTES};
pub use members::{Member, Membership, Role};
pub use options::{DatabaseUrl, InvalidDatabaseUrl, Limits, Options};
pub use organizations::{NewOrganization, Organization};
pub use page::{List, MAX_PAGE, Page};
pub use projects::{
    CreatedKey, CreatedProject, NewProject, Project, ProjectOverview, ProjectPatch,
};
pub use sdk_keys::{KeyCredential, KeyRecord, NewSdkKey, SdkKey, SdkKeyKind, SdkKeyPatch};
pub use secret::{Entropy, OsEntropy, Secret, SecretHash};
pub use segments::Segment;
pub use sessions::Session;
pub use storage::Storage;
pub use targeting::{FlagTargeting, Targeting, TargetingSummary};
pub use tasks::{
    ClaimedTask, Mail, MailTemplate, NextTask, Task, TaskCounts, TaskKinds, TaskPayload, TaskState,
    TaskStep,
};
pub use tenants::{ChangesSince, LogEntry, TenantEnvironment, TenantRecord};
pub use text_enum::UnknownText;
pub use usage::{
    BATCH_MEMORY, EventUsage, FlagUsage, FlagUsageSummary, Impact, MAX_BUCKETS, UsageBatch,
    UsageBucket, UsageCount, UsageEvent, UsageExposure, UsageFilter, UsagePeriod, UsageResolution,
    UsageTable, VariationUsage,
};
pub use users::{NewUser, User};
