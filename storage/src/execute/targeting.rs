//! Commands on a flag's targeting in one environment: the toggle among them.

use peekaboo_flags::{Subject, validate_flag_references};

use super::definition::check_targeting;
use super::flag::put;
use super::references::adds;
use super::surroundings::{Locked, surroundings};
use super::work::{Effect, Work, conflict};
use crate::audit_record::Record;
use crate::error::{Entity, Error, Problem, Result};
use crate::id::Source;
use crate::secret::random_characters;
use crate::targeting::{self, Stored, document};
use crate::{Environment, Flag, Key, Outcome, RestoredFrom, SubjectKey, Targeting, TargetingPatch};
use crate::{environments, flags, projects, recorded_states, references};

/// Characters of a rule's identifier: enough to tell the rules of one flag apart.
const RULE_ID_CHARACTERS: usize = 8;

/// Which targeting a command is about.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) project: &'a Key,
    pub(super) environment: &'a Key,
    pub(super) flag: &'a SubjectKey,
}

impl Work<'_> {
    pub(super) async fn set_targeting(
        &mut self,
        place: Place<'_>,
        patch: TargetingPatch,
        restored: Option<RestoredFrom>,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        let environment = self.raise(place).await?;
        let transaction = &mut self.transaction;
        let flag = flags::expect(transaction, environment.project, place.flag).await?;
        let what = Entity::Flag;
        let before = targeting::find(transaction, flag.id, environment.id).await?;
        let before = before.ok_or(Error::NotFound { what })?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            let current = before.of(&flag.key, &environment.key);
            return Err(conflict(Outcome::Targeting(Box::new(current))));
        }
        let source = self.storage.source();
        let targeting = patched(&before.targeting, patch, source);
        if targeting == before.targeting {
            let current = before.of(&flag.key, &environment.key);
            return Ok(Effect::Unchanged(Outcome::Targeting(Box::new(current))));
        }
        self.check(&environment, &flag, &before.targeting, &targeting)
            .await?;
        self.record_references(&environment, &flag, &before, &targeting)
            .await?;
        let version = before.version + 1;
        let after = Stored {
            targeting,
            version,
            referenced_version: version,
            updated_at: self.at,
        };
        targeting::save(&mut self.transaction, flag.id, environment.id, &after).await?;
        let put = put(&flag, &after.targeting, after.version);
        self.log(&environment, put).await?;
        let record = Record {
            action: if restored.is_some() {
                "targeting.restored"
            } else {
                "targeting.updated"
            },
            project: Some(place.project),
            environment: Some(&environment.key),
            kind: "flag",
            key: flag.key.as_str(),
            restored,
        };
        let (was, is) = (document(&before.targeting), document(&after.targeting));
        let written = self.record(record, Some(was), Some(is));
        if !written.is_whole {
            let place = (environment.id, flag.id);
            let (was, is) = (document(&before.targeting), document(&after.targeting));
            let transaction = &mut self.transaction;
            recorded_states::keep(transaction, written.id, place, &was, &is).await?;
        }
        let outcome = after.of(&flag.key, &environment.key);
        Ok(Effect::Changed(Outcome::Targeting(Box::new(outcome))))
    }

    /// Locks the environment. What is read afterwards stays until the commit.
    async fn raise(&mut self, place: Place<'_>) -> Result<Environment> {
        let transaction = &mut self.transaction;
        let project = projects::expect(transaction, self.organization, place.project).await?;
        let what = Entity::Environment;
        let found = environments::find_in(transaction, project.id, place.environment).await?;
        let found = found.ok_or(Error::NotFound { what })?;
        let raised = environments::raise(transaction, found.id).await?;
        raised.ok_or(Error::NotFound { what })
    }

    async fn check(
        &mut self,
        environment: &Environment,
        flag: &Flag,
        before: &Targeting,
        after: &Targeting,
    ) -> Result<()> {
        if flag.archived_at.is_some() {
            let detail = "the flag is archived; restore it first";
            return Err(Error::Invalid(vec![Problem::new("", "archived", detail)]));
        }
        let toggled = Targeting {
            enabled: after.enabled,
            ..before.clone()
        };
        if toggled == *after {
            // A limit that was lowered since must not keep anybody from turning a flag off.
            return Ok(());
        }
        let mut problems = check_targeting(flag, after, self.storage.limits());
        let dependencies = references::of_targeting(after);
        if adds(&references::of_targeting(before), &dependencies) {
            let place = std::slice::from_ref(environment);
            self.refresh_references(flag.project, place).await?;
            let locked = Locked {
                project: flag.project,
                environment: environment.id,
            };
            let subject = Subject::Flag(flag.key.as_str());
            let transaction = &mut self.transaction;
            let others = surroundings(transaction, locked, subject, &dependencies, []).await?;
            let candidate = after.ruleset_flag(flag, 1);
            let found = validate_flag_references(flag.key.as_str(), &candidate, &others);
            problems.extend(found.into_iter().map(Problem::from));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(problems))
        }
    }
}

impl Work<'_> {
    /// Records what the new targeting refers to, where that differs from what is recorded.
    async fn record_references(
        &mut self,
        environment: &Environment,
        flag: &Flag,
        before: &Stored,
        after: &Targeting,
    ) -> Result<()> {
        let dependencies = references::of_targeting(after);
        let recorded = before.referenced_version == before.version
            && references::of_targeting(&before.targeting) == dependencies;
        if recorded {
            return Ok(());
        }
        let transaction = &mut self.transaction;
        references::record_flag(transaction, environment.id, &flag.key, &dependencies).await
    }
}

/// Applies a patch; rules without an identifier get that of the same rule before, or a new one.
fn patched(before: &Targeting, patch: TargetingPatch, source: &Source) -> Targeting {
    let before = before.clone();
    let mut rules = patch.rules.unwrap_or_else(|| before.rules.clone());
    for (index, rule) in rules.iter_mut().enumerate() {
        if !rule.id.is_empty() {
            continue;
        }
        match before.rules.get(index) {
            Some(same) if same.when == rule.when && same.serve == rule.serve => {
                rule.id.clone_from(&same.id);
            }
            _ => random_characters(&mut rule.id, RULE_ID_CHARACTERS, source),
        }
    }
    Targeting {
        enabled: patch.enabled.unwrap_or(before.enabled),
        off_variation: patch.off_variation.unwrap_or(before.off_variation),
        prerequisites: patch.prerequisites.unwrap_or(before.prerequisites),
        targets: patch.targets.unwrap_or(before.targets),
        rules,
        fallthrough: patch.fallthrough.unwrap_or(before.fallthrough),
    }
}
