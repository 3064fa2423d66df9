//! What a hub loads to serve a tenant: its structure, its rulesets, and the log of their changes.

use std::collections::{BTreeSet, HashMap};

use peekaboo_flags::model::{Condition, Metadata};
use peekaboo_flags::{Changes, FlagType, Ruleset};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::change_log::LoggedChanges;
use crate::database::{
    Transaction, fetch_all, fetch_all_with, fetch_count, fetch_optional, parameters,
};
use crate::error::Result;
use crate::model::StoredType;
use crate::sdk_keys::key_record_columns;
use crate::segments;
use crate::storage::Storage;
use crate::targeting::{Stored, targeting_columns};
use crate::{EnvironmentId, Key, KeyRecord, OrganizationId, ProjectId, Variation};

/// Names in one statement of an [`excerpt`].
const EXCERPT: usize = 500;

/// An organisation's structure and the keys that open it, read at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantRecord {
    /// The organisation.
    pub organization: OrganizationId,
    /// When this moves, the record is to be read anew.
    pub revision: i64,
    /// Every environment of every project.
    pub environments: Vec<TenantEnvironment>,
    /// Every key that is not revoked. Whether one has expired is the reader's to see: time passes without a write.
    pub keys: Vec<KeyRecord>,
}

/// An environment as a hub knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct TenantEnvironment {
    /// Identifies it.
    pub id: EnvironmentId,
    /// The key of its project.
    pub project: Key,
    /// Its own key.
    pub key: Key,
    /// Whether the dashboard asks before it changes anything here.
    pub production: bool,
    /// The history that `version` counts in.
    pub epoch: String,
    /// The ruleset's version when the record was read.
    pub version: i64,
}

/// The change that made a version.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// The version that it made, from the one before.
    pub version: i64,
    /// The attribution's time, in microseconds since 1970.
    pub committed_at_micros: i64,
    /// What to put and what to delete. A flag or segment that is too large for the log is as it was at the moment of
    /// reading, which is the version of the last entry.
    pub changes: Changes,
}

/// What the log says of the versions after the one held.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangesSince {
    /// Every change after the version held, in order, without a gap; at most as many as asked for, none when the
    /// version held is the present one.
    Entries(Vec<LogEntry>),
    /// The version held is not on the way to the present one (another epoch, too old for the log, or unknown), or the
    /// environment has gone: read the ruleset.
    Unreachable,
}

#[derive(FromRow)]
struct LogRow {
    version: i64,
    committed_at_micros: i64,
    #[sqlx(json)]
    changes: LoggedChanges,
}

#[derive(FromRow)]
struct LogHead {
    project: ProjectId,
    epoch: String,
    version: i64,
}

#[derive(FromRow)]
struct Head {
    version: i64,
}

#[derive(FromRow)]
struct RulesetHead {
    project: ProjectId,
    epoch: String,
    version: i64,
}

#[derive(FromRow)]
struct RulesetRow {
    key: String,
    #[sqlx(rename = "type", try_from = "StoredType")]
    type_: FlagType,
    #[sqlx(json)]
    variations: Vec<Variation>,
    client_visible: bool,
    track: bool,
    #[sqlx(json)]
    metadata: Metadata,
    salt: String,
    #[sqlx(flatten)]
    stored: Stored,
}

impl Storage {
    /// An organisation's structure and keys.
    pub async fn tenant(&self, organization: OrganizationId) -> Result<Option<TenantRecord>> {
        #[derive(FromRow)]
        struct Revision {
            revision: i64,
        }
        let mut transaction = self.read().await?;
        let revision = fetch_optional!(
            &mut transaction,
            Revision,
            "SELECT revision FROM organizations WHERE id = $1",
            organization,
        )?;
        let Some(Revision { revision }) = revision else {
            return Ok(None);
        };
        let environments = fetch_all!(
            &mut transaction,
            TenantEnvironment,
            "SELECT environments.id, projects.key AS project, environments.key, environments.production, \
             environments.epoch, environments.version \
             FROM environments JOIN projects ON projects.id = environments.project \
             WHERE environments.organization = $1 AND environments.deleted_at IS NULL \
             ORDER BY projects.key, environments.position, environments.key",
            organization,
        )?;
        let keys = fetch_all!(
            &mut transaction,
            KeyRecord,
            concat!(
                "SELECT ",
                key_record_columns!(),
                " FROM sdk_keys JOIN environments ON environments.id = sdk_keys.environment \
                 WHERE environments.organization = $1 AND sdk_keys.revoked_at IS NULL ORDER BY sdk_keys.id"
            ),
            organization,
        )?;
        Ok(Some(TenantRecord {
            organization,
            revision,
            environments,
            keys,
        }))
    }

