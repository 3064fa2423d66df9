//! Everything that people set in one environment, read at one moment.

use std::collections::HashMap;

use sqlx::FromRow;

use crate::database::fetch_all;
use crate::environments;
use crate::error::Result;
use crate::flags::flag_columns;
use crate::projects;
use crate::segments;
use crate::storage::Storage;
use crate::targeting::{Stored, targeting_columns};
use crate::{Environment, Flag, FlagId, FlagTargeting, Key, OrganizationId, Segment};

/// An environment's flags and segments, with what only people see of them.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvironmentExport {
    /// The environment, with the version and epoch of what is below.
    pub environment: Environment,
    /// Every flag of the project, archived ones too, by key.
    pub flags: Vec<ExportedFlag>,
    /// Every segment of the project, by key.
    pub segments: Vec<Segment>,
}

/// A flag's definition, and its targeting in the environment.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportedFlag {
    /// What is the same in every environment.
    pub flag: Flag,
    /// Who gets what in this one.
    pub targeting: FlagTargeting,
}

#[derive(FromRow)]
struct TargetingRow {
    flag: FlagId,
    #[sqlx(flatten)]
    stored: Stored,
}

impl Storage {
    /// Everything that people set in an environment, at one version of it.
    pub async fn export(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: &Key,
    ) -> Result<Option<EnvironmentExport>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        let found = environments::find_in(&mut transaction, project.id, environment).await?;
        let Some(environment) = found else {
            return Ok(None);
        };
        let flags = fetch_all!(
            &mut transaction,
            Flag,
            concat!(
                "SELECT ",
                flag_columns!(),
                " FROM flags WHERE project = $1 ORDER BY key"
            ),
            project.id,
        )?;
        let rows = fetch_all!(
            &mut transaction,
            TargetingRow,
            concat!(
                "SELECT flag_environments.flag, ",
                targeting_columns!(),
                " FROM flag_environments WHERE environment = $1"
            ),
            environment.id,
        )?;
        let rows = rows.into_iter().map(|row| (row.flag, row.stored));
        let mut targetings: HashMap<_, _> = rows.collect();
        let flags = flags.into_iter().filter_map(|flag| {
            let stored = targetings.remove(&flag.id)?;
            let targeting = stored.of(&flag.key, &environment.key);
            Some(ExportedFlag { flag, targeting })
        });
        let flags = flags.collect();
        let mut segments = segments::all(&mut transaction, project.id).await?;
        segments.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Some(EnvironmentExport {
            environment,
            flags,
            segments,
        }))
    }
}
