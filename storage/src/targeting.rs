//! Targeting: who gets which variation of a flag, in one environment.

use std::collections::HashMap;

use peekaboo_flags::model::Serve;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::database::{
    Transaction, execute, execute_with, fetch_all, fetch_optional, parameter_rows,
};
use crate::environments;
use crate::error::Result;
use crate::flags;
use crate::projects;
use crate::references;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::{
    EnvironmentId, Flag, FlagId, FlagTargeting, Key, OrganizationId, ProjectId, SubjectKey,
    Targeting,
};

/// Pairs of variations in one statement of [`fill`]: flags of a project mostly share a few.
const DIFFERENT: usize = 1_000;

/// The columns of [`Stored`].
macro_rules! targeting_columns {
    () => {
        "flag_environments.enabled, flag_environments.off_variation, flag_environments.prerequisites, \
         flag_environments.targets, flag_environments.rules, flag_environments.fallthrough, \
         flag_environments.version, flag_environments.referenced_version, flag_environments.updated_at"
    };
}

pub(crate) use targeting_columns;

/// A row of targeting.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Stored {
    #[sqlx(flatten)]
    pub(crate) targeting: Targeting,
    pub(crate) version: i64,
    /// The version whose references are recorded.
    pub(crate) referenced_version: i64,
    pub(crate) updated_at: OffsetDateTime,
}

impl Stored {
    /// The whole answer.
    pub(crate) fn of(self, flag: &SubjectKey, environment: &Key) -> FlagTargeting {
        FlagTargeting {
            flag: flag.clone(),
            environment: environment.clone(),
            targeting: self.targeting,
            version: self.version,
            updated_at: self.updated_at,
        }
    }
}

impl Storage {
    /// A flag's targeting in one environment.
    pub async fn targeting(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: &Key,
        flag: &SubjectKey,
    ) -> Result<Option<FlagTargeting>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        let found = environments::find_in(&mut transaction, project.id, environment).await?;
        let flag = flags::find(&mut transaction, project.id, flag).await?;
        let (Some(environment), Some(flag)) = (found, flag) else {
            return Ok(None);
        };
        let stored = find(&mut transaction, flag.id, environment.id).await?;
        Ok(stored.map(|stored| stored.of(&flag.key, &environment.key)))
    }
}

/// A flag's targeting in an environment.
pub(crate) async fn find(
    transaction: &mut Transaction,
    flag: FlagId,
    environment: EnvironmentId,
) -> Result<Option<Stored>> {
    let stored = fetch_optional!(
        transaction,
        Stored,
        concat!(
            "SELECT ",
            targeting_columns!(),
            " FROM flag_environments WHERE flag = $1 AND environment = $2"
        ),
        flag,
        environment,
    )?;
    Ok(stored)
}

/// A flag's targeting in each environment of its project.
pub(crate) async fn of_flag(
    transaction: &mut Transaction,
    flag: FlagId,
) -> Result<HashMap<EnvironmentId, Stored>> {
    #[derive(FromRow)]
    struct Row {
        environment: EnvironmentId,
        #[sqlx(flatten)]
        stored: Stored,
    }
    let rows = fetch_all!(
        transaction,
        Row,
        concat!(
            "SELECT flag_environments.environment, ",
            targeting_columns!(),
            " FROM flag_environments WHERE flag = $1"
        ),
        flag,
    )?;
    let rows = rows.into_iter().map(|row| (row.environment, row.stored));
    Ok(rows.collect())
}

/// Gives a new flag its first targeting in every environment of its project.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    flag: &Flag,
    targeting: &Targeting,
    at: OffsetDateTime,
) -> Result<()> {
    execute!(
        transaction,
        "INSERT INTO flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, \
         fallthrough, rule_count, target_count, version, referenced_version, updated_at) \
         SELECT $1, id, $2, $3, $4, $5, $6, $7, $8, $9, 1, 1, $10 FROM environments \
         WHERE project = $11 AND deleted_at IS NULL",
        flag.id,
        targeting.enabled,
        &targeting.off_variation,
        Json(&targeting.prerequisites),
        Json(&targeting.targets),
        Json(&targeting.rules),
        Json(&targeting.fallthrough),
        targeting.rule_count(),
        targeting.target_count(),
        Stamp(at),
        flag.project,
    )?;
    Ok(())
}

