//! Who refers to whom: what may not be added, and what may not go.

use std::collections::BTreeSet;

use peekaboo_flags::model::Condition;
use peekaboo_flags::{Kind, Ruleset, Subject, dependents};

use crate::database::Transaction;
use crate::error::{Dependent, DependentKind, Entity, Error, Result};
use crate::storage::Storage;
use crate::{Environment, EnvironmentId, Key, OrganizationId};
use crate::{environments, projects, tenants};

impl Storage {
    /// Who refers to a flag, in any environment; `None` where there is no such flag.
    pub async fn flag_dependents(
        &self,
        organization: OrganizationId,
        project: &Key,
        flag: &Key,
    ) -> Result<Option<Vec<Dependent>>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        if crate::flags::find(&mut transaction, project.id, flag)
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let environments = environments::of_project(&mut transaction, project.id).await?;
        let subject = Subject::Flag(flag.as_str());
        find(&mut transaction, &environments, subject)
            .await
            .map(Some)
    }

    /// Who refers to a segment, in any environment; `None` where there is no such segment.
    pub async fn segment_dependents(
        &self,
        organization: OrganizationId,
        project: &Key,
        segment: &Key,
    ) -> Result<Option<Vec<Dependent>>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        if crate::segments::find(&mut transaction, project.id, segment)
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let environments = environments::of_project(&mut transaction, project.id).await?;
        let subject = Subject::Segment(segment.as_str());
        find(&mut transaction, &environments, subject)
            .await
            .map(Some)
    }
}

/// Refuses to let go what others refer to. What an archived flag refers to may go: restoring the flag checks again.
pub(super) async fn refuse_if_used(
    transaction: &mut Transaction,
    environments: &[Environment],
    subject: Subject<'_>,
) -> Result<()> {
    let others = find(transaction, environments, subject).await?;
    if others.is_empty() {
        Ok(())
    } else {
        Err(Error::InUse(others))
    }
}

/// An environment's ruleset, as the command has it so far.
pub(super) async fn ruleset(
    transaction: &mut Transaction,
    environment: EnvironmentId,
) -> Result<Ruleset> {
    let what = Entity::Environment;
    let ruleset = tenants::ruleset(transaction, environment).await?;
    ruleset.ok_or(Error::NotFound { what })
}

/// Whether a condition names a flag or a segment, so that the others are needed to check it.
pub(super) fn refers(condition: &Condition) -> bool {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => conditions.iter().any(refers),
        Condition::Not(condition) => refers(condition),
        Condition::Segment(_) | Condition::Flag { .. } => true,
        Condition::Bucket(_) | Condition::Clause(_) => false,
    }
}

async fn find(
    transaction: &mut Transaction,
    environments: &[Environment],
    subject: Subject<'_>,
) -> Result<Vec<Dependent>> {
    let mut found = BTreeSet::new();
    for environment in environments {
        let ruleset = ruleset(transaction, environment.id).await?;
        for dependent in dependents(&ruleset, subject) {
            let (kind, key) = (dependent.kind, Key::parse(dependent.key));
            // What refers to itself goes with itself.
            let itself = match subject {
                Subject::Flag(own) => {
                    kind == Kind::Flag && key.as_ref().is_ok_and(|key| key == own)
                }
                Subject::Segment(own) => {
                    kind == Kind::Segment && key.as_ref().is_ok_and(|key| key == own)
                }
            };
            let Ok(key) = key else { continue };
            if itself {
                continue;
            }
            found.insert(Dependent {
                kind: match kind {
                    Kind::Flag => DependentKind::Flag,
                    Kind::Segment => DependentKind::Segment,
                },
                key,
                environment: (kind == Kind::Flag).then(|| environment.key.clone()),
                pointer: dependent.pointer,
            });
        }
    }
    Ok(found.into_iter().collect())
}
