//! The audit log: who changed what, from what, to what, when and why.

use peekaboo_policy::{Permission, Scope};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit_record::{Record, Row, audit_columns};
use crate::authority::Authority;
use crate::database::{Transaction, fetch_all_with, fetch_count, fetch_optional};
use crate::error::{Entity, Error, Problem, Result};
use crate::organizations;
use crate::page::{Cursor, List, Page};
use crate::recorded_states;
use crate::search::askable;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::{
    Attribution, AuditEntry, AuditId, AuditState, Key, OrganizationId, RestoredFrom, SubjectKey,
    Targeting,
};

/// Which entries to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// About this project.
    pub project: Option<String>,
    /// About this environment, or about all of a project's at once.
    pub environment: Option<String>,
    /// About this kind of thing: `flag`, `segment`, …
    pub subject_kind: Option<String>,
    /// About the thing of this key.
    pub subject_key: Option<String>,
    /// Such as `flag.created`.
    pub action: Option<String>,
    /// By the person or token of this id.
    pub actor: Option<Uuid>,
    /// At this time or later.
    pub since: Option<OffsetDateTime>,
    /// Before this time.
    pub until: Option<OffsetDateTime>,
    /// Nothing about who has access: members, teams, roles, grants, service accounts, tokens and exports.
    pub without_access: bool,
    /// Only about these places: a project with all of its environments; or an environment, with what concerns all of its
    /// project's. `None` does not matter.
    pub within: Option<Vec<Scope>>,
}

/// What a condition compares with.
enum Compared {
    Id(Uuid),
    Text(String),
    Time(OffsetDateTime),
    Number(i64),
}

/// The conditions of a list: only those that there are, so that an index serves them.
struct Conditions {
    sql: String,
    values: Vec<Compared>,
}

impl Conditions {
    fn of(organization: OrganizationId, filter: &AuditFilter) -> Self {
        let mut conditions = Self {
            sql: "organization = $1".to_owned(),
            values: vec![Compared::Id(organization.as_uuid())],
        };
        for (condition, text) in [
            ("project =", &filter.project),
            ("environment IS NULL OR environment =", &filter.environment),
            ("subject_kind =", &filter.subject_kind),
            ("subject_key =", &filter.subject_key),
            ("action =", &filter.action),
        ] {
            if let Some(text) = text {
                conditions.and(condition, Compared::Text(askable(text)));
            }
        }
        if let Some(actor) = filter.actor {
            conditions.and("actor_id =", Compared::Id(actor));
        }
        for (condition, time) in [("at >=", filter.since), ("at <", filter.until)] {
            if let Some(time) = time {
                conditions.and(condition, Compared::Time(time));
            }
        }
        if filter.without_access {
            conditions.sql.push_str(
                " AND subject_kind NOT IN ('member', 'team', 'role', 'grant', 'serviceAccount', 'token', 'audit')",
            );
        }
        if let Some(scopes) = &filter.within {
            let places: Vec<_> = scopes.iter().map(|scope| conditions.about(scope)).collect();
            let places = if places.is_empty() {
                "FALSE".to_owned()
            } else {
                places.join(" OR ")
            };
            conditions.sql += " AND (";
            conditions.sql += &places;
            conditions.sql += ")";
        }
        conditions
    }

    /// The parameter that stands for a value.
    fn bind(&mut self, value: Compared) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str, value: Compared) {
        let parameter = self.bind(value);
        for part in [" AND (", condition, " ", &parameter, ")"] {
            self.sql += part;
        }
    }

    /// That an entry is about a place, or about what concerns it.
    fn about(&mut self, scope: &Scope) -> String {
        match scope {
            Scope::Organization => "TRUE".to_owned(),
            Scope::Project { project } => {
                let project = self.bind(Compared::Text(project.clone()));
                format!("project = {project}")
            }
            Scope::Environment {
                project,
                environment,
            } => {
                let project = self.bind(Compared::Text(project.clone()));
                let environment = self.bind(Compared::Text(environment.clone()));
                format!(
                    "(project = {project} AND (environment IS NULL OR environment = {environment}))"
                )
            }
        }
    }

    async fn fetch(
        mut self,
        transaction: &mut Transaction,
        order: &str,
        limit: i64,
    ) -> Result<Vec<AuditEntry>> {
        let limit = self.bind(Compared::Number(limit));
        let sql = format!(
            "SELECT {} FROM audit_log WHERE {} ORDER BY {order} LIMIT {limit}",
            audit_columns!(),
            self.sql,
        );
        let rows = fetch_all_with!(transaction, Row, sql, query => self
        .values
        .iter()
        .fold(query, |query, value| match value {
            Compared::Id(id) => query.bind(*id),
            Compared::Text(text) => query.bind(text.as_str()),
            Compared::Time(at) => query.bind(Stamp(*at)),
            Compared::Number(number) => query.bind(*number),
        }))?;
        Ok(rows.into_iter().map(AuditEntry::from).collect())
    }
}

