//! Commands on segments: they concern every environment of their project.

use peekaboo_flags::{Changes, Subject, validate_segment, validate_segment_references};
use sqlx::types::Json;

use super::references::adds;
use super::surroundings::{Locked, surroundings};
use super::work::{Effect, Work, conflict};
use crate::audit_record::Record;
use crate::check::{self, Checks};
use crate::database::{Transaction, execute, fetch_count};
use crate::environments;
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::projects;
use crate::references;
use crate::search::fold;
use crate::segments;
use crate::stamp::Stamp;
use crate::{
    Environment, Key, NewSegment, Outcome, ProjectId, Segment, SegmentId, SegmentPatch, SubjectKey,
};

impl Work<'_> {
    pub(super) async fn create_segment(
        &mut self,
        project: &Key,
        new: NewSegment,
    ) -> Result<Effect> {
        let transaction = &mut self.transaction;
        let project = projects::lock(transaction, self.organization, project).await?;
        let limit = self.storage.limits().flags.segments;
        let count = count(transaction, project.id).await?;
        check::limit(count, "segments", limit)?;
        let segment = Segment {
            id: SegmentId::generate(self.at, self.storage.source()),
            project: project.id,
            key: new.key,
            name: new.name,
            description: new.description,
            attribute: new.attribute,
            included: new.included,
            excluded: new.excluded,
            when: new.when,
            version: 1,
            created_at: self.at,
            updated_at: self.at,
        };
        let environments = environments::raise_all(transaction, project.id).await?;
        self.check_segment(None, &segment, &environments).await?;
        insert(&mut self.transaction, &segment).await?;
        self.record_segment_references(&segment).await?;
        self.log_everywhere(&environments, &put(&segment)).await?;
        let record = record(&project.key, &segment, "segment.created");
        self.record(record, None, Some(segment.document()));
        Ok(Effect::Changed(Outcome::Segment(Box::new(segment))))
    }

    pub(super) async fn update_segment(
        &mut self,
        project: &Key,
        key: &SubjectKey,
        patch: SegmentPatch,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        self.change_segment(project, key, |_| patch, expected_version)
            .await
    }

    /// Applies a patch that may depend on what is there.
    pub(super) async fn change_segment(
        &mut self,
        project: &Key,
        key: &SubjectKey,
        patch: impl FnOnce(&Segment) -> SegmentPatch,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        let transaction = &mut self.transaction;
        let project = projects::lock(transaction, self.organization, project).await?;
        let before = expect(transaction, project.id, key).await?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            return Err(conflict(Outcome::Segment(Box::new(before))));
        }
        let mut after = patched(before.clone(), patch(&before));
        if after == before {
            return Ok(Effect::Unchanged(Outcome::Segment(Box::new(before))));
        }
        after.version += 1;
        after.updated_at = self.at;
        let environments = environments::raise_all(transaction, project.id).await?;
        self.check_segment(Some(&before), &after, &environments)
            .await?;
        update(&mut self.transaction, &after).await?;
        self.record_segment_references(&after).await?;
        self.log_everywhere(&environments, &put(&after)).await?;
        let record = record(&project.key, &after, "segment.updated");
        self.record(record, Some(before.document()), Some(after.document()));
        Ok(Effect::Changed(Outcome::Segment(Box::new(after))))
    }

    pub(super) async fn delete_segment(
        &mut self,
        project: &Key,
        key: &SubjectKey,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        let transaction = &mut self.transaction;
        let project = projects::lock(transaction, self.organization, project).await?;
        let segment = expect(transaction, project.id, key).await?;
        if expected_version.is_some_and(|expected| expected != segment.version) {
            return Err(conflict(Outcome::Segment(Box::new(segment))));
        }
        let environments = environments::raise_all(transaction, project.id).await?;
        self.refuse_if_used(project.id, &environments, Subject::Segment(key.as_str()))
            .await?;
        let transaction = &mut self.transaction;
        references::forget_segment(transaction, project.id, key).await?;
        execute!(
            transaction,
            "DELETE FROM segments WHERE id = $1",
            segment.id
        )?;
        let deleted = Changes {
            deleted_segments: vec![key.to_string()],
            ..Changes::default()
        };
        self.log_everywhere(&environments, &deleted).await?;
        let record = record(&project.key, &segment, "segment.deleted");
        self.record(record, Some(segment.document()), None);
        Ok(Effect::Changed(Outcome::Deleted))
    }

    async fn check_segment(
        &mut self,
        before: Option<&Segment>,
        segment: &Segment,
        environments: &[Environment],
    ) -> Result<()> {
        let candidate = segment.ruleset_segment();
        let mut checks = Checks::default();
        checks.name(&segment.name);
        checks.description(&segment.description);
        checks.json("", &segment.document());
        let own = validate_segment(&candidate, &self.storage.limits().flags);
        checks.extend(own.err().unwrap_or_default());
        let dependencies = references::of_segment(segment);
        if adds(
            &before.map(references::of_segment).unwrap_or_default(),
            &dependencies,
        ) {
            self.refresh_references(segment.project, environments)
                .await?;
            let mut told = Vec::new();
            for environment in environments {
                let locked = Locked {
                    project: segment.project,
                    environment: environment.id,
                };
                let subject = Subject::Segment(segment.key.as_str());
                let transaction = &mut self.transaction;
                let others = surroundings(transaction, locked, subject, &dependencies, []).await?;
                let found = validate_segment_references(segment.key.as_str(), &candidate, &others);
                // A flag exists in every environment or in none: most problems are the same in each.
                told.extend(
                    found
                        .into_iter()
                        .filter(|problem| !told.contains(problem))
                        .collect::<Vec<_>>(),
                );
            }
            checks.extend(told);
        }
        checks.done()
    }

    async fn log_everywhere(
        &mut self,
        environments: &[Environment],
        changes: &Changes,
    ) -> Result<()> {
        self.log_each(
            environments
                .iter()
                .map(|environment| (environment, changes.clone())),
        )
        .await
    }

    async fn record_segment_references(&mut self, segment: &Segment) -> Result<()> {
        let dependencies = references::of_segment(segment);
        let (project, key) = (segment.project, &segment.key);
        references::record_segment(&mut self.transaction, project, key, &dependencies).await
    }
}

