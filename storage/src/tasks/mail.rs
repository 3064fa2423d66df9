//! Mail, queued with the change that it reports.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::TaskId;
use crate::check::Checks;
use crate::database::Transaction;
use crate::error::Result;
use crate::storage::Storage;

use super::TaskPayload;

/// A mail to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// The recipient's address.
    pub to: String,
    /// What it says.
    #[serde(flatten)]
    pub template: MailTemplate,
}

/// What a mail says: a template with its parameters. The words are chosen when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    tag = "template",
    content = "parameters",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum MailTemplate {
    /// Shows an operator that mail works.
    Test {
        /// The dashboard's address, where one is configured.
        dashboard: Option<String>,
    },
}

impl TaskPayload for Mail {
    const KIND: &'static str = "mail.send";
}

impl Storage {
    /// Queues a mail in the caller's transaction: it is sent if that commits, and not otherwise.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) when `to` is not an email address.
    pub async fn enqueue_mail(
        &self,
        transaction: &mut Transaction,
        to: &str,
        template: MailTemplate,
        at: OffsetDateTime,
    ) -> Result<TaskId> {
        let mut checks = Checks::default();
        checks.email("/to", to);
        checks.done()?;
        let mail = Mail {
            to: to.to_owned(),
            template,
        };
        self.enqueue_task(transaction, &mail, at, at).await
    }

    /// Queues a mail in a transaction of its own.
    pub async fn queue_mail(
        &self,
        to: &str,
        template: MailTemplate,
        at: OffsetDateTime,
    ) -> Result<TaskId> {
        let mut transaction = self.write().await?;
        let id = self
            .enqueue_mail(&mut transaction, to, template, at)
            .await?;
        transaction.commit().await?;
        Ok(id)
    }
}
