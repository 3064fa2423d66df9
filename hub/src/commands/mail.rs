//! `peekaboo mail test`: whether mail can be sent with these settings.

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use peekaboo_storage::{Keyring, Mail, MailTemplate, TaskId};
use peekaboo_tasks::mail::{Address, Mailer};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    database::with_database, failure::Failure, output::print, runtime::block_on,
    settings::SettingArgs,
};
use crate::config::Config;

/// The subcommands of `peekaboo mail`.
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// Send a test email and print the server's response
    Test(TestArgs),
}

/// Arguments of `peekaboo mail test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Address to send the test email to
    #[arg(value_name = "ADDRESS")]
    to: Address,

    /// Let a running hub send it from its queue, as it sends all other email
    #[arg(long)]
    queue: bool,

    #[command(flatten)]
    settings: SettingArgs,
}

pub(crate) fn run(command: MailCommand) -> Result<(), Failure> {
    let MailCommand::Test(args) = command;
    let said = if args.queue {
        with_database(args.settings, async |config, storage| {
            let now = OffsetDateTime::now_utc();
            let to: &str = args.to.as_ref();
            let id = storage.queue_mail(to, template(config), now).await?;
            Ok(format!(
                "queued as task {id}; a running hub with mail settings will send it now.\n\
                 `peekaboo tasks list` shows the task until the email is sent\n"
            ))
        })?
    } else {
        let config = args.settings.load()?.config;
        block_on(async { Ok(send(&config, &args.to).await?) })?
    };
    Ok(print(&said)?)
}

async fn send(config: &Config, to: &Address) -> anyhow::Result<String> {
    let settings = config
        .mail_settings(Keyring::default())
        .ok_or_else(|| anyhow!("no mail server is configured; set mail.smtp_url and mail.from"))?;
    let server = settings.server.clone();
    let mail = Mail {
        to: to.to_string(),
        template: template(config),
    };
    let mailer = Mailer::new(settings).context("cannot prepare to send mail")?;
    mailer
        .send(TaskId::from_uuid(Uuid::now_v7()), &mail)
        .await?;
    Ok(format!("{server} accepted a test email to {to}\n"))
}

fn template(config: &Config) -> MailTemplate {
    MailTemplate::Test {
        dashboard: config
            .dashboard
            .public_url
            .as_ref()
            .map(ToString::to_string),
    }
}
