//! The chain of an organization's audit log: reading it in order, verifying it, and forgetting its beginning.

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::audit_chain::{BrokenChain, ChainCheck, ChainHash, ChainHead, ChainLink};
use crate::audit_record::{Row, audit_columns, link, lock_head, move_head};
use crate::database::{Transaction, execute, fetch_all, fetch_optional};
use crate::error::Result;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::{AuditEntry, Key, OrganizationId};

/// Entries that are read at once.
const PAGE: u32 = 500;

/// The chain of an organization, whether or not the organization is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditTrail {
    /// The organization.
    pub organization: OrganizationId,
    /// Its key, now or when it was deleted.
    pub key: Key,
    /// Whether the organization was deleted. Its entries go with it, sooner or later.
    pub is_deleted: bool,
    /// The last entry that was written.
    pub head: ChainHead,
    /// The last entry that retention deleted: what is kept follows it.
    pub forgotten: ChainHead,
}

#[derive(FromRow)]
struct TrailRow {
    organization: OrganizationId,
    key: Key,
    is_deleted: bool,
    sequence: i64,
    hash: ChainHash,
    forgotten: i64,
    forgotten_hash: ChainHash,
}

impl From<TrailRow> for AuditTrail {
    fn from(row: TrailRow) -> Self {
        Self {
            organization: row.organization,
            key: row.key,
            is_deleted: row.is_deleted,
            head: ChainHead {
                sequence: row.sequence,
                hash: row.hash,
            },
            forgotten: ChainHead {
                sequence: row.forgotten,
                hash: row.forgotten_hash,
            },
        }
    }
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries are kept and whole.
    pub entries: u64,
    /// The last of them.
    pub head: ChainHead,
    /// The number of the last entry that retention deleted; 0 where none was.
    pub forgotten: i64,
    /// Whether the hash that was asked for is that of one of these entries, or of the last one that was deleted.
    pub contains: Option<bool>,
}

impl Storage {
    /// The chains of all organizations, those that were deleted too, by key.
    pub async fn audit_trails(&self) -> Result<Vec<AuditTrail>> {
        let rows = fetch_all!(
            &mut self.read().await?,
            TrailRow,
            "SELECT audit_heads.organization, audit_heads.key, (organizations.id IS NULL OR organizations.deleted_at IS NOT NULL) AS is_deleted, \
             audit_heads.sequence, audit_heads.hash, audit_heads.forgotten, audit_heads.forgotten_hash \
             FROM audit_heads LEFT JOIN organizations ON organizations.id = audit_heads.organization \
             ORDER BY audit_heads.key, audit_heads.organization",
        )?;
        Ok(rows.into_iter().map(AuditTrail::from).collect())
    }

    /// The chain of one organization; none where nothing was ever recorded.
    pub async fn audit_trail(&self, organization: OrganizationId) -> Result<Option<AuditTrail>> {
        trail(&mut self.read().await?, organization).await
    }

    /// The entries after a number, in order: at most `limit`.
    pub async fn audit_after(
        &self,
        organization: OrganizationId,
        sequence: i64,
        limit: u32,
    ) -> Result<Vec<AuditEntry>> {
        entries_after(&mut self.read().await?, organization, sequence, limit).await
    }

    /// Checks that the entries of a chain are what was written: none changed, missing or added since.
    ///
    /// Everything is read as it was at one moment. With `contains`, says whether the chain has an entry of this hash, so
    /// that it continues what somebody noted elsewhere.
    pub async fn verify_audit(
        &self,
        organization: OrganizationId,
        contains: Option<ChainHash>,
    ) -> Result<std::result::Result<Verified, BrokenChain>> {
        let mut transaction = self.read().await?;
        let Some(trail) = trail(&mut transaction, organization).await? else {
            return Ok(Ok(Verified {
                entries: 0,
                head: ChainHead::START,
                forgotten: 0,
                contains: contains.map(|_| false),
            }));
        };
        // The entries of a deleted organization go in chunks, in no order that a chain has.
        if trail.is_deleted {
            return Ok(Ok(Verified {
                entries: 0,
                head: trail.head,
                forgotten: trail.forgotten.sequence,
                contains: contains.map(|hash| hash == trail.head.hash),
            }));
        }
        let mut check = ChainCheck::after(trail.forgotten);
        let mut found = contains.map(|hash| hash == trail.forgotten.hash);
        let mut at = trail.forgotten.sequence;
        loop {
            let entries = entries_after(&mut transaction, organization, at, PAGE).await?;
            for entry in &entries {
                match check.next(&entry.document(organization)) {
                    Ok(ChainLink { sequence, hash, .. }) => {
                        at = sequence;
                        found = found.map(|found| found || contains == Some(hash));
                    }
                    Err(broken) => return Ok(Err(broken)),
                }
            }
            if entries.len() < PAGE as usize {
                break;
            }
        }
        let end = check.head().unwrap_or(ChainHead::START);
        if end != trail.head {
            return Ok(Err(BrokenChain::Truncated {
                expected: trail.head.sequence,
                found: end.sequence,
            }));
        }
        Ok(Ok(Verified {
            entries: check.checked(),
            head: trail.head,
            forgotten: trail.forgotten.sequence,
            contains: found,
        }))
    }

