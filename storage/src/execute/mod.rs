//! Executes commands: the one way to change flags, segments, projects, environments and keys.
//!
//! Each command locks what it changes by raising its version, then reads, checks, writes, logs and commits, all in one
//! transaction. A command about one environment locks that alone; one about a whole project locks the project, then
//! every environment of it; one about projects, environments or keys locks the organization first. What a check saw
//! therefore still holds at the commit, whichever node the other writers are on. Nobody locks environments of several
//! projects, and only the holder of a project's lock several of one, so no two writers wait for each other.

mod definition;
mod environment;
mod flag;
mod members;
mod project;
mod references;
mod sdk_key;
mod segment;
mod surroundings;
mod targeting;
mod work;

use crate::authority::Authority;
use crate::error::Result;
use crate::idempotency::{Answered, IdempotentRequest};
use crate::storage::Storage;
use crate::{Attribution, Command, Committed, OrganizationId, Outcome};

use sdk_key::KeyPlace;
use targeting::Place;
use work::{Effect, Work, unchanged};

impl Storage {
    /// Commits a command, or nothing of it. When this returns, the change is durable.
    ///
    /// [`Error::Unavailable`](crate::Error::Unavailable) leaves open whether it was committed; the feed tells if it was.
    pub async fn execute(
        &self,
        organization: OrganizationId,
        command: Command,
        by: &Attribution,
    ) -> Result<Committed> {
        let transaction = self.write().await?;
        let mut work = Work::new(self, transaction, organization, by);
        match work.apply(command).await? {
            Effect::Changed(outcome) => work.commit(outcome).await,
            // Dropping the work undoes its locks.
            Effect::Unchanged(outcome) => Ok(unchanged(outcome)),
        }
    }

    /// Commits a command once, however often its request is sent: claim, command and answer in one transaction.
    ///
    /// A duplicate that comes while the first is running waits for it. An error keeps nothing, so the request can be
    /// sent again.
    pub async fn execute_once(
        &self,
        organization: OrganizationId,
        command: Command,
        by: &Attribution,
        request: IdempotentRequest<Outcome>,
    ) -> Result<Answered<Committed>> {
        let mut transaction = self.write().await?;
        if let Some(answer) = request.key.claim(&mut transaction, by.at).await? {
            return Ok(Answered::Again(answer));
        }
        let mut work = Work::new(self, transaction, organization, by);
        let outcome = match work.apply(command).await? {
            Effect::Changed(outcome) => {
                let answer = request.keep(&mut work.transaction, &outcome).await?;
                return Ok(Answered::First(work.commit(outcome).await?, answer));
            }
            Effect::Unchanged(outcome) => outcome,
        };
        // Its locks raised versions, and nothing may come of that: the answer is kept by a transaction of its own.
        drop(work);
        let mut transaction = self.write().await?;
        if let Some(answer) = request.key.claim(&mut transaction, by.at).await? {
            return Ok(Answered::Again(answer));
        }
        let answer = request.keep(&mut transaction, &outcome).await?;
        transaction.commit().await?;
        Ok(Answered::First(unchanged(outcome), answer))
    }
}

impl Work<'_> {
    /// Does what a command says, up to the commit, if whoever stands behind it may now.
    async fn apply(&mut self, command: Command) -> Result<Effect> {
        let actor = &self.by.actor;
        let authority = Authority::of(&mut self.transaction, self.organization, actor).await?;
        for needed in command.requirements() {
            authority.require(needed.permission, &needed.scope)?;
        }
        self.carry_out(command).await
    }

    /// Does what a command says.
    #[expect(
        clippy::too_many_lines,
        reason = "an arm for each kind of command, and no more"
    )]
    async fn carry_out(&mut self, command: Command) -> Result<Effect> {
        match command {
            Command::CreateProject { project } => self.create_project(project).await,
            Command::UpdateProject {
                project,
                patch,
                expected_version,
            } => self.update_project(&project, patch, expected_version).await,
            Command::DeleteProject {
                project,
                expected_version,
            } => self.delete_project(&project, expected_version).await,
            Command::CreateEnvironment {
                project,
                environment,
            } => self.create_environment(&project, environment).await,
            Command::UpdateEnvironment {
                project,
                environment,
                patch,
                expected_version,
            } => {
                self.update_environment(&project, &environment, patch, expected_version)
                    .await
            }
            Command::DeleteEnvironment {
                project,
                environment,
                expected_version,
            } => {
                self.delete_environment(&project, &environment, expected_version)
                    .await
            }
            Command::ResetEpoch {
                project,
                environment,
            } => self.reset_epoch(&project, &environment).await,
            Command::CreateSdkKey {
                project,
                environment,
                key,
            } => self.create_sdk_key(&project, &environment, key).await,
            Command::ImportSdkKey {
                project,
                environment,
                key,
                credential,
            } => {
                self.import_sdk_key(&project, &environment, key, credential)
                    .await
            }
            Command::UpdateSdkKey {
                project,
                environment,
                key,
                patch,
                expected_version,
            } => {
                let place = KeyPlace {
                    project: &project,
                    environment: &environment,
                    id: key,
                };
                self.update_sdk_key(place, patch, expected_version).await
            }
            Command::RevokeSdkKey {
                project,
                environment,
                key,
                expected_version,
            } => {
                let place = KeyPlace {
                    project: &project,
                    environment: &environment,
                    id: key,
                };
                self.revoke_sdk_key(place, expected_version).await
            }
            Command::RotateSdkKey {
                project,
                environment,
                key,
                grace_seconds,
            } => {
                let place = KeyPlace {
                    project: &project,
                    environment: &environment,
                    id: key,
                };
                self.rotate_sdk_key(place, grace_seconds).await
            }
            Command::CreateFlag { project, flag } => self.create_flag(&project, flag).await,
            Command::UpdateFlag {
                project,
                flag,
                patch,
                expected_version,
            } => {
                self.update_flag(&project, &flag, patch, expected_version)
                    .await
            }
            Command::DeleteFlag {
                project,
                flag,
                expected_version,
            } => self.delete_flag(&project, &flag, expected_version).await,
            Command::UpdateTargeting {
                project,
                environment,
                flag,
                patch,
                expected_version,
            } => {
                let place = Place {
                    project: &project,
                    environment: &environment,
                    flag: &flag,
                };
                self.set_targeting(place, patch, None, expected_version)
                    .await
            }
            Command::RestoreTargeting {
                project,
                environment,
                flag,
                targeting,
                from,
                expected_version,
            } => {
                let place = Place {
                    project: &project,
                    environment: &environment,
                    flag: &flag,
                };
                self.set_targeting(place, targeting.into(), Some(from), expected_version)
                    .await
            }
            Command::CreateSegment { project, segment } => {
                self.create_segment(&project, segment).await
            }
            Command::UpdateSegment {
                project,
                segment,
                patch,
                expected_version,
            } => {
                self.update_segment(&project, &segment, patch, expected_version)
                    .await
            }
            Command::UpdateSegmentMembers {
                project,
                segment,
                members,
                expected_version,
            } => {
                self.update_segment_members(&project, &segment, members, expected_version)
                    .await
            }
            Command::DeleteSegment {
                project,
                segment,
                expected_version,
            } => {
                self.delete_segment(&project, &segment, expected_version)
                    .await
            }
        }
    }
}
