//! Targeting: who gets which variation of a flag, in one environment.

use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::database::{Transaction, execute, fetch_all, fetch_optional};
use crate::environments;
use crate::error::Result;
use crate::flags;
use crate::projects;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::{
    EnvironmentId, FlagId, FlagTargeting, Key, OrganizationId, ProjectId, Targeting, Variation,
};

/// The columns of [`Stored`].
macro_rules! targeting_columns {
    () => {
        "flag_environments.enabled, flag_environments.off_variation, flag_environments.prerequisites, \
         flag_environments.targets, flag_environments.rules, flag_environments.fallthrough, \
         flag_environments.version, flag_environments.updated_at"
    };
}

pub(crate) use targeting_columns;

/// A row of targeting.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Stored {
    #[sqlx(flatten)]
    pub(crate) targeting: Targeting,
    pub(crate) version: i64,
    pub(crate) updated_at: OffsetDateTime,
}

impl Stored {
    /// The whole answer.
    pub(crate) fn of(self, flag: &Key, environment: &Key) -> FlagTargeting {
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
        flag: &Key,
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

/// Gives a flag its first targeting in an environment.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    flag: FlagId,
    environment: EnvironmentId,
    targeting: &Targeting,
    at: OffsetDateTime,
) -> Result<()> {
    execute!(
        transaction,
        "INSERT INTO flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, \
         fallthrough, rule_count, target_count, version, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)",
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
        Stamp(at),
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
         fallthrough = $8, rule_count = $9, target_count = $10, version = $11, updated_at = $12 \
         WHERE flag = $1 AND environment = $2",
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

/// Gives every flag of a project targeting in a new environment: another environment's, or none.
pub(crate) async fn fill(
    transaction: &mut Transaction,
    project: ProjectId,
    environment: EnvironmentId,
    source: Option<EnvironmentId>,
    at: OffsetDateTime,
) -> Result<()> {
    #[derive(FromRow)]
    struct Row {
        id: FlagId,
        #[sqlx(json)]
        variations: Vec<Variation>,
    }
    if let Some(source) = source {
        execute!(
            transaction,
            "INSERT INTO flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, \
             fallthrough, rule_count, target_count, version, updated_at) \
             SELECT flag, $1, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, \
             target_count, 1, $2 FROM flag_environments WHERE environment = $3",
            environment,
            Stamp(at),
            source,
        )?;
        return Ok(());
    }
    let flags = fetch_all!(
        transaction,
        Row,
        "SELECT id, variations FROM flags WHERE project = $1",
        project
    )?;
    for flag in flags {
        let targeting = Targeting::disabled(&flag.variations);
        insert(transaction, flag.id, environment, &targeting, at).await?;
    }
    Ok(())
}