    /// Deletes at most `limit` entries from before a time, from the beginning of each chain; returns how many.
    ///
    /// What is kept stays a chain: the head remembers the hash of the last entry that was deleted.
    pub async fn forget_audit(
        &self,
        transaction: &mut Transaction,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        #[derive(FromRow)]
        struct Next {
            organization: OrganizationId,
        }
        let mut deleted = 0;
        while deleted < u64::from(limit) {
            let next = fetch_optional!(
                transaction,
                Next,
                "SELECT audit_heads.organization FROM audit_heads JOIN audit_log \
                 ON audit_log.organization = audit_heads.organization \
                 AND audit_log.sequence = audit_heads.forgotten + 1 WHERE audit_log.at < $1 LIMIT 1",
                Stamp(before),
            )?;
            let Some(Next { organization }) = next else {
                break;
            };
            let room = u32::try_from(u64::from(limit) - deleted).unwrap_or(limit);
            let forgotten = forget(transaction, organization, before, room).await?;
            if forgotten == 0 {
                break;
            }
            deleted += forgotten;
        }
        Ok(deleted)
    }

    /// Appends to the chains what has no place in them yet: entries of releases that had no chain. Several nodes may do
    /// so at once.
    pub(crate) async fn chain_older_audit(&self) -> Result<()> {
        #[derive(FromRow)]
        struct Next {
            organization: OrganizationId,
        }
        loop {
            let mut transaction = self.write().await?;
            let next = fetch_optional!(
                &mut transaction,
                Next,
                "SELECT organization FROM audit_log WHERE sequence IS NULL LIMIT 1",
            )?;
            let Some(Next { organization }) = next else {
                return Ok(());
            };
            chain_older(&mut transaction, organization).await?;
            transaction.commit().await?;
        }
    }
}

async fn trail(
    transaction: &mut Transaction,
    organization: OrganizationId,
) -> Result<Option<AuditTrail>> {
    let row = fetch_optional!(
        transaction,
        TrailRow,
        "SELECT audit_heads.organization, audit_heads.key, (organizations.id IS NULL OR organizations.deleted_at IS NOT NULL) AS is_deleted, \
         audit_heads.sequence, audit_heads.hash, audit_heads.forgotten, audit_heads.forgotten_hash \
         FROM audit_heads LEFT JOIN organizations ON organizations.id = audit_heads.organization \
         WHERE audit_heads.organization = $1",
        organization,
    )?;
    Ok(row.map(AuditTrail::from))
}

async fn entries_after(
    transaction: &mut Transaction,
    organization: OrganizationId,
    sequence: i64,
    limit: u32,
) -> Result<Vec<AuditEntry>> {
    let rows = fetch_all!(
        transaction,
        Row,
        concat!(
            "SELECT ",
            audit_columns!(),
            " FROM audit_log WHERE organization = $1 AND sequence > $2 ORDER BY sequence LIMIT $3"
        ),
        organization,
        sequence,
        i64::from(limit),
    )?;
    Ok(rows.into_iter().map(AuditEntry::from).collect())
}

/// Deletes the beginning of one chain, up to the first entry that is not old.
async fn forget(
    transaction: &mut Transaction,
    organization: OrganizationId,
    before: OffsetDateTime,
    limit: u32,
) -> Result<u64> {
    #[derive(FromRow)]
    struct Old {
        at: OffsetDateTime,
        sequence: i64,
        hash: ChainHash,
    }
    // Nobody appends meanwhile, and no other node forgets.
    lock_head(transaction, organization).await?;
    let first = fetch_all!(
        transaction,
        Old,
        "SELECT audit_log.at, audit_log.sequence, audit_log.hash FROM audit_log JOIN audit_heads \
         ON audit_heads.organization = audit_log.organization AND audit_log.sequence > audit_heads.forgotten \
         WHERE audit_log.organization = $1 ORDER BY audit_log.sequence LIMIT $2",
        organization,
        i64::from(limit),
    )?;
    let Some(last) = first.iter().take_while(|old| old.at < before).last() else {
        return Ok(0);
    };
    execute!(
        transaction,
        "UPDATE audit_heads SET forgotten = $2, forgotten_hash = $3 WHERE organization = $1",
        organization,
        last.sequence,
        last.hash,
    )?;
    let deleted = execute!(
        transaction,
        "DELETE FROM audit_log WHERE organization = $1 AND sequence <= $2",
        organization,
        last.sequence,
    )?;
    Ok(deleted)
}

/// Appends some entries that have no place yet, the oldest first.
async fn chain_older(transaction: &mut Transaction, organization: OrganizationId) -> Result<()> {
    let mut head = lock_head(transaction, organization).await?;
    let rows = fetch_all!(
        transaction,
        Row,
        concat!(
            "SELECT ",
            audit_columns!(),
            " FROM audit_log WHERE organization = $1 AND sequence IS NULL ORDER BY id LIMIT $2"
        ),
        organization,
        i64::from(PAGE),
    )?;
    for entry in rows.into_iter().map(AuditEntry::from) {
        let link = link(head, &entry, organization)?;
        execute!(
            transaction,
            "UPDATE audit_log SET sequence = $2, previous = $3, hash = $4 WHERE id = $1",
            entry.id,
            link.sequence,
            link.previous,
            link.hash,
        )?;
        move_head(transaction, organization, link).await?;
        head = ChainHead {
            sequence: link.sequence,
            hash: link.hash,
        };
    }
    Ok(())
}
