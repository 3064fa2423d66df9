//! `peekaboo operator`: who runs the hub, straight on the database.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use peekaboo_storage::{Attribution, Storage};
use time::OffsetDateTime;

use super::{database::with_database, failure::Failure, output::print, settings::SettingArgs};

/// The subcommands of `peekaboo operator`.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// Make someone an operator, who can create, suspend and delete organizations and reset passwords
    Add(OperatorArgs),
    /// Remove someone's operator access
    Remove(OperatorArgs),
    /// List the operators of this hub
    List(SettingArgs),
}

/// Arguments of `peekaboo operator add` and `remove`.
#[derive(Debug, Args)]
pub(crate) struct OperatorArgs {
    /// Email address that the person signs in with
    email: String,

    #[command(flatten)]
    settings: SettingArgs,
}

pub(crate) fn run(command: OperatorCommand) -> Result<(), Failure> {
    let said = match command {
        OperatorCommand::Add(args) => change(args, true)?,
        OperatorCommand::Remove(args) => change(args, false)?,
        OperatorCommand::List(settings) => {
            with_database(settings, async |_, storage| list(storage).await)?
        }
    };
    Ok(print(&said)?)
}

fn change(args: OperatorArgs, is_operator: bool) -> Result<String, Failure> {
    with_database(args.settings, async |_, storage| {
        set(storage, &args.email, is_operator, OffsetDateTime::now_utc()).await
    })
}

async fn set(
    storage: &Storage,
    email: &str,
    is_operator: bool,
    now: OffsetDateTime,
) -> anyhow::Result<String> {
    let by = Attribution::system("peekaboo operator", now);
    let changed = storage.set_operator(email, is_operator, &by).await;
    let user = changed.with_context(|| format!("cannot change operator {email}"))?;
    Ok(if is_operator {
        format!("{} is now an operator\n", user.email)
    } else {
        format!("{} is no longer an operator\n", user.email)
    })
}

async fn list(storage: &Storage) -> anyhow::Result<String> {
    let operators = storage.operators().await?;
    let lines = operators
        .iter()
        .map(|user| format!("{}  {}\n", user.email, user.name));
    Ok(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_storage::TestStorage;

    #[tokio::test]
    async fn operators_are_added_listed_and_removed() {
        let (storage, _) = TestStorage::with_organization().await;
        let now = OffsetDateTime::now_utc();
        assert_eq!(list(&storage).await.expect("read"), "");
        set(&storage, "ada@example.com", true, now)
            .await
            .expect("added");
        assert_eq!(
            list(&storage).await.expect("read"),
            "ada@example.com  Ada\n"
        );
        set(&storage, "ADA@example.com", false, now)
            .await
            .expect("removed");
        assert_eq!(list(&storage).await.expect("read"), "");
        let missing = set(&storage, "eve@example.com", true, now).await;
        let error = format!("{:#}", missing.expect_err("there is none"));
        assert_eq!(
            error,
            "cannot change operator eve@example.com: user not found"
        );
    }
}
