//! Who refers to whom: what may not be added, and what may not go.

use peekaboo_flags::{Dependency, Kind, Subject};
use sqlx::FromRow;

use super::work::Work;
use crate::database::{Transaction, fetch_all};
use crate::error::{Dependent, DependentKind, Error, Result};
use crate::references;
use crate::storage::Storage;
use crate::{Environment, EnvironmentId, Key, OrganizationId, ProjectId, SubjectKey};
use crate::{flags, projects, segments};

/// Dependents in a list, at most. A segment may have hundreds of thousands.
const MAX_DEPENDENTS: usize = 1_000;

/// Dependents that a refusal names, at most.
const MAX_REFUSED: usize = 100;

impl Storage {
    /// Who refers to a flag, in any environment: up to 1,000 of them. `None` where there is no such flag.
    pub async fn flag_dependents(
        &self,
        organization: OrganizationId,
        project: &Key,
        flag: &SubjectKey,
    ) -> Result<Option<Vec<Dependent>>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        if flags::find(&mut transaction, project.id, flag)
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let subject = Subject::Flag(flag.as_str());
        let found = find(&mut transaction, project.id, subject, MAX_DEPENDENTS).await?;
        Ok(Some(found))
    }

    /// Who refers to a segment, in any environment: up to 1,000 of them. `None` where there is no such segment.
    pub async fn segment_dependents(
        &self,
        organization: OrganizationId,
        project: &Key,
        segment: &SubjectKey,
    ) -> Result<Option<Vec<Dependent>>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        if segments::find(&mut transaction, project.id, segment)
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let subject = Subject::Segment(segment.as_str());
        let found = find(&mut transaction, project.id, subject, MAX_DEPENDENTS).await?;
        Ok(Some(found))
    }
}

impl Work<'_> {
    /// Makes what is recorded of references say what the rulesets of these environments say, which must be locked.
    pub(super) async fn refresh_references(
        &mut self,
        project: ProjectId,
        environments: &[Environment],
    ) -> Result<()> {
        references::refresh_segments(&mut self.transaction, project).await?;
        for environment in environments {
            references::refresh(&mut self.transaction, environment.id).await?;
        }
        Ok(())
    }

    /// Refuses to let go what others refer to. What an archived flag refers to may go: restoring the flag checks again.
    ///
    /// The environments must be locked: nobody can add a reference between this and the commit.
    pub(super) async fn refuse_if_used(
        &mut self,
        project: ProjectId,
        environments: &[Environment],
        subject: Subject<'_>,
    ) -> Result<()> {
        self.refresh_references(project, environments).await?;
        let others = find(&mut self.transaction, project, subject, MAX_REFUSED).await?;
        if others.is_empty() {
            Ok(())
        } else {
            Err(Error::InUse(others))
        }
    }
}

/// Whether there is anything among these that was not there before: only that has to be checked.
pub(super) fn adds(before: &[Dependency], after: &[Dependency]) -> bool {
    let target = |dependency: &Dependency| {
        let Dependency {
            kind,
            key,
            variations,
            ..
        } = dependency.clone();
        (kind, key, variations)
    };
    let before: Vec<_> = before.iter().map(target).collect();
    after
        .iter()
        .any(|dependency| !before.contains(&target(dependency)))
}

/// A flag or segment that counts on a variation of another.
pub(super) struct Counting {
    pub(super) name: (Kind, String),
    /// Where it does; a segment everywhere.
    environment: Option<EnvironmentId>,
}

impl Counting {
    pub(super) fn is_in(&self, environment: EnvironmentId) -> bool {
        self.environment.is_none_or(|own| own == environment)
    }
}

