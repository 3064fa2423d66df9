//! What mails say.

use peekaboo_storage::{Keyring, KeyringError, MailTemplate};

/// The words of a mail.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) body: String,
}

/// Why a mail has no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unwritable {
    /// Its template is of a newer version.
    #[error("unknown email template; a newer version of the hub queued this email")]
    UnknownTemplate,
    /// Its link cannot be decrypted.
    #[error("cannot read the email's link: {0}")]
    Sealed(#[from] KeyringError),
}

impl Words {
    pub(super) fn of(template: &MailTemplate, keyring: &Keyring) -> Result<Self, Unwritable> {
        Ok(match template {
            MailTemplate::Test { dashboard } => {
                let from = match dashboard {
                    Some(url) => format!("It was sent by the hub at {url}."),
                    None => "It was sent with `peekaboo mail test`.".to_owned(),
                };
                Self {
                    subject: "Peek-a-boo can send mail".to_owned(),
                    body: format!(
                        "This is a test message. {from}\n\nYou can ignore it: nothing has changed.\n"
                    ),
                }
            }
            MailTemplate::Invitation {
                organization,
                inviter,
                link,
            } => Self {
                subject: format!("{inviter} invites you to {organization}"),
                body: format!(
                    "{inviter} invites you to the organization {organization} on Peek-a-boo.\n\n\
                     Accept the invitation:\n{}\n\n\
                     The link works once, within 72 hours. If you don't know {inviter}, you can ignore this mail.\n",
                    link.open(keyring)?
                ),
            },
            MailTemplate::PasswordReset { link } => Self {
                subject: "Choose a new password".to_owned(),
                body: format!(
                    "Somebody asked for a new password for your account on Peek-a-boo.\n\n\
                     Choose a new password:\n{}\n\n\
                     The link works once, within an hour. If it wasn't you, you can ignore this mail: your password \
                     stays as it is.\n",
                    link.open(keyring)?
                ),
            },
            MailTemplate::ConfirmEmail { link } => Self {
                subject: "Confirm your email address".to_owned(),
                body: format!(
                    "You asked to sign in to Peek-a-boo with this address.\n\n\
                     Confirm it while you are signed in:\n{}\n\n\
                     The link works once, within 24 hours. If it wasn't you, you can ignore this mail.\n",
                    link.open(keyring)?
                ),
            },
            MailTemplate::EmailChange { email } => Self {
                subject: "Your email address is about to change".to_owned(),
                body: format!(
                    "Somebody who is signed in to your account on Peek-a-boo asked to sign in with {email} instead of \
                     this address. It changes once they confirm that they read mail there.\n\n\
                     If it wasn't you, change your password now: that cancels the change and signs everybody else out.\n"
                ),
            },
            // One that only newer versions know.
            _ => return Err(Unwritable::UnknownTemplate),
        })
    }
}
