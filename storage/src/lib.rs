//! Postgres, and SQLite as the embedded default, behind one set of statements.
//!
//! [`Storage::execute`] is the one way to change flags, segments, projects, environments and keys; it commits a change,
//! its version, its log entry and its audit entry together or not at all. Times and randomness come from the caller.
//! This crate never evaluates a flag, never speaks HTTP, and never logs a secret.

mod access;
mod accounts;
mod acts;
mod attribution;
mod audit;
mod audit_chain;
mod audit_record;
mod audit_trail;
mod authority;
mod availability;
mod change_log;
mod check;
mod command;
mod database;
mod deletion;
mod difference;
mod environments;
mod error;
mod execute;
mod export;
mod feed;
mod flags;
mod grants;
mod id;
mod idempotency;
mod identities;
mod invitations;
mod key;
mod keyring;
mod members;
mod migrate;
mod model;
mod once;
mod operators;
mod options;
mod organization_care;
mod organization_overviews;
mod organizations;
mod page;
mod project_overviews;
mod projects;
mod recorded_states;
mod references;
mod rows;
mod sdk_keys;
mod search;
mod second_factors;
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

pub use access::{
    ApiToken, Giver, GrantFilter, NewApiToken, NewTokenBearer, TokenAccess, TokenBearer, TokensOf,
};
pub use accounts::{CONFIRMATION_LIFETIME, MailPasswordReset, RESET_LIFETIME};
pub use attribution::{Actor, ActorKind, Attribution, Origin};
pub use audit::AuditFilter;
pub use audit_chain::{BrokenChain, ChainCheck, ChainHash, ChainHead, ChainLink, InvalidHash};
pub use audit_trail::{AuditTrail, Verified};
pub use availability::WriteRefusal;
pub use change_log::LoggedChanges;
pub use command::{
    Command, Committed, EnvironmentChange, EnvironmentPatch, FlagPatch, KeyCredential, ListChange,
    NewEnvironment, NewFlag, NewProject, NewSdkKey, NewSegment, ProjectPatch, Requirement,
    SdkKeyPatch, SegmentMembers, SegmentPatch, TargetingPatch,
};
pub use database::Transaction;
pub use deletion::{DeleteRemains, PendingDeletion};
pub use difference::Elided;
pub use error::{BoxError, Current, Dependent, DependentKind, Entity, Error, Problem, Result};
pub use export::{EnvironmentExport, ExportedFlag};
pub use feed::{Feed, Hint};
pub use flags::{FlagFilter, FlagSort};
pub use id::{
    ApiTokenId, AuditId, EnvironmentId, FlagId, GrantId, IdentityId, InvitationId, OrganizationId,
    ProjectId, RoleId, SdkKeyId, SegmentId, ServiceAccountId, TaskId, TeamId, UserId,
};
pub use idempotency::{Answer, Answered, IDEMPOTENCY_LIFETIME, IdempotencyKey, IdempotentRequest};
pub use invitations::{
    Delivery, INVITATION_LIFETIME, Invitation, Invitee, NewInvitation, OpenInvitation,
};
pub use key::{InvalidKey, InvalidSubjectKey, Key, MAX_KEY_BYTES, SubjectKey};
pub use keyring::{InvalidSecretKey, Keyring, KeyringError};
pub use members::Member;
pub use model::{
    AuditEntry, AuditState, CreatedKey, CreatedProject, CustomRole, Environment, Flag,
    FlagOverview, FlagTargeting, GrantRecord, GrantedRole, Grantee, Membership, NewGrant,
    NewPrincipal, NewRole, Organization, Outcome, PrincipalPatch, Project, ProjectOverview,
    RestoredFrom, RoleChoice, RolePatch, SdkKey, SdkKeyKind, Segment, ServiceAccount, Subject,
    Targeting, TargetingSummary, Team, TeamName, Variation, highest_role,
};
pub use options::{DatabaseUrl, InvalidDatabaseUrl, Limits, Options};
pub use organization_overviews::{OrganizationOverview, OrganizationUse};
pub use organizations::NewOrganization;
pub use page::{List, MAX_PAGE, Page};
pub use sdk_keys::KeyRecord;
pub use second_factors::SecondFactor;
pub use secret::{Entropy, OsEntropy, Secret, SecretHash};
pub use sessions::{NewSession, Session, SessionEntry, SessionId, SessionLifetime};
pub use storage::Storage;
pub use tasks::{
    ClaimedTask, Mail, MailTemplate, NextTask, SealedLink, Task, TaskCounts, TaskKinds,
    TaskPayload, TaskState, TaskStep,
};
pub use tenants::{ChangesSince, LogEntry, TenantEnvironment, TenantRecord};
pub use text_enum::UnknownText;
pub use usage::{
    BATCH_MEMORY, EventUsage, FlagUsage, FlagUsageSummary, Impact, MAX_BUCKETS, UsageBatch,
    UsageBucket, UsageCount, UsageEvent, UsageExposure, UsageFilter, UsagePeriod, UsageResolution,
    UsageTable, VariationUsage,
};
pub use users::{NewUser, User};
