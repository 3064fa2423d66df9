//! Commands on a flag's definition: they concern every environment of its project.

use std::collections::HashMap;

use peekaboo_flags::{Changes, Subject, validate_flag_references};
use serde_json::{Map, Value};
use sqlx::types::Json;

use super::definition::{check, check_targeting, in_environment, tidy_tags};
use super::references::counting_on;
use super::surroundings::{Locked, surroundings};
use super::work::{Effect, Work, conflict};
use crate::audit_record::Record;
use crate::check;
use crate::database::{Transaction, execute, fetch_count};
use crate::environments;
use crate::error::{Entity, Error, OrTaken as _, Problem, Result};
use crate::flags;
use crate::projects;
use crate::references;
use crate::search::fold;
use crate::secret::random_characters;
use crate::stamp::Stamp;
use crate::targeting::{self, Stored};
use crate::{
    Environment, EnvironmentId, Flag, FlagId, FlagPatch, Key, NewFlag, Outcome, ProjectId,
    SubjectKey, Targeting,
};

/// Characters of a flag's salt: enough that no two flags split alike.
const SALT_CHARACTERS: usize = 16;

impl Work<'_> {
    pub(super) async fn create_flag(&mut self, project: &Key, new: NewFlag) -> Result<Effect> {
        let transaction = &mut self.transaction;
        let project = projects::lock(transaction, self.organization, project).await?;
        let limits = self.storage.limits();
        let count = count(transaction, project.id).await?;
        check::limit(count, "flags", limits.flags.flags)?;
        let salt = new.salt.unwrap_or_else(|| {
            let mut salt = String::new();
            random_characters(&mut salt, SALT_CHARACTERS, self.storage.source());
            salt
        });
        let flag = Flag {
            id: FlagId::generate(self.at, self.storage.source()),
            project: project.id,
            key: new.key,
            name: new.name,
            description: new.description,
            type_: new.type_,
            variations: new.variations,
            tags: tidy_tags(&new.tags),
            client_visible: new.client_visible,
            track: new.track,
            metadata: new.metadata,
            salt,
            archived_at: None,
            version: 1,
            created_at: self.at,
            updated_at: self.at,
        };
        check(&flag, limits)?;
        insert(transaction, &flag).await?;
        let targeting = Targeting::disabled(&flag.variations);
        let environments = environments::raise_all(transaction, project.id).await?;
        targeting::insert(transaction, &flag, &targeting, self.at).await?;
        let put = put(&flag, &targeting, 1);
        self.log_each(
            environments
                .iter()
                .map(|environment| (environment, put.clone())),
        )
        .await?;
        let record = record(&project.key, &flag, "flag.created");
        self.record(record, None, Some(flag.document()));
        self.changed_flag(flag).await
    }

    pub(super) async fn update_flag(
        &mut self,
        project: &Key,
        key: &SubjectKey,
        patch: FlagPatch,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        let transaction = &mut self.transaction;
        let project = projects::lock(transaction, self.organization, project).await?;
        let before = flags::expect(transaction, project.id, key).await?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            let current = flags::overview(transaction, before).await?;
            return Err(conflict(Outcome::Flag(Box::new(current))));
        }
        let mut after = self.patched(&before, patch);
        if after == before {
            let current = flags::overview(&mut self.transaction, before).await?;
            return Ok(Effect::Unchanged(Outcome::Flag(Box::new(current))));
        }
        let archived_at = after.archived_at;
        if (Flag {
            archived_at,
            ..before.clone()
        }) != after
        {
            // A limit that was lowered since must not keep anybody from archiving.
            check(&after, self.storage.limits())?;
        }
        after.version += 1;
        after.updated_at = self.at;
        let environments = environments::raise_all(&mut self.transaction, project.id).await?;
        self.check_everywhere(&before, &after, &environments)
            .await?;
        update(&mut self.transaction, &after).await?;
        let stored = targeting::of_flag(&mut self.transaction, after.id).await?;
        self.keep_references(&before, &after, &stored).await?;
        self.log_each(environments.iter().filter_map(|environment| {
            let stored = stored.get(&environment.id)?;
            let changes = if after.archived_at.is_some() {
                delete(&after.key)
            } else {
                put(&after, &stored.targeting, stored.version)
            };
            Some((environment, changes))
        }))
        .await?;
        let action = match (before.archived_at, after.archived_at) {
            (None, Some(_)) => "flag.archived",
            (Some(_), None) => "flag.restored",
            _ => "flag.updated",
        };
        let record = record(&project.key, &after, action);
        self.record(record, Some(before.document()), Some(after.document()));
        self.changed_flag(after).await
    }

    pub(super) async fn delete_flag(
        &mut self,
        project: &Key,
        key: &SubjectKey,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        let transaction = &mut self.transaction;
        let project = projects::lock(transaction, self.organization, project).await?;
        let flag = flags::expect(transaction, project.id, key).await?;
        if expected_version.is_some_and(|expected| expected != flag.version) {
            let current = flags::overview(transaction, flag).await?;
            return Err(conflict(Outcome::Flag(Box::new(current))));
        }
        let environments = environments::raise_all(transaction, project.id).await?;
        self.refuse_if_used(project.id, &environments, Subject::Flag(key.as_str()))
            .await?;
        let transaction = &mut self.transaction;
        let mut document = flag.document();
        document["environments"] = everywhere(transaction, &flag, &environments).await?;
        references::forget_flag(transaction, project.id, key).await?;
        execute!(transaction, "DELETE FROM flags WHERE id = $1", flag.id)?;
        self.log_each(
            environments
                .iter()
                .map(|environment| (environment, delete(key))),
        )
        .await?;
        let record = record(&project.key, &flag, "flag.deleted");
        self.record(record, Some(document), None);
        Ok(Effect::Changed(Outcome::Deleted))
    }

    fn patched(&self, before: &Flag, patch: FlagPatch) -> Flag {
        let before = before.clone();
        let archived_at = match (patch.archived, before.archived_at) {
            (Some(true), None) => Some(self.at),
            (Some(false), Some(_)) => None,
            (_, archived_at) => archived_at,
        };
        Flag {
            name: patch.name.unwrap_or(before.name),
            description: patch.description.unwrap_or(before.description),
            variations: patch.variations.unwrap_or(before.variations),
            tags: patch.tags.as_deref().map_or(before.tags, tidy_tags),
            client_visible: patch.client_visible.unwrap_or(before.client_visible),
            track: patch.track.unwrap_or(before.track),
            metadata: patch.metadata.unwrap_or(before.metadata),
            archived_at,
            ..before
        }
    }

    /// Checks a definition against the targeting and the other flags of every environment.
    async fn check_everywhere(
        &mut self,
        before: &Flag,
        after: &Flag,
        environments: &[Environment],
    ) -> Result<()> {
        let project = after.project;
        if after.archived_at.is_some() {
            // Only while it was in the rulesets could anything refer to it.
            if before.archived_at.is_none() {
                let subject = Subject::Flag(after.key.as_str());
                self.refuse_if_used(project, environments, subject).await?;
            }
            return Ok(());
        }
        let restored = before.archived_at.is_some();
        if !restored && before.variations == after.variations {
            return Ok(());
        }
        self.refresh_references(project, environments).await?;
        let transaction = &mut self.transaction;
        let stored = targeting::of_flag(transaction, after.id).await?;
        let counting = counting_on(transaction, project, &after.key, &lost(before, after)).await?;
        let mut problems: Vec<Problem> = Vec::new();
        for environment in environments {
            let Some(stored) = stored.get(&environment.id) else {
                continue;
            };
            let mut found = check_targeting(after, &stored.targeting, self.storage.limits());
            let dependencies = references::of_targeting(&stored.targeting);
            let counting = counting.iter().filter(|one| one.is_in(environment.id));
            let counting: Vec<_> = counting.map(|one| one.name.clone()).collect();
            // What a flag that stayed in the rulesets refers to was checked when it was written.
            if (restored && !dependencies.is_empty()) || !counting.is_empty() {
                let locked = Locked {
                    project,
                    environment: environment.id,
                };
                let subject = Subject::Flag(after.key.as_str());
                let others =
                    surroundings(transaction, locked, subject, &dependencies, counting).await?;
                let candidate = stored.targeting.ruleset_flag(after, stored.version);
                let references = validate_flag_references(after.key.as_str(), &candidate, &others);
                found.extend(references.into_iter().map(Problem::from));
            }
            let placed = found.into_iter();
            problems.extend(placed.map(|problem| in_environment(&environment.key, problem)));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(problems))
        }
    }

    /// Keeps what is recorded in step with the rulesets, which a flag leaves when it is archived.
    async fn keep_references(
        &mut self,
        before: &Flag,
        after: &Flag,
        stored: &HashMap<EnvironmentId, Stored>,
    ) -> Result<()> {
        let transaction = &mut self.transaction;
        match (before.archived_at, after.archived_at) {
            (None, Some(_)) => {
                references::forget_flag(transaction, after.project, &after.key).await?;
            }
            (Some(_), None) => {
                for (environment, stored) in stored {
                    let dependencies = references::of_targeting(&stored.targeting);
                    let key = &after.key;
                    references::record_flag(transaction, *environment, key, &dependencies).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn changed_flag(&mut self, flag: Flag) -> Result<Effect> {
        let overview = flags::overview(&mut self.transaction, flag).await?;
        Ok(Effect::Changed(Outcome::Flag(Box::new(overview))))
    }
}

/// A flag's step in an environment's ruleset.
pub(super) fn put(flag: &Flag, targeting: &Targeting, version: i64) -> Changes {
    let put = targeting.ruleset_flag(flag, version);
    Changes {
        put_flags: [(flag.key.to_string(), put)].into(),
        ..Changes::default()
    }
}

fn delete(key: &SubjectKey) -> Changes {
    Changes {
        deleted_flags: vec![key.to_string()],
        ..Changes::default()
    }
}

async fn insert(transaction: &mut Transaction, flag: &Flag) -> Result<()> {
    execute!(
        transaction,
        "INSERT INTO flags (id, project, key, name, folded_name, description, folded_description, type, variations, tags, \
         client_visible, track, metadata, salt, version, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        flag.id,
        flag.project,
        &flag.key,
        &flag.name,
        fold(&flag.name),
        &flag.description,
        fold(&flag.description),
        flag.type_.as_str(),
        Json(&flag.variations),
        Json(&flag.tags),
        flag.client_visible,
        flag.track,
        Json(&flag.metadata),
        &flag.salt,
        flag.version,
        Stamp(flag.created_at),
        Stamp(flag.updated_at),
    )
    .or_taken(Entity::Flag, &flag.key)?;
    Ok(())
}

/// Writes a changed definition; the flag's version rises in every environment.
async fn update(transaction: &mut Transaction, flag: &Flag) -> Result<()> {
    execute!(
        transaction,
        "UPDATE flags SET name = $2, folded_name = $3, description = $4, folded_description = $5, variations = $6, \
         tags = $7, client_visible = $8, track = $9, metadata = $10, archived_at = $11, version = $12, \
         updated_at = $13 WHERE id = $1",
        flag.id,
        &flag.name,
        fold(&flag.name),
        &flag.description,
        fold(&flag.description),
        Json(&flag.variations),
        Json(&flag.tags),
        flag.client_visible,
        flag.track,
        Json(&flag.metadata),
        flag.archived_at.map(Stamp),
        flag.version,
        Stamp(flag.updated_at),
    )?;
    execute!(
        transaction,
        "UPDATE flag_environments SET version = version + 1, referenced_version = referenced_version + 1 \
         WHERE flag = $1",
        flag.id,
    )?;
    Ok(())
}

async fn count(transaction: &mut Transaction, project: ProjectId) -> Result<i64> {
    let count = fetch_count!(
        transaction,
        "SELECT count(*) FROM flags WHERE project = $1",
        project,
    )?;
    Ok(count)
}

/// The keys of the variations that a flag would no longer have.
fn lost<'a>(before: &'a Flag, after: &Flag) -> Vec<&'a str> {
    let kept = |key: &str| {
        after
            .variations
            .iter()
            .any(|variation| variation.key == key)
    };
    let keys = before
        .variations
        .iter()
        .map(|variation| variation.key.as_str());
    keys.filter(|key| !kept(key)).collect()
}

/// A flag's targeting by environment, for the audit log to keep when the flag goes.
async fn everywhere(
    transaction: &mut Transaction,
    flag: &Flag,
    environments: &[Environment],
) -> Result<Value> {
    let stored = targeting::of_flag(transaction, flag.id).await?;
    let mut all = Map::new();
    for environment in environments {
        if let Some(stored) = stored.get(&environment.id) {
            let document = targeting::document(&stored.targeting);
            all.insert(environment.key.to_string(), document);
        }
    }
    Ok(all.into())
}

fn record<'a>(project: &'a Key, flag: &'a Flag, action: &'static str) -> Record<'a> {
    Record {
        action,
        project: Some(project),
        environment: None,
        kind: "flag",
        key: flag.key.as_str(),
        restored: None,
    }
}