fn patched(before: Segment, patch: SegmentPatch) -> Segment {
    Segment {
        name: patch.name.unwrap_or(before.name),
        description: patch.description.unwrap_or(before.description),
        attribute: patch.attribute.unwrap_or(before.attribute),
        included: patch.included.unwrap_or(before.included),
        excluded: patch.excluded.unwrap_or(before.excluded),
        when: patch.when.unwrap_or(before.when),
        ..before
    }
}

fn put(segment: &Segment) -> Changes {
    Changes {
        put_segments: [(segment.key.to_string(), segment.ruleset_segment())].into(),
        ..Changes::default()
    }
}

async fn insert(transaction: &mut Transaction, segment: &Segment) -> Result<()> {
    execute!(
        transaction,
        "INSERT INTO segments (id, project, key, name, folded_name, description, attribute, included, excluded, \
         condition, version, referenced_version, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13)",
        segment.id,
        segment.project,
        &segment.key,
        &segment.name,
        fold(&segment.name),
        &segment.description,
        &segment.attribute,
        Json(&segment.included),
        Json(&segment.excluded),
        Json(&segment.when),
        segment.version,
        Stamp(segment.created_at),
        Stamp(segment.updated_at),
    )
    .or_taken(Entity::Segment, &segment.key)?;
    Ok(())
}

async fn update(transaction: &mut Transaction, segment: &Segment) -> Result<()> {
    execute!(
        transaction,
        "UPDATE segments SET name = $2, folded_name = $3, description = $4, attribute = $5, included = $6, \
         excluded = $7, condition = $8, version = $9, referenced_version = $9, updated_at = $10 WHERE id = $1",
        segment.id,
        &segment.name,
        fold(&segment.name),
        &segment.description,
        &segment.attribute,
        Json(&segment.included),
        Json(&segment.excluded),
        Json(&segment.when),
        segment.version,
        Stamp(segment.updated_at),
    )?;
    Ok(())
}

async fn expect(
    transaction: &mut Transaction,
    project: ProjectId,
    key: &SubjectKey,
) -> Result<Segment> {
    let what = Entity::Segment;
    let found = segments::find(transaction, project, key).await?;
    found.ok_or(Error::NotFound { what })
}

async fn count(transaction: &mut Transaction, project: ProjectId) -> Result<i64> {
    let count = fetch_count!(
        transaction,
        "SELECT count(*) FROM segments WHERE project = $1",
        project,
    )?;
    Ok(count)
}

fn record<'a>(project: &'a Key, segment: &'a Segment, action: &'static str) -> Record<'a> {
    Record {
        action,
        project: Some(project),
        environment: None,
        kind: "segment",
        key: segment.key.as_str(),
        restored: None,
    }
}
