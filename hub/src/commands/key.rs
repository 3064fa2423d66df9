//! `peekaboo key create`: a key for an application, straight on the database.

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use peekaboo_storage::{Attribution, Command, Key, NewSdkKey, SdkKeyKind, Storage};
use time::OffsetDateTime;

use super::{
    database::with_database, expiry::time_to_come, failure::Failure, output::print,
    settings::SettingArgs,
};

/// The subcommands of `peekaboo key`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Create a key for applications and print it; a server key is only shown once
    Create(CreateKeyArgs),
}

/// Arguments of `peekaboo key create`.
#[derive(Debug, Args)]
pub(crate) struct CreateKeyArgs {
    #[command(flatten)]
    place: Place,

    /// Kind of key: server (secret, receives rules) or client (public, receives only values)
    #[arg(long)]
    kind: SdkKeyKind,

    /// Name that says what the key is for
    #[arg(long)]
    name: String,

    #[arg(
        long = "origin",
        value_name = "ORIGIN",
        help = "Allow a client key only from this origin, such as https://app.example.com; repeatable; default: any origin"
    )]
    origins: Vec<String>,

    /// Time at which the key expires, such as 2027-01-01T00:00:00Z; default: never
    #[arg(long, value_name = "TIME", value_parser = time_to_come)]
    expires_at: Option<OffsetDateTime>,

    #[command(flatten)]
    settings: SettingArgs,
}

/// The environment that a key gives access to.
#[derive(Debug, Args)]
struct Place {
    /// The organization's key
    #[arg(long, value_name = "KEY")]
    organization: Key,

    /// The project's key
    #[arg(long, value_name = "KEY")]
    project: Key,

    /// The environment's key
    #[arg(long, value_name = "KEY")]
    environment: Key,
}

pub(crate) fn run(command: KeyCommand) -> Result<(), Failure> {
    let KeyCommand::Create(args) = command;
    let new = NewSdkKey {
        kind: args.kind,
        name: args.name,
        origins: args.origins,
        expires_at: args.expires_at,
    };
    let made = with_database(args.settings, async |_, storage| {
        create(storage, &args.place, new, OffsetDateTime::now_utc()).await
    })?;
    Ok(print(&format!("{made}\n"))?)
}

async fn create(
    storage: &Storage,
    place: &Place,
    new: NewSdkKey,
    now: OffsetDateTime,
) -> anyhow::Result<String> {
    let Place {
        organization,
        project,
        environment,
    } = place;
    let found = storage.organization(organization).await?;
    let organization = found.ok_or_else(|| anyhow!("organization {organization} not found"))?;
    let by = Attribution::system("peekaboo key create", now);
    let command = Command::CreateSdkKey {
        project: project.clone(),
        environment: environment.clone(),
        key: new,
    };
    let committed = storage
        .execute(organization.id, command, &by)
        .await
        .with_context(|| format!("cannot create a key in {project}/{environment}"))?;
    let created = committed.outcome.created_sdk_key();
    let created = created.ok_or_else(|| anyhow!("the command created no key"))?;
    Ok(created.secret.expose().to_owned())
}

#[cfg(test)]
mod tests {
    use peekaboo_storage::{NewProject, SecretHash};

    use super::*;
    use crate::test_storage::{TestStorage, key};

    async fn with_project() -> TestStorage {
        let (storage, acme) = TestStorage::with_organization().await;
        let project = NewProject {
            key: key("shop"),
            name: "Shop".to_owned(),
            description: String::new(),
        };
        let by = Attribution::system("test", OffsetDateTime::now_utc());
        let create = Command::CreateProject { project };
        let made = storage.execute(acme.id, create, &by).await;
        made.expect("a project");
        storage
    }

    fn place(environment: &str) -> Place {
        Place {
            organization: key("acme"),
            project: key("shop"),
            environment: key(environment),
        }
    }

    #[tokio::test]
    async fn the_printed_key_opens_the_environment() {
        let storage = with_project().await;
        let now = OffsetDateTime::now_utc();
        let new = NewSdkKey::named(SdkKeyKind::Server, "backend");
        let made = create(&storage, &place("staging"), new, now).await;
        let printed = made.expect("a key");
        assert!(printed.starts_with("pbs_"));
        let found = storage.find_key(SecretHash::of(&printed)).await;
        let (_, record) = found.expect("the database").expect("the key");
        assert_eq!(record.kind, SdkKeyKind::Server);
    }

    #[tokio::test]
    async fn an_environment_that_is_not_there_is_named() {
        let storage = with_project().await;
        let new = NewSdkKey::named(SdkKeyKind::Client, "shop");
        let made = create(&storage, &place("nope"), new, OffsetDateTime::now_utc()).await;
        let error = format!("{:#}", made.expect_err("there is none"));
        assert_eq!(
            error,
            "cannot create a key in shop/nope: environment not found"
        );
    }
}
