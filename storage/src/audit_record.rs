//! Writing an entry of the audit log, in the transaction of what it is about.

use serde_json::Value;
use sqlx::types::Json;

use crate::database::{Transaction, execute};
use crate::difference::reduce;
use crate::error::Result;
use crate::id::Source;
use crate::stamp::{Stamp, truncate};
use crate::{Attribution, AuditId, Key, OrganizationId, RestoredFrom};

/// The columns of an entry of the audit log.
macro_rules! audit_columns {
    () => {
        "id, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, \
         after, comment, restored_entry, restored_state, elided"
    };
}

pub(crate) use audit_columns;

/// What an entry will say, but for who, when and the states.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    pub(crate) action: &'static str,
    pub(crate) project: Option<&'a Key>,
    pub(crate) environment: Option<&'a Key>,
    pub(crate) kind: &'static str,
    pub(crate) key: &'a str,
    pub(crate) restored: Option<RestoredFrom>,
}

/// An entry that was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) id: AuditId,
    /// Whether it holds both states whole; otherwise their difference.
    pub(crate) is_whole: bool,
}

impl<'a> Record<'a> {
    /// About something of the whole organization.
    pub(crate) fn of_organization(action: &'static str, kind: &'static str, key: &'a str) -> Self {
        Self {
            action,
            project: None,
            environment: None,
            kind,
            key,
            restored: None,
        }
    }

    pub(crate) async fn write(
        self,
        transaction: &mut Transaction,
        source: &Source,
        organization: OrganizationId,
        by: &Attribution,
        mut before: Option<Value>,
        mut after: Option<Value>,
    ) -> Result<Written> {
        let elided = reduce(&mut before, &mut after);
        let id = AuditId::generate(truncate(by.at), source);
        execute!(
            transaction,
            concat!(
                "INSERT INTO audit_log (organization, ",
                audit_columns!(),
                ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
            ),
            organization,
            id,
            Stamp(by.at),
            by.actor.kind,
            by.actor.id,
            without_nul(&by.actor.name),
            self.action,
            self.project,
            self.environment,
            self.kind,
            self.key,
            before.as_ref().map(Json),
            after.as_ref().map(Json),
            by.comment.as_deref().map(without_nul),
            self.restored.map(|restored| restored.entry),
            self.restored.map(|restored| restored.state),
            (!elided.is_empty()).then_some(Json(&elided)),
        )?;
        Ok(Written {
            id,
            is_whole: elided.is_empty(),
        })
    }
}

/// The text without the one character that Postgres cannot hold.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
