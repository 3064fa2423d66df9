//! Which entries of the audit log to show.

use peekaboo_policy::{Permission, Reach, Scope, reach};
use peekaboo_storage::AuditFilter;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::auth::Member;
use crate::problem::Problem;

/// Which changes.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditQuery {
    /// Only changes in the project of this key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub project: Option<String>,
    /// Only changes in the environment of this key, and those that concern all environments.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub environment: Option<String>,
    /// Only changes to the flag of this key; not with `segment` or `subject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub flag: Option<String>,
    /// Only changes to the segment of this key; not with `flag` or `subject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub segment: Option<String>,
    /// Only changes to this kind of thing, such as `member` or `token`; not with `flag` or `segment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub subject_kind: Option<String>,
    /// Only changes to the thing of this key or name; not with `flag` or `segment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub subject: Option<String>,
    /// Only this action, such as `flag.created`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub action: Option<String>,
    /// Only what the person or token of this id did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub actor: Option<Uuid>,
    /// Only changes at this time or later.
    #[serde(
        default,
        serialize_with = "time::serde::rfc3339::option::serialize",
        deserialize_with = "crate::model::given_time",
        skip_serializing_if = "Option::is_none"
    )]
    #[param(nullable = false)]
    pub since: Option<OffsetDateTime>,
    /// Only changes before this time.
    #[serde(
        default,
        serialize_with = "time::serde::rfc3339::option::serialize",
        deserialize_with = "crate::model::given_time",
        skip_serializing_if = "Option::is_none"
    )]
    #[param(nullable = false)]
    pub until: Option<OffsetDateTime>,
}

impl AuditQuery {
    /// The entries that were asked for, as far as the member may see them.
    pub(super) fn filter(self, member: &Member) -> Result<AuditFilter, Problem> {
        let (subject_kind, subject_key) = self.subject()?;
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since >= until
        {
            let detail = "`until` must be later than `since`";
            return Err(Problem::field("?until", "out_of_range", detail));
        }
        Ok(AuditFilter {
            project: self.project,
            environment: self.environment,
            subject_kind,
            subject_key,
            action: self.action,
            actor: self.actor,
            since: self.since,
            until: self.until,
            // Whoever may not see members and tokens does not see them here.
            without_access: !member.can(Permission::AuditReadAccess, &Scope::Organization),
            within: match reach(&member.grants, Permission::AuditRead) {
                Reach::Everywhere => None,
                Reach::Within(scopes) => Some(scopes),
            },
        })
    }

    fn subject(&self) -> Result<(Option<String>, Option<String>), Problem> {
        let subject = (&self.subject_kind, &self.subject);
        let refuse = |name: &str| {
            let detail = "give only one of `flag`, `segment` and `subject`";
            Err(Problem::field(name, "not_applicable", detail))
        };
        match (&self.flag, &self.segment, subject) {
            (Some(_), Some(_), _) => refuse("?segment"),
            (None, None, (kind, key)) => Ok((kind.clone(), key.clone())),
            (flag, segment, (None, None)) => {
                let kind = if flag.is_some() { "flag" } else { "segment" };
                let key = flag.as_ref().or(segment.as_ref());
                Ok((Some(kind.to_owned()), key.cloned()))
            }
            (_, _, (Some(_), _)) => refuse("?subjectKind"),
            (_, _, (None, Some(_))) => refuse("?subject"),
        }
    }
}
