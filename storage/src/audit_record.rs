//! Writing an entry of the audit log, in the transaction of what it is about.
//!
//! Entries are appended to their organization's chain as the last statements of their transaction. The head of the chain is
//! locked only then, after every other lock and for as short as can be, so that changes of different environments do not
//! wait for each other longer than that.

use std::pin::Pin;

use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit_chain::{ChainHash, ChainHead, ChainLink};
use crate::database::{LastWrite, Transaction, execute, fetch_one};
use crate::difference::{Elided, reduce};
use crate::id::Source;
use crate::stamp::{Stamp, truncate};
use crate::{
    Actor, ActorKind, Attribution, AuditEntry, AuditId, AuditState, Key, OrganizationId, Origin,
    RestoredFrom, Subject,
};

/// The columns of an entry of the audit log.
macro_rules! audit_columns {
    () => {
        "id, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, \
         after, comment, restored_entry, restored_state, elided, origin, sequence, previous, hash"
    };
}

pub(crate) use audit_columns;

/// An entry as it is stored.
#[derive(FromRow)]
pub(crate) struct Row {
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
    origin: Option<Json<Origin>>,
    sequence: Option<i64>,
    previous: Option<ChainHash>,
    hash: Option<ChainHash>,
}

impl From<Row> for AuditEntry {
    fn from(row: Row) -> Self {
        let link = row.sequence.zip(row.previous).zip(row.hash);
        AuditEntry {
            id: row.id,
            at: row.at,
            actor: Actor {
                kind: row.actor_kind,
                id: row.actor_id,
                name: row.actor_name,
            },
            origin: row.origin.map(|Json(origin)| origin),
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
            link: link.map(|((sequence, previous), hash)| ChainLink {
                sequence,
                previous,
                hash,
            }),
        }
    }
}

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

/// An entry that will be written when its transaction commits.
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

    /// Writes it when the transaction commits.
    pub(crate) fn write(
        self,
        transaction: &mut Transaction,
        source: &Source,
        organization: OrganizationId,
        by: &Attribution,
        mut before: Option<Value>,
        mut after: Option<Value>,
    ) -> Written {
        let elided = reduce(&mut before, &mut after);
        let at = truncate(by.at);
        let written = Written {
            id: AuditId::generate(at, source),
            is_whole: elided.is_empty(),
        };
        let entry = AuditEntry {
            id: written.id,
            at,
            actor: Actor {
                name: without_nul(&by.actor.name),
                ..by.actor.clone()
            },
            origin: by.origin.clone(),
            action: self.action.to_owned(),
            project: self.project.cloned(),
            environment: self.environment.cloned(),
            subject: Subject {
                kind: self.kind.to_owned(),
                key: self.key.to_owned(),
            },
            before,
            after,
            elided,
            comment: by.comment.as_deref().map(without_nul),
            restored: self.restored,
            link: None,
        };
        transaction.do_last(Append {
            organization,
            entry,
        });
        written
    }
}

/// The text without the one character that Postgres cannot hold.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

/// Appends an entry to its organization's chain.
struct Append {
    organization: OrganizationId,
    entry: AuditEntry,
}

impl LastWrite for Append {
    fn order(&self) -> Uuid {
        self.organization.as_uuid()
    }

    fn write<'a>(
        self: Box<Self>,
        transaction: &'a mut Transaction,
    ) -> Pin<Box<dyn Future<Output = sqlx::Result<()>> + Send + 'a>> {
        Box::pin(async move { append(transaction, self.organization, &self.entry).await })
    }
}

async fn append(
    transaction: &mut Transaction,
    organization: OrganizationId,
    entry: &AuditEntry,
) -> sqlx::Result<()> {
    let head = lock_head(transaction, organization).await?;
    let link = link(head, entry, organization)?;
    execute!(
        transaction,
        concat!(
            "INSERT INTO audit_log (organization, ",
            audit_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
        ),
        organization,
        entry.id,
        Stamp(entry.at),
        entry.actor.kind,
        entry.actor.id,
        &entry.actor.name,
        &entry.action,
        &entry.project,
        &entry.environment,
        &entry.subject.kind,
        &entry.subject.key,
        entry.before.as_ref().map(Json),
        entry.after.as_ref().map(Json),
        &entry.comment,
        entry.restored.map(|restored| restored.entry),
        entry.restored.map(|restored| restored.state),
        (!entry.elided.is_empty()).then_some(Json(&entry.elided)),
        entry.origin.as_ref().map(Json),
        link.sequence,
        link.previous,
        link.hash,
    )?;
    move_head(transaction, organization, link).await
}

/// Computes where an entry belongs.
pub(crate) fn link(
    head: ChainHead,
    entry: &AuditEntry,
    organization: OrganizationId,
) -> sqlx::Result<ChainLink> {
    let mut content = entry.content(organization);
    head.link(&mut content)
        .map_err(|error| sqlx::Error::Encode(error.into()))
}

/// The head of an organization's chain, which nobody else moves until the transaction ends. Begins one where there is none.
pub(crate) async fn lock_head(
    transaction: &mut Transaction,
    organization: OrganizationId,
) -> sqlx::Result<ChainHead> {
    #[derive(FromRow)]
    struct Head {
        sequence: i64,
        hash: ChainHash,
    }
    let head = fetch_one!(
        transaction,
        Head,
        "INSERT INTO audit_heads (organization, key, sequence, hash, forgotten, forgotten_hash) \
         SELECT id, key, 0, $2, 0, $2 FROM organizations WHERE id = $1 \
         ON CONFLICT (organization) DO UPDATE SET sequence = audit_heads.sequence \
         RETURNING sequence, hash",
        organization,
        ChainHash::ZERO,
    )?;
    Ok(ChainHead {
        sequence: head.sequence,
        hash: head.hash,
    })
}

/// Makes an entry the last of its chain.
pub(crate) async fn move_head(
    transaction: &mut Transaction,
    organization: OrganizationId,
    to: ChainLink,
) -> sqlx::Result<()> {
    execute!(
        transaction,
        "UPDATE audit_heads SET sequence = $2, hash = $3 WHERE organization = $1",
        organization,
        to.sequence,
        to.hash,
    )?;
    Ok(())
}
