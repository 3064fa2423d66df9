//! The audit log: who changed what, from what, to what, when and why.

use peekaboo_policy::Scope;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit_record::audit_columns;
use crate::database::{Transaction, delete_oldest, fetch_all_with, fetch_optional};
use crate::difference::Elided;
use crate::error::{Entity, Error, Problem, Result};
use crate::page::{Cursor, List, Page};
use crate::recorded_states;
use crate::search::askable;
use crate::storage::Storage;
use crate::{
    Actor, ActorKind, AuditId, AuditState, Key, OrganizationId, RestoredFrom, SubjectKey, Targeting,
};

/// One change. Entries are never changed and are deleted only by age, where an operator limits it. They name what they are
/// about by key, so that they outlive it.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Identifies it; later entries have greater ones.
    pub id: AuditId,
    /// When.
    pub at: OffsetDateTime,
    /// Who.
    pub actor: Actor,
    /// What was done, such as `flag.created`.
    pub action: String,
    /// In which project.
    pub project: Option<Key>,
    /// In which environment, where it is about one.
    pub environment: Option<Key>,
    /// To what.
    pub subject: Subject,
    /// The state before; none of what was created. Without what `elided` says.
    pub before: Option<Value>,
    /// The state after; none of what was deleted. Without what `elided` says.
    pub after: Option<Value>,
    /// What was left out of the two states because they are large; empty where they are whole.
    pub elided: Vec<Elided>,
    /// Why.
    pub comment: Option<String>,
    /// The entry that a targeting was restored from, if it was.
    pub restored: Option<RestoredFrom>,
}

/// What a change was made to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Such as `flag` or `key`. A change of targeting is one of its flag.
    pub kind: String,
    /// Its key, or its name where it has none.
    pub key: String,
}

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
    /// Nothing about who has access: members, teams, roles, grants, service accounts and tokens.
    pub without_access: bool,
    /// Only about these places: a project with all of its environments; or an environment, with what concerns all of its
    /// project's. `None` does not matter.
    pub within: Option<Vec<Scope>>,
}

#[derive(FromRow)]
struct Row {
    id: AuditId,
    at: OffsetDateTime,
    actor_kind: ActorKind,
    actor_id: Option<Uuid>,
    actor_name: String,
    action: String,
    project: Option<Key>,
    environment: Option<Key>,
    subject_kind: String,
    subject_key: String,
    before: Option<Json<Value>>,
    after: Option<Json<Value>>,
    comment: Option<String>,
    restored_entry: Option<AuditId>,
    restored_state: Option<AuditState>,
    elided: Option<Json<Vec<Elided>>>,
}

impl From<Row> for AuditEntry {
    fn from(row: Row) -> Self {
        AuditEntry {
            id: row.id,
            at: row.at,
            actor: Actor {
                kind: row.actor_kind,
                id: row.actor_id,
                name: row.actor_name,
            },
            action: row.action,
            project: row.project,
            environment: row.environment,
            subject: Subject {
                kind: row.subject_kind,
                key: row.subject_key,
            },
            before: row.before.map(|Json(before)| before),
            after: row.after.map(|Json(after)| after),
            elided: row.elided.map_or_else(Vec::new, |Json(elided)| elided),
            comment: row.comment,
            restored: row
                .restored_entry
                .zip(row.restored_state)
                .map(|(entry, state)| RestoredFrom { entry, state }),
        }
    }
}

/// The condition that an entry is about one of these places, and the keys that it compares with, the first as the
/// parameter of this number.
fn within(scopes: Option<&[Scope]>, first: usize) -> (String, Vec<&str>) {
    let Some(scopes) = scopes else {
        return Default::default();
    };
    let (mut places, mut keys) = (vec!["FALSE".to_owned()], Vec::new());
    for scope in scopes {
        let next = first + keys.len();
        match scope {
            Scope::Organization => places.push("TRUE".to_owned()),
            Scope::Project { project } => {
                places.push(format!("project = ${next}"));
                keys.push(project.as_str());
            }
            Scope::Environment {
                project,
                environment,
            } => {
                let other = next + 1;
                places.push(format!(
                    "(project = ${next} AND (environment IS NULL OR environment = ${other}))"
                ));
                keys.extend([project.as_str(), environment.as_str()]);
            }
        }
    }
    (format!(" AND ({})", places.join(" OR ")), keys)
}

impl Storage {
    /// Deletes at most `limit` entries from before a time, the oldest first; returns how many.
    pub async fn forget_audit(
        &self,
        transaction: &mut Transaction,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        let sql = "DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < $1 ORDER BY at LIMIT $2)";
        Ok(delete_oldest(transaction, sql, before, limit).await?)
    }

    /// Lists entries, newest first.
    pub async fn audit(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        page: &Page,
    ) -> Result<List<AuditEntry>> {
        let after: Option<AuditId> = page.cursor()?;
        // Only the conditions that there are, so that an index serves them; the parameters keep their numbers.
        let conditions = [
            (after.is_some(), " AND id < $2"),
            (filter.project.is_some(), " AND project = $3"),
            (
                filter.environment.is_some(),
                " AND (environment IS NULL OR environment = $4)",
            ),
            (filter.subject_kind.is_some(), " AND subject_kind = $5"),
            (filter.subject_key.is_some(), " AND subject_key = $6"),
            (filter.action.is_some(), " AND action = $7"),
            (
                filter.without_access,
                " AND subject_kind NOT IN ('member', 'team', 'role', 'grant', 'serviceAccount', 'token')",
            ),
        ];
        let mut conditions: String = conditions
            .iter()
            .filter_map(|(wanted, condition)| wanted.then_some(*condition))
            .collect();
        let (within, keys) = within(filter.within.as_deref(), 9);
        conditions.push_str(&within);
        let sql = format!(
            "SELECT {} FROM audit_log WHERE organization = $1{conditions} ORDER BY id DESC LIMIT $8",
            audit_columns!(),
        );
        let mut transaction = self.read().await?;
        let texts = [
            &filter.project,
            &filter.environment,
            &filter.subject_kind,
            &filter.subject_key,
            &filter.action,
        ];
        let rows = fetch_all_with!(&mut transaction, Row, sql, query => {
            let query = query.bind(organization).bind(after);
            let query = texts
                .iter()
                .fold(query, |query, text| query.bind(text.as_deref().map(askable)));
            keys.iter().fold(query.bind(page.fetch()), |query, key| query.bind(*key))
        })?;
        let entries = rows.into_iter().map(AuditEntry::from).collect();
        Ok(page.list(entries, |entry: &AuditEntry| Cursor::of(&entry.id)))
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
