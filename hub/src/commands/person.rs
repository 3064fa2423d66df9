//! `peekaboo person`: lets someone back into their account, straight on the database.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use peekaboo_storage::{Attribution, RESET_LIFETIME, Storage};
use time::OffsetDateTime;

use super::{database::with_database, failure::Failure, output::print, settings::SettingArgs};

/// The subcommands of `peekaboo person`.
#[derive(Debug, Subcommand)]
pub(crate) enum PersonCommand {
    /// Print a link to choose a new password; give it only to that person
    Reset(ResetArgs),
}

/// Arguments of `peekaboo person reset`.
#[derive(Debug, Args)]
pub(crate) struct ResetArgs {
    /// Email address that the person signs in with
    email: String,

    /// Also turn off their second factor when the link is used, if they lost it and its recovery codes
    #[arg(long)]
    clear_second_factor: bool,

    #[command(flatten)]
    settings: SettingArgs,
}

pub(crate) fn run(command: PersonCommand) -> Result<(), Failure> {
    let PersonCommand::Reset(args) = command;
    let said = with_database(args.settings, async |config, storage| {
        let now = OffsetDateTime::now_utc();
        let dashboard = config.dashboard_url();
        reset(
            storage,
            &args.email,
            args.clear_second_factor,
            &dashboard,
            now,
        )
        .await
    })?;
    Ok(print(&said)?)
}

async fn reset(
    storage: &Storage,
    email: &str,
    clear_second_factor: bool,
    dashboard: &str,
    now: OffsetDateTime,
) -> anyhow::Result<String> {
    let by = Attribution::system("peekaboo person reset", now);
    let secret = storage
        .create_password_reset(email, clear_second_factor, &by)
        .await
        .with_context(|| format!("cannot reset the password of {email}"))?;
    let minutes = RESET_LIFETIME.whole_minutes();
    let factor = if clear_second_factor {
        " It also turns off their second factor."
    } else {
        ""
    };
    Ok(format!(
        "{dashboard}/reset#{}\n\nThe link works once, expires in {minutes} minutes, and signs them out everywhere.{factor}\n",
        secret.expose()
    ))
}

#[cfg(test)]
mod tests {
    use peekaboo_storage::{Origin, Secret};

    use super::*;
    use crate::test_storage::TestStorage;

    #[tokio::test]
    async fn the_link_that_is_printed_sets_a_new_password() {
        let (storage, _) = TestStorage::with_organization().await;
        let now = OffsetDateTime::now_utc();
        let printed = reset(&storage, "Ada@example.com", false, "http://flags", now).await;
        let printed = printed.expect("a link");
        let (link, _) = printed.split_once('\n').expect("a line");
        let secret = link.strip_prefix("http://flags/reset#").expect("a link");
        let secret = Secret::new(secret).hash();
        let user = storage
            .reset_password(secret, "hash", Origin::default(), now)
            .await;
        assert_eq!(user.expect("reset").email, "ada@example.com");
    }

    #[tokio::test]
    async fn an_unknown_person_is_named() {
        let (storage, _) = TestStorage::with_organization().await;
        let now = OffsetDateTime::now_utc();
        let refused = reset(&storage, "eve@example.com", false, "http://flags", now).await;
        let error = format!("{:#}", refused.expect_err("there is none"));
        assert_eq!(
            error,
            "cannot reset the password of eve@example.com: user not found"
        );
    }
}