    /// The keys of an environment that are not revoked; none where it does not exist.
    pub async fn keys_of(&self, environment: EnvironmentId) -> Result<Vec<KeyRecord>> {
        let keys = fetch_all!(
            &mut self.read().await?,
            KeyRecord,
            concat!(
                "SELECT ",
                key_record_columns!(),
                " FROM sdk_keys WHERE sdk_keys.environment = $1 AND sdk_keys.revoked_at IS NULL ORDER BY sdk_keys.id"
            ),
            environment,
        )?;
        Ok(keys)
    }

    /// How many flags each project of an organization has, archived ones included: about how much there is to read of
    /// each of its environments.
    pub async fn flag_counts(&self, organization: OrganizationId) -> Result<HashMap<Key, i64>> {
        #[derive(FromRow)]
        struct Count {
            project: Key,
            flags: i64,
        }
        let counts = fetch_all!(
            &mut self.read().await?,
            Count,
            "SELECT projects.key AS project, \
             (SELECT count(*) FROM flags WHERE flags.project = projects.id) AS flags \
             FROM projects WHERE projects.organization = $1 AND projects.deleted_at IS NULL",
            organization,
        )?;
        Ok(counts
            .into_iter()
            .map(|Count { project, flags }| (project, flags))
            .collect())
    }

    /// Whether an environment has more flags than so many, archived ones included. It reads no more rows than that.
    pub async fn has_more_flags(&self, environment: EnvironmentId, than: u32) -> Result<bool> {
        let found = fetch_count!(
            &mut self.read().await?,
            "SELECT count(*) FROM \
             (SELECT flag FROM flag_environments WHERE environment = $1 LIMIT $2) AS found",
            environment,
            i64::from(than) + 1,
        )?;
        Ok(found > i64::from(than))
    }

    /// An environment's ruleset, at one version.
    pub async fn ruleset(&self, environment: EnvironmentId) -> Result<Option<Ruleset>> {
        ruleset(&mut self.read().await?, environment).await
    }

    /// The changes after a version, in order: at most `limit`, so that a reader who gets that many asks again.
    ///
    /// An entry names a large flag or segment, whose row may be newer than the entry. Where that could mislead the reader,
    /// the answer is to read the whole ruleset: [`LoggedChanges::are_readable`].
    pub async fn changes_since(
        &self,
        environment: EnvironmentId,
        epoch: &str,
        version: i64,
        limit: u32,
    ) -> Result<ChangesSince> {
        let mut transaction = self.read().await?;
        let head = fetch_optional!(
            &mut transaction,
            LogHead,
            "SELECT project, epoch, version FROM environments WHERE id = $1 AND deleted_at IS NULL",
            environment,
        )?;
        let Some(head) = head.filter(|head| head.epoch == epoch && head.version >= version) else {
            return Ok(ChangesSince::Unreachable);
        };
        let rows = fetch_all!(
            &mut transaction,
            LogRow,
            "SELECT version, committed_at_micros, changes FROM change_log \
             WHERE environment = $1 AND version > $2 ORDER BY version LIMIT $3",
            environment,
            version,
            i64::from(limit.max(1)),
        )?;
        let reaches_back = match rows.first() {
            Some(first) => first.version == version + 1,
            None => head.version == version,
        };
        if !reaches_back {
            return Ok(ChangesSince::Unreachable);
        }
        let lead_to_now = rows.last().is_none_or(|last| last.version == head.version);
        let changes = rows.iter().map(|row| &row.changes);
        if !LoggedChanges::are_readable(&changes, lead_to_now) {
            return Ok(ChangesSince::Unreachable);
        }
        let flags: BTreeSet<&str> = rows
            .iter()
            .flat_map(|row| row.changes.named_flags())
            .collect();
        let large: BTreeSet<&str> = rows
            .iter()
            .flat_map(|row| row.changes.named_segments())
            .collect();
        let mut present = Ruleset::default();
        if !flags.is_empty() || !large.is_empty() {
            let flags: Vec<_> = flags.into_iter().collect();
            present = excerpt(&mut transaction, head.project, environment, &flags, &[]).await?;
            for key in large {
                let found = segments::by_key(&mut transaction, head.project, key).await?;
                present
                    .segments
                    .extend(found.map(|segment| (key.to_owned(), segment.ruleset_segment())));
            }
        }
        let entries = rows.into_iter().map(|row| LogEntry {
            version: row.version,
            committed_at_micros: row.committed_at_micros,
            changes: row.changes.with(&present),
        });
        Ok(ChangesSince::Entries(entries.collect()))
    }

