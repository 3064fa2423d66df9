//! One flag with its targeting in short.

use super::find;
use super::list::summaries;
use crate::database::Transaction;
use crate::environments;
use crate::error::Result;
use crate::projects;
use crate::storage::Storage;
use crate::{Flag, FlagOverview, Key, OrganizationId, SubjectKey};

impl Storage {
    /// A flag with its targeting in short.
    pub async fn flag(
        &self,
        organization: OrganizationId,
        project: &Key,
        key: &SubjectKey,
    ) -> Result<Option<FlagOverview>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        let Some(flag) = find(&mut transaction, project.id, key).await? else {
            return Ok(None);
        };
        overview(&mut transaction, flag).await.map(Some)
    }
}

/// A flag's definition with its targeting in short.
pub(crate) async fn overview(transaction: &mut Transaction, flag: Flag) -> Result<FlagOverview> {
    let environments = environments::of_project(transaction, flag.project).await?;
    let flags = std::slice::from_ref(&flag);
    let mut summaries = summaries(transaction, flags, &environments).await?;
    Ok(FlagOverview {
        environments: summaries.remove(&flag.id).unwrap_or_default(),
        flag,
    })
}
