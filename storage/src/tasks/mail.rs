//! Mail, queued with the change that it reports.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::TaskId;
use crate::check::Checks;
use crate::database::Transaction;
use crate::error::Result;
use crate::keyring::{Keyring, KeyringError};
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
    /// Invites somebody to an organization.
    Invitation {
        /// The organization's name.
        organization: String,
        /// Who invites.
        inviter: String,
        /// Where it is accepted.
        link: SealedLink,
    },
    /// Lets somebody choose a new password.
    PasswordReset {
        /// Where they choose it.
        link: SealedLink,
    },
    /// Asks whether somebody reads mail at the address that they want to sign in with.
    ConfirmEmail {
        /// Where they confirm it.
        link: SealedLink,
    },
    /// Tells the present address of an account that another one was asked for.
    EmailChange {
        /// The other address.
        email: String,
    },
}

/// A link with a secret in it, encrypted while its mail waits: the database holds no secret that opens anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedLink(String);

/// What links are sealed for.
const LINK: &str = "link in a mail";

impl SealedLink {
    /// The link.
    ///
    /// # Errors
    /// When the hub's secret key is not the one that sealed it.
    pub fn open(&self, keyring: &Keyring) -> Result<String, KeyringError> {
        let sealed = URL_SAFE_NO_PAD.decode(&self.0);
        let opened = keyring.open(LINK, &sealed.map_err(|_| KeyringError::Damaged)?)?;
        String::from_utf8(opened).map_err(|_| KeyringError::Damaged)
    }
}

impl TaskPayload for Mail {
    const KIND: &'static str = "mail.send";
}

impl Storage {
    /// Encrypts a link for a mail.
    ///
    /// # Errors
    /// [`Error::Keyring`](crate::Error::Keyring) when the hub has no secret key.
    pub(crate) fn seal_link(&self, link: &str) -> Result<SealedLink> {
        let sealed = self.keyring().seal(LINK, link.as_bytes(), self.source())?;
        Ok(SealedLink(URL_SAFE_NO_PAD.encode(sealed)))
    }

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
