//! `peekaboo token create`: a credential for a machine, straight on the database.

use anyhow::anyhow;
use clap::{Args, Subcommand};
use peekaboo_storage::{Attribution, Key, NewApiToken, Role, Storage};
use time::OffsetDateTime;

use super::{
    database::with_database, expiry::time_to_come, failure::Failure, output::print,
    settings::SettingArgs,
};

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token for the admin API and print it; it is shown this once
    Create(CreateTokenArgs),
}

/// What `peekaboo token create` takes.
#[derive(Debug, Args)]
pub(crate) struct CreateTokenArgs {
    /// The organization's key
    #[arg(long, value_name = "KEY")]
    organization: Key,

    /// What the token is for
    #[arg(long)]
    name: String,

    /// What it may do: viewer, editor, admin or owner
    #[arg(long)]
    role: Role,

    /// When it stops working, as 2027-01-01T00:00:00Z; never without
    #[arg(long, value_name = "TIME", value_parser = time_to_come)]
    expires_at: Option<OffsetDateTime>,

    #[command(flatten)]
    settings: SettingArgs,
}

pub(crate) fn run(command: TokenCommand) -> Result<(), Failure> {
    let TokenCommand::Create(args) = command;
    let new = NewApiToken {
        name: args.name,
        role: args.role,
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
    let organization = found.ok_or_else(|| anyhow!("there is no organization {organization}"))?;
    let by = Attribution::system("peekaboo token create", now);
    let (_, secret) = storage.create_api_token(organization.id, new, &by).await?;
    Ok(secret.expose().to_owned())
}

#[cfg(test)]
mod tests {
    use peekaboo_storage::SecretHash;

    use super::*;
    use crate::test_storage::{TestStorage, key};

    fn new() -> NewApiToken {
        NewApiToken {
            name: "ci".to_owned(),
            role: Role::Editor,
            expires_at: None,
        }
    }

    #[tokio::test]
    async fn what_is_printed_is_a_token_of_the_organization() {
        let (storage, _) = TestStorage::with_organization().await;
        let now = OffsetDateTime::now_utc();
        let printed = create(&storage, &key("acme"), new(), now)
            .await
            .expect("a token");
        let found = storage.find_api_token(SecretHash::of(&printed), now).await;
        let token = found.expect("the database").expect("the token");
        assert_eq!((token.name.as_str(), token.role), ("ci", Role::Editor));
    }

    #[tokio::test]
    async fn an_organization_that_is_not_there_is_named() {
        let (storage, _) = TestStorage::with_organization().await;
        let made = create(&storage, &key("nope"), new(), OffsetDateTime::now_utc()).await;
        let error = made.expect_err("there is none").to_string();
        assert_eq!(error, "there is no organization nope");
    }
}
