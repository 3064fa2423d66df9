//! `peekaboo tasks`: what waits, runs or is dead in the background, straight on the database.

use std::fmt::Write as _;

use anyhow::bail;
use clap::{Args, Subcommand};
use peekaboo_storage::{Page, PendingDeletion, Storage, Task, TaskId};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{database::with_database, failure::Failure, output::print, settings::SettingArgs};

/// The subcommands of `peekaboo tasks`.
#[derive(Debug, Subcommand)]
pub(crate) enum TasksCommand {
    /// List waiting, running and dead tasks
    List(ListArgs),
    /// Run a dead or waiting task as soon as possible
    Retry(TaskArgs),
    /// Delete a dead or waiting task without running it
    Drop(TaskArgs),
}

/// Arguments of `peekaboo tasks list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// List only dead tasks, which failed and are not retried
    #[arg(long)]
    dead: bool,

    #[command(flatten)]
    settings: SettingArgs,
}

/// Arguments of `peekaboo tasks retry` and `drop`.
#[derive(Debug, Args)]
pub(crate) struct TaskArgs {
    /// ID of the task, as shown by `peekaboo tasks list`
    #[arg(value_name = "ID")]
    id: TaskId,

    #[command(flatten)]
    settings: SettingArgs,
}

pub(crate) fn run(command: TasksCommand) -> Result<(), Failure> {
    let now = OffsetDateTime::now_utc();
    let said = match command {
        TasksCommand::List(args) => with_database(args.settings, async |_, storage| {
            list(storage, args.dead, now).await
        })?,
        TasksCommand::Retry(args) => with_database(args.settings, async |_, storage| {
            retry(storage, args.id, now).await
        })?,
        TasksCommand::Drop(args) => with_database(args.settings, async |_, storage| {
            drop_task(storage, args.id, now).await
        })?,
    };
    Ok(print(&said)?)
}

async fn list(storage: &Storage, dead: bool, now: OffsetDateTime) -> anyhow::Result<String> {
    let mut said = String::new();
    let mut page = Page::first(500);
    loop {
        let list = storage.tasks(dead, &page).await?;
        for task in &list.items {
            line(&mut said, task, now)?;
        }
        match Page::after(500, &list) {
            Some(next) => page = next,
            None => break,
        }
    }
    if !dead {
        for pending in storage.pending_deletions().await? {
            deleting(&mut said, &pending)?;
        }
    }
    if said.is_empty() {
        said.push_str(if dead {
            "no dead tasks\n"
        } else {
            "no tasks\n"
        });
    }
    Ok(said)
}

fn line(said: &mut String, task: &Task, now: OffsetDateTime) -> anyhow::Result<()> {
    let name = if task.key == task.id.to_string() {
        task.kind.clone()
    } else {
        format!("{} {}", task.kind, task.key)
    };
    let state = task.state(now).as_str();
    let due = task.due_at.replace_nanosecond(0)?.format(&Rfc3339)?;
    write!(said, "{}  {state:<7}  due {due}  {name:<28}", task.id)?;
    if let Some(error) = &task.last_error {
        write!(said, "  attempts: {}, last error: {error}", task.attempts)?;
    }
    said.truncate(said.trim_end().len());
    said.push('\n');
    Ok(())
}

fn deleting(said: &mut String, pending: &PendingDeletion) -> anyhow::Result<()> {
    let since = pending.deleted_at.replace_nanosecond(0)?.format(&Rfc3339)?;
    let project = &pending.project;
    match &pending.environment {
        Some(environment) => {
            writeln!(
                said,
                "pending deletion, since {since}: environment {environment:?} of project {project:?}"
            )?;
        }
        None => writeln!(said, "pending deletion, since {since}: project {project:?}")?,
    }
    Ok(())
}

async fn retry(storage: &Storage, id: TaskId, now: OffsetDateTime) -> anyhow::Result<String> {
    if !storage.retry_task(id, now).await? {
        bail!("task {id} is running; wait until it ends, then try again");
    }
    Ok(format!("task {id} is due now\n"))
}

async fn drop_task(storage: &Storage, id: TaskId, now: OffsetDateTime) -> anyhow::Result<String> {
    if !storage.drop_task(id, now).await? {
        bail!("task {id} is running; wait until it ends, then try again");
    }
    Ok(format!("task {id} deleted\n"))
}

#[cfg(test)]
mod tests {
    use peekaboo_storage::{MailTemplate, TaskKinds};

    use super::*;
    use crate::test_storage::TestStorage;

    #[tokio::test]
    async fn a_dead_task_is_listed_with_its_reason_and_can_be_retried() {
        let storage = TestStorage::empty().await;
        let now = OffsetDateTime::now_utc();
        let template = MailTemplate::Test { dashboard: None };
        let id = storage
            .queue_mail("ada@example.com", template, now)
            .await
            .expect("queued");
        let listed = list(&storage, true, now).await.expect("listed");
        assert_eq!(listed, "no dead tasks\n");

        let mut kinds = TaskKinds::default();
        kinds.add("mail.send", 1);
        let claimed = storage
            .claim_tasks(&kinds, 1, now, now)
            .await
            .expect("claimed");
        storage
            .bury_task(&claimed[0], "no such mailbox", now)
            .await
            .expect("buried");
        let listed = list(&storage, true, now).await.expect("listed");
        let expected = format!("{id}  dead     due ");
        assert!(listed.starts_with(&expected), "{listed}");
        assert!(
            listed.ends_with("  attempts: 1, last error: no such mailbox\n"),
            "{listed}"
        );

        retry(&storage, id, now).await.expect("retried");
        assert_eq!(
            list(&storage, true, now).await.expect("listed"),
            "no dead tasks\n"
        );
        drop_task(&storage, id, now).await.expect("dropped");
        assert_eq!(
            list(&storage, false, now).await.expect("listed"),
            "no tasks\n"
        );
        let error = retry(&storage, id, now)
            .await
            .expect_err("it is gone")
            .to_string();
        assert_eq!(error, "task not found");
    }
}