/// Who counts on any of these variations of a flag.
pub(super) async fn counting_on(
    transaction: &mut Transaction,
    project: ProjectId,
    flag: &SubjectKey,
    variations: &[&str],
) -> Result<Vec<Counting>> {
    #[derive(FromRow)]
    struct FlagRow {
        environment: EnvironmentId,
        flag: String,
        #[sqlx(json)]
        variations: Vec<String>,
    }
    #[derive(FromRow)]
    struct SegmentRow {
        segment: String,
        #[sqlx(json)]
        variations: Vec<String>,
    }
    if variations.is_empty() {
        return Ok(Vec::new());
    }
    let counts = |on: &[String]| on.iter().any(|name| variations.contains(&name.as_str()));
    let flags = fetch_all!(
        transaction,
        FlagRow,
        "SELECT used.environment, used.flag, used.variations \
         FROM environments JOIN flag_references AS used ON used.environment = environments.id \
         WHERE environments.project = $1 AND environments.deleted_at IS NULL \
         AND used.kind = 'flag' AND used.target = $2",
        project,
        flag,
    )?;
    let segments = fetch_all!(
        transaction,
        SegmentRow,
        "SELECT segment, variations FROM segment_references WHERE project = $1 AND kind = 'flag' AND target = $2",
        project,
        flag,
    )?;
    let flags = flags.into_iter().filter(|row| counts(&row.variations));
    let flags = flags.map(|row| Counting {
        name: (Kind::Flag, row.flag),
        environment: Some(row.environment),
    });
    let segments = segments.into_iter().filter(|row| counts(&row.variations));
    let segments = segments.map(|row| Counting {
        name: (Kind::Segment, row.segment),
        environment: None,
    });
    Ok(flags.chain(segments).collect())
}

async fn find(
    transaction: &mut Transaction,
    project: ProjectId,
    subject: Subject<'_>,
    limit: usize,
) -> Result<Vec<Dependent>> {
    #[derive(FromRow)]
    struct FlagRow {
        flag: SubjectKey,
        environment: Key,
        place: String,
    }
    #[derive(FromRow)]
    struct SegmentRow {
        segment: SubjectKey,
        place: String,
    }
    let (kind, key) = match subject {
        Subject::Flag(key) => (Kind::Flag, key),
        Subject::Segment(key) => (Kind::Segment, key),
    };
    let kind = references::kind(kind);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // What refers to itself goes with itself. A node of the previous release deletes flags and segments without deleting
    // what they refer to, hence the look whether they are there.
    let flags = fetch_all!(
        transaction,
        FlagRow,
        "SELECT used.flag, environments.key AS environment, used.place \
         FROM environments JOIN flag_references AS used ON used.environment = environments.id \
         WHERE environments.project = $1 AND environments.deleted_at IS NULL \
         AND used.kind = $2 AND used.target = $3 AND NOT ($2 = 'flag' AND used.flag = $3) \
         AND EXISTS (SELECT 1 FROM flags WHERE flags.project = $1 AND flags.key = used.flag) LIMIT $4",
        project,
        kind,
        key,
        limit,
    )?;
    let segments = fetch_all!(
        transaction,
        SegmentRow,
        "SELECT used.segment, used.place FROM segment_references AS used \
         WHERE used.project = $1 AND used.kind = $2 AND used.target = $3 \
         AND NOT ($2 = 'segment' AND used.segment = $3) \
         AND EXISTS (SELECT 1 FROM segments WHERE segments.project = $1 AND segments.key = used.segment) LIMIT $4",
        project,
        kind,
        key,
        limit,
    )?;
    let flags = flags.into_iter().map(|row| Dependent {
        kind: DependentKind::Flag,
        key: row.flag,
        environment: Some(row.environment),
        pointer: row.place,
    });
    let segments = segments.into_iter().map(|row| Dependent {
        kind: DependentKind::Segment,
        key: row.segment,
        environment: None,
        pointer: row.place,
    });
    let mut found: Vec<_> = flags.chain(segments).collect();
    found.sort_by_cached_key(|one| {
        let environment = one.environment.clone();
        (
            one.kind,
            one.key.folded(),
            one.key.clone(),
            environment,
            one.pointer.clone(),
        )
    });
    Ok(found)
}
