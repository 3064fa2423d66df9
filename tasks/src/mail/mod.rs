//! Mail: messages from templates, sent by SMTP.

mod message;
mod send;
mod server;

pub use lettre::Address;
pub use lettre::message::Mailbox;
pub use send::{MailSettings, Mailer};
pub use server::{InvalidSmtpUrl, SmtpUrl};