impl Storage {
    /// The newest entry of all organizations. Every change writes one; see [`Storage::has_audit_entry`].
    pub async fn newest_audit_entry(&self) -> Result<Option<(AuditId, OffsetDateTime)>> {
        let newest = fetch_optional!(
            &mut self.read().await?,
            (AuditId, OffsetDateTime),
            "SELECT id, at FROM audit_log WHERE at >= (SELECT max(at) FROM audit_log) ORDER BY at DESC LIMIT 1",
        )?;
        Ok(newest)
    }

    /// Whether any organization has this entry. A database without an entry that was committed has another history.
    pub async fn has_audit_entry(&self, id: AuditId) -> Result<bool> {
        let found = fetch_count!(
            &mut self.read().await?,
            "SELECT count(*) FROM audit_log WHERE id = $1",
            id,
        )?;
        Ok(found > 0)
    }

    /// Lists entries, newest first.
    pub async fn audit(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        page: &Page,
    ) -> Result<List<AuditEntry>> {
        let after: Option<AuditId> = page.cursor()?;
        let mut conditions = Conditions::of(organization, filter);
        if let Some(after) = after {
            conditions.and("id <", Compared::Id(after.as_uuid()));
        }
        let mut transaction = self.read().await?;
        let entries = conditions
            .fetch(&mut transaction, "id DESC", page.fetch())
            .await?;
        Ok(page.list(entries, |entry: &AuditEntry| Cursor::of(&entry.id)))
    }

    /// The entries with numbers after the first and up to the second, in order: at most `limit`.
    pub async fn audit_between(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        (after, last): (i64, i64),
        limit: u32,
    ) -> Result<Vec<AuditEntry>> {
        let mut conditions = Conditions::of(organization, filter);
        conditions.and("sequence >", Compared::Number(after));
        conditions.and("sequence <=", Compared::Number(last));
        let mut transaction = self.read().await?;
        conditions
            .fetch(&mut transaction, "sequence", i64::from(limit))
            .await
    }

    /// Records that somebody exports the audit log; returns the number of that entry, with which the export ends.
    ///
    /// # Errors
    /// [`Error::Denied`] without `audit.export`, [`Error::NotFound`] without the organization.
    pub async fn record_audit_export(
        &self,
        organization: OrganizationId,
        what: Value,
        by: &Attribution,
    ) -> Result<i64> {
        let mut transaction = self.write().await?;
        let found = organizations::find(&mut transaction, organization).await?;
        let missing = Entity::Organization;
        let found = found.ok_or(Error::NotFound { what: missing })?;
        let authority = Authority::of(&mut transaction, organization, &by.actor).await?;
        authority.require(Permission::AuditExport, &Scope::Organization)?;
        let record = Record::of_organization("audit.exported", "audit", found.key.as_str());
        let written = record.write(
            &mut transaction,
            self.source(),
            organization,
            by,
            None,
            Some(what),
        );
        transaction.commit().await?;
        let entry = self.audit_entry(organization, written.id).await?;
        let link = entry.and_then(|entry| entry.link);
        let what = Entity::AuditEntry;
        Ok(link.ok_or(Error::NotFound { what })?.sequence)
    }

    /// One entry.
    pub async fn audit_entry(
        &self,
        organization: OrganizationId,
        id: AuditId,
    ) -> Result<Option<AuditEntry>> {
        let row = fetch_optional!(
            &mut self.read().await?,
            Row,
            concat!(
                "SELECT ",
                audit_columns!(),
                " FROM audit_log WHERE organization = $1 AND id = $2"
            ),
            organization,
            id,
        )?;
        Ok(row.map(AuditEntry::from))
    }

    /// The targeting of a flag in an environment as an audit entry recorded it, for
    /// [`Command::RestoreTargeting`](crate::Command::RestoreTargeting).
    ///
    /// An entry about anything else is not found, as one that does not exist.
    pub async fn recorded_targeting(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: &Key,
        flag: &SubjectKey,
        from: RestoredFrom,
    ) -> Result<Targeting> {
        let entry = self.audit_entry(organization, from.entry).await?;
        let entry = entry.filter(|entry| {
            entry.project.as_ref() == Some(project)
                && entry.environment.as_ref() == Some(environment)
                && entry.subject.kind == "flag"
                && entry.subject.key == flag.as_str()
        });
        let what = Entity::AuditEntry;
        let entry = entry.ok_or(Error::NotFound { what })?;
        let document = if entry.elided.is_empty() {
            match from.state {
                AuditState::Before => entry.before,
                AuditState::After => entry.after,
            }
        } else {
            let kept = recorded_states::find(&mut self.read().await?, entry.id).await?;
            let Some((before, after)) = kept else {
                let detail = "this targeting is large and no longer kept; only the latest 16 MiB of a flag's large \
                              targetings can be restored";
                return Err(Error::Invalid(vec![Problem::new(
                    "/entry", "not_kept", detail,
                )]));
            };
            match from.state {
                AuditState::Before => before,
                AuditState::After => after,
            }
        };
        let document = document.ok_or(Error::NotFound { what })?;
        serde_json::from_value(document).map_err(|error| Error::Corrupt(error.into()))
    }
}