/// Replaces a flag's targeting in an environment.
pub(crate) async fn save(
    transaction: &mut Transaction,
    flag: FlagId,
    environment: EnvironmentId,
    stored: &Stored,
) -> Result<()> {
    let targeting = &stored.targeting;
    execute!(
        transaction,
        "UPDATE flag_environments SET enabled = $3, off_variation = $4, prerequisites = $5, targets = $6, rules = $7, \
         fallthrough = $8, rule_count = $9, target_count = $10, version = $11, referenced_version = $12, \
         updated_at = $13 WHERE flag = $1 AND environment = $2",
        flag,
        environment,
        targeting.enabled,
        &targeting.off_variation,
        Json(&targeting.prerequisites),
        Json(&targeting.targets),
        Json(&targeting.rules),
        Json(&targeting.fallthrough),
        targeting.rule_count(),
        targeting.target_count(),
        stored.version,
        stored.referenced_version,
        Stamp(stored.updated_at),
    )?;
    Ok(())
}

impl Targeting {
    fn rule_count(&self) -> i64 {
        count(self.rules.len())
    }

    fn target_count(&self) -> i64 {
        count(self.targets.iter().map(|target| target.values.len()).sum())
    }
}

/// The targeting as the audit log keeps it, in the ruleset's shape.
pub(crate) fn document(targeting: &Targeting) -> Value {
    serde_json::to_value(targeting).unwrap_or_default()
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Gives every flag of a project the targeting in a new environment that it has in another one.
pub(crate) async fn copy(
    transaction: &mut Transaction,
    from: EnvironmentId,
    to: EnvironmentId,
    at: OffsetDateTime,
) -> Result<()> {
    execute!(
        transaction,
        "INSERT INTO flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, \
         fallthrough, rule_count, target_count, version, referenced_version, updated_at) \
         SELECT flag, $1, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, \
         target_count, 1, CASE WHEN referenced_version = version THEN 1 ELSE 0 END, $2 \
         FROM flag_environments WHERE environment = $3",
        to,
        Stamp(at),
        from,
    )?;
    references::copy(transaction, from, to).await
}

/// Gives every flag of a project its first targeting in a new environment.
pub(crate) async fn fill(
    transaction: &mut Transaction,
    project: ProjectId,
    environment: EnvironmentId,
    at: OffsetDateTime,
) -> Result<()> {
    /// The keys of a flag's first and last variations, which all of its first targeting depends on.
    #[derive(FromRow)]
    struct Ends {
        first: String,
        last: String,
    }
    let ends = fetch_all!(
        transaction,
        Ends,
        "SELECT DISTINCT variations -> 0 ->> 'key' AS first, variations -> -1 ->> 'key' AS last FROM flags \
         WHERE project = $1",
        project,
    )?;
    let none = Targeting::disabled(&[]);
    for ends in ends.chunks(DIFFERENT) {
        let sql = format!(
            "WITH ends (first, last, fallthrough) AS (VALUES {}) \
             INSERT INTO flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, \
             fallthrough, rule_count, target_count, version, referenced_version, updated_at) \
             SELECT flags.id, $1, $2, ends.last, $3, $4, $5, ends.fallthrough, 0, 0, 1, 1, $6 \
             FROM flags JOIN ends ON ends.first = flags.variations -> 0 ->> 'key' \
             AND ends.last = flags.variations -> -1 ->> 'key' WHERE flags.project = ${}",
            parameter_rows(7, 3, ends.len()),
            7 + ends.len() * 3,
        );
        execute_with!(transaction, sql, query => {
            let query = query
                .bind(environment)
                .bind(none.enabled)
                .bind(Json(&none.prerequisites))
                .bind(Json(&none.targets))
                .bind(Json(&none.rules))
                .bind(Stamp(at));
            ends.iter()
                .fold(query, |query, ends| {
                    query
                        .bind(&ends.first)
                        .bind(&ends.last)
                        .bind(Json(Serve::Variation(ends.first.clone())))
                })
                .bind(project)
        })?;
    }
    Ok(())
}
