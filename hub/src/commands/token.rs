//! `peekaboo token create`: a service account with a token, straight on the database.

use anyhow::anyhow;
use clap::{Args, Subcommand};
use peekaboo_policy::{BuiltIn, Scope};
use peekaboo_storage::{Attribution, Key, NewApiToken, NewTokenBearer, Storage};
use time::OffsetDateTime;

use super::{
    database::with_database, expiry::time_to_come, failure::Failure, output::print,
    settings::SettingArgs,
};

/// The subcommands of `peekaboo token`.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Create a token for the admin API and print it; it is only shown once
    Create(CreateTokenArgs),
}

/// Arguments of `peekaboo token create`.
#[derive(Debug, Args)]
pub(crate) struct CreateTokenArgs {
    /// The organization's key
    #[arg(long, value_name = "KEY")]
    organization: Key,

    /// Name that says what the token is for
    #[arg(long)]
    name: String,

    /// Role of the token: viewer, editor, admin or owner
    #[arg(long)]
    role: BuiltIn,

    /// Limit the token to this project
    #[arg(long, value_name = "KEY")]
    project: Option<Key>,

    /// Limit the token to this environment of the project
    #[arg(long, value_name = "KEY", requires = "project")]
    environment: Option<Key>,

    /// Time at which the token expires, such as 2027-01-01T00:00:00Z; default: never
    #[arg(long, value_name = "TIME", value_parser = time_to_come)]
    expires_at: Option<OffsetDateTime>,

    #[command(flatten)]
    settings: SettingArgs,
}

pub(crate) fn run(command: TokenCommand) -> Result<(), Failure> {
    let TokenCommand::Create(args) = command;
    let scope = match (args.project, args.environment) {
        (None, _) => Scope::Organization,
        (Some(project), None) => Scope::project(project.as_str()),
        (Some(project), Some(environment)) => {
            Scope::environment(project.as_str(), environment.as_str())
        }
    };
    let new = NewApiToken {
        name: args.name,
        bearer: NewTokenBearer::Role(args.role, scope),
        expires_at: args.expires_at,
    };
    let made = with_database(args.settings, async |_, storage| {
        create(storage, &args.organization, new, OffsetDateTime::now_utc()).await
    })?;
    Ok(print(&format!("{made}\n"))?)
}

async fn create(
    storage: &Storage,
    organization: &Key,
    new: NewApiToken,
    now: OffsetDateTime,
) -> anyhow::Result<String> {
    let found = storage.organization(organization).await?;
    let organization = found.ok_or_else(|| anyhow!("organization {organization} not found"))?;
    let by = Attribution::system("peekaboo token create", now);
    let (_, secret) = storage.create_api_token(organization.id, new, &by).await?;
    Ok(secret.expose().to_owned())
}

#[cfg(test)]
mod tests {
    use peekaboo_storage::{Command, NewProject, SecretHash};

    use super::*;
    use crate::test_storage::{TestStorage, key};

    fn new(scope: Scope) -> NewApiToken {
        NewApiToken {
            name: "ci".to_owned(),
            bearer: NewTokenBearer::Role(BuiltIn::Editor, scope),
            expires_at: None,
        }
    }

    #[tokio::test]
    async fn the_printed_token_belongs_to_the_organization() {
        let (storage, _) = TestStorage::with_organization().await;
        let now = OffsetDateTime::now_utc();
        let printed = create(&storage, &key("acme"), new(Scope::Organization), now)
            .await
            .expect("a token");
        let found = storage.find_api_token(SecretHash::of(&printed), now).await;
        let found = found.expect("the database").expect("the token");
        assert_eq!(found.token.name, "ci");
        assert_eq!(found.membership.role(), Some(BuiltIn::Editor));
    }

    #[tokio::test]
    async fn an_organization_that_is_not_there_is_named() {
        let (storage, _) = TestStorage::with_organization().await;
        let made = create(
            &storage,
            &key("nope"),
            new(Scope::Organization),
            OffsetDateTime::now_utc(),
        )
        .await;
        let error = made.expect_err("there is none").to_string();
        assert_eq!(error, "organization nope not found");
    }

    #[tokio::test]
    async fn a_token_may_be_for_a_part_of_the_organization() {
        let (storage, acme) = TestStorage::with_organization().await;
        let now = OffsetDateTime::now_utc();
        let nowhere = create(&storage, &key("acme"), new(Scope::project("shop")), now).await;
        let error = nowhere.expect_err("no such project").to_string();
        assert_eq!(error, "project not found");
        let project = NewProject {
            key: key("shop"),
            name: "Shop".to_owned(),
            description: String::new(),
        };
        let by = Attribution::system("test", now);
        let command = Command::CreateProject { project };
        let created = storage.execute(acme.id, command, &by).await;
        created.expect("a project");
        let development = Scope::environment("shop", "development");
        let printed = create(&storage, &key("acme"), new(development.clone()), now).await;
        let found = storage.find_api_token(SecretHash::of(&printed.expect("a token")), now);
        let found = found.await.expect("the database").expect("the token");
        let [grant] = &found.membership.grants[..] else {
            panic!("one grant: {found:?}");
        };
        assert_eq!(grant.scope, development);
        assert_eq!(grant.permissions, BuiltIn::Editor.permissions());
    }
}