    /// Cuts an environment's log to its newest entries, as the feed does in time; answers how many went.
    pub async fn trim_log(&self, environment: EnvironmentId, keep: i64) -> Result<u64> {
        let mut transaction = self.write().await?;
        let head = fetch_optional!(
            &mut transaction,
            Head,
            "SELECT version FROM environments WHERE id = $1 AND deleted_at IS NULL",
            environment,
        )?;
        let through = head.map_or(0, |head| head.version - keep.max(0));
        let deleted = crate::feed::trim(&mut transaction, environment, through).await?;
        transaction.commit().await?;
        Ok(deleted)
    }
}

/// An environment's ruleset, as a transaction sees it.
pub(crate) async fn ruleset(
    transaction: &mut Transaction,
    environment: EnvironmentId,
) -> Result<Option<Ruleset>> {
    let head = fetch_optional!(
        transaction,
        RulesetHead,
        "SELECT project, epoch, version FROM environments WHERE id = $1 AND deleted_at IS NULL",
        environment,
    )?;
    let Some(head) = head else { return Ok(None) };
    let rows = fetch_all!(
        transaction,
        RulesetRow,
        concat!(
            "SELECT flags.key, flags.type, flags.variations, flags.client_visible, flags.track, \
             flags.metadata, flags.salt, ",
            targeting_columns!(),
            " FROM flags JOIN flag_environments ON flag_environments.flag = flags.id \
             WHERE flag_environments.environment = $1 AND flags.archived_at IS NULL"
        ),
        environment,
    )?;
    let segments = segments::all(transaction, head.project).await?;
    Ok(Some(Ruleset {
        epoch: head.epoch,
        version: head.version.unsigned_abs(),
        flags: rows.into_iter().map(RulesetRow::entry).collect(),
        segments: segments
            .into_iter()
            .map(|segment| (segment.key.to_string(), segment.ruleset_segment()))
            .collect(),
    }))
}

/// Some flags and segments of an environment's ruleset, as a transaction sees them; of segments only the condition.
/// Names of what is not in the ruleset are passed over.
pub(crate) async fn excerpt(
    transaction: &mut Transaction,
    project: ProjectId,
    environment: EnvironmentId,
    flags: &[&str],
    segments: &[&str],
) -> Result<Ruleset> {
    #[derive(FromRow)]
    struct SegmentRow {
        key: String,
        #[sqlx(json)]
        condition: Condition,
    }
    let mut excerpt = Ruleset::default();
    for keys in flags.chunks(EXCERPT) {
        let sql = format!(
            concat!(
                "SELECT flags.key, flags.type, flags.variations, flags.client_visible, flags.track, \
             flags.metadata, flags.salt, ",
                targeting_columns!(),
                " FROM flags JOIN flag_environments ON flag_environments.flag = flags.id \
                 AND flag_environments.environment = $1 \
                 WHERE flags.project = $2 AND flags.archived_at IS NULL AND flags.key IN {}"
            ),
            parameters(3, keys.len()),
        );
        let rows = fetch_all_with!(transaction, RulesetRow, sql, query => keys
            .iter()
            .fold(query.bind(environment).bind(project), |query, key| query.bind(*key)))?;
        excerpt
            .flags
            .extend(rows.into_iter().map(RulesetRow::entry));
    }
    for keys in segments.chunks(EXCERPT) {
        let sql = format!(
            "SELECT key, condition FROM segments WHERE project = $1 AND key IN {}",
            parameters(2, keys.len()),
        );
        let rows = fetch_all_with!(transaction, SegmentRow, sql, query => keys
            .iter()
            .fold(query.bind(project), |query, key| query.bind(*key)))?;
        excerpt.segments.extend(rows.into_iter().map(|row| {
            let segment = peekaboo_flags::Segment {
                when: row.condition,
                ..peekaboo_flags::Segment::default()
            };
            (row.key, segment)
        }));
    }
    Ok(excerpt)
}

impl RulesetRow {
    fn entry(self) -> (String, peekaboo_flags::Flag) {
        let Stored {
            targeting, version, ..
        } = self.stored;
        let variations = self.variations.into_iter();
        let flag = peekaboo_flags::Flag {
            type_: self.type_,
            enabled: targeting.enabled,
            variations: variations
                .map(|variation| (variation.key, variation.value))
                .collect(),
            off_variation: targeting.off_variation,
            prerequisites: targeting.prerequisites,
            targets: targeting.targets,
            rules: targeting.rules,
            fallthrough: targeting.fallthrough,
            salt: self.salt,
            version: version.unsigned_abs(),
            client_visible: self.client_visible,
            track: self.track,
            metadata: self.metadata,
        };
        (self.key, flag)
    }
}
