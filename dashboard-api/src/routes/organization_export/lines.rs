//! An organization as lines: each is a JSON document `{"kind": …, "value": …}`, with the value in the shape in which this
//! API shows it.
//!
//! Lines are read from the database as fast as they are taken, a page at a time, so an organization of any size takes
//! little memory. The last line has the kind `end`; without it, the export is not complete.

use peekaboo_storage::{
    AuditFilter, Error as StorageError, Key as StorageKey, Organization, Page, Storage,
};
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::routes::access::{Role, ServiceAccountDetails, TeamDetails};
use crate::routes::audit::AuditEntry;
use crate::routes::export::EnvironmentExport;
use crate::routes::invitations::Invitation;
use crate::routes::keys::Key;
use crate::routes::members::Member;
use crate::routes::{Environment, Project};

/// Rises when a reader of older exports would misread a new one.
const FORMAT: u32 = 1;

/// Lines that wait to be taken.
const WAITING: usize = 16;

/// Items read at once.
const PAGE: u32 = 200;

#[derive(Serialize)]
struct Line<'a, T> {
    kind: &'static str,
    value: &'a T,
}

/// An environment with everything in it.
#[derive(Serialize)]
struct ExportedEnvironment {
    project: String,
    environment: Environment,
    ruleset: EnvironmentExport,
}

/// A key, without its secret unless it is for browsers, who show it to everybody.
#[derive(Serialize)]
struct ExportedKey<'a> {
    project: &'a str,
    environment: &'a str,
    key: Key,
}

/// Why an export ends before its last line.
enum Stop {
    /// Nobody takes the lines any more.
    Unread,
    Failed(StorageError),
}

impl From<StorageError> for Stop {
    fn from(error: StorageError) -> Self {
        Self::Failed(error)
    }
}

/// Reads an organization in the background; gives out its lines, each with its line break.
///
/// Exposures, events and sums of usage are not in it, nor are secrets.
pub fn export_organization(
    storage: Storage,
    organization: Organization,
    now: OffsetDateTime,
) -> Receiver<Result<String, StorageError>> {
    let (sender, lines) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let mut export = Export {
            storage,
            organization,
            now,
            sender,
            lines: 0,
        };
        if let Err(Stop::Failed(error)) = export.write().await {
            // Nobody may be left to be told.
            let _ = export.sender.send(Err(error)).await;
        }
    });
    lines
}

struct Export {
    storage: Storage,
    organization: Organization,
    now: OffsetDateTime,
    sender: Sender<Result<String, StorageError>>,
    lines: u64,
}

/// Writes a line for each item of a list, page after page.
macro_rules! each {
    ($export:ident, $kind:literal, |$page:ident| $read:expr, |$item:ident| $value:expr) => {{
        let mut $page = Page::first(PAGE);
        loop {
            let list = $read.await?;
            let next = Page::after(PAGE, &list);
            for $item in list.items {
                $export.put($kind, &$value).await?;
            }
            match next {
                Some(next) => $page = next,
                None => break,
            }
        }
    }};
}

impl Export {
    async fn write(&mut self) -> Result<(), Stop> {
        let (storage, id) = (self.storage.clone(), self.organization.id);
        let head = json!({
            "format": FORMAT,
            "at": self.now.format(&Rfc3339).unwrap_or_default(),
            "id": id.as_uuid(),
            "key": self.organization.key.as_str(),
            "name": self.organization.name,
            "requiresSecondFactor": self.organization.requires_second_factor,
        });
        self.put("organization", &head).await?;
        each!(self, "role", |page| storage.roles(id, &page), |role| {
            Role::from(role)
        });
        each!(self, "team", |page| storage.teams(id, &page), |team| {
            TeamDetails::from(team)
        });
        each!(
            self,
            "member",
            |page| storage.members(id, None, &page),
            |member| Member::from(member)
        );
        each!(
            self,
            "invitation",
            |page| storage.invitations(id, &page),
            |invitation| Invitation::from(invitation)
        );
        each!(
            self,
            "serviceAccount",
            |page| storage.service_accounts(id, &page),
            |account| ServiceAccountDetails::from(account)
        );
        each!(
            self,
            "project",
            |page| storage.projects(id, &page),
            |project| { Project::from(project) }
        );
        self.write_environments().await?;
        let everything = AuditFilter::default();
        each!(
            self,
            "auditEntry",
            |page| storage.audit(id, &everything, &page),
            |entry| AuditEntry::from(entry)
        );
        let lines = self.lines;
        self.put("end", &json!({ "lines": lines })).await
    }

    async fn write_environments(&mut self) -> Result<(), Stop> {
        let (storage, id, now) = (self.storage.clone(), self.organization.id, self.now);
        let mut page = Page::first(PAGE);
        loop {
            let projects = storage.projects(id, &page).await?;
            let next = Page::after(PAGE, &projects);
            for overview in projects.items {
                let project = overview.project.key;
                for environment in overview.environments {
                    let key = environment.key.clone();
                    self.write_environment(&project, &key).await?;
                    each!(
                        self,
                        "key",
                        |page| storage.sdk_keys(id, &project, &key, &page),
                        |found| ExportedKey {
                            project: project.as_str(),
                            environment: key.as_str(),
                            key: Key::new(found, now),
                        }
                    );
                }
            }
            match next {
                Some(next) => page = next,
                None => return Ok(()),
            }
        }
    }

    async fn write_environment(
        &mut self,
        project: &StorageKey,
        environment: &StorageKey,
    ) -> Result<(), Stop> {
        let id = self.organization.id;
        let Some(found) = self.storage.export(id, project, environment).await? else {
            // It was deleted a moment ago.
            return Ok(());
        };
        let exported = ExportedEnvironment {
            project: project.to_string(),
            environment: Environment::from(found.environment.clone()),
            ruleset: found.into(),
        };
        self.put("environment", &exported).await
    }

    async fn put<T: Serialize>(&mut self, kind: &'static str, value: &T) -> Result<(), Stop> {
        let line = Line { kind, value };
        let mut line = serde_json::to_string(&line)
            .map_err(|error| Stop::Failed(StorageError::Corrupt(error.into())))?;
        line.push('\n');
        self.lines += 1;
        let sent = self.sender.send(Ok(line)).await;
        sent.map_err(|_| Stop::Unread)
    }
}
