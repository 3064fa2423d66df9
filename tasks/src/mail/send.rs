//! Sending mail by SMTP, under a Message-ID that stays the same when a mail is sent again.

use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use peekaboo_storage::{BoxError, Mail, TaskId};
use tokio::time::timeout;

use super::message::Words;
use super::server::{Security, SmtpUrl};
use crate::failure::Failure;
use crate::work::ExternalTask;

/// Answers of a server that does not let this hub in: its settings are wrong, not the mail.
const NOT_SIGNED_IN: [u16; 4] = [530, 534, 535, 538];

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The server.
    pub server: SmtpUrl,
    /// Who mails are from.
    pub from: Mailbox,
    /// How long the server may take to take a mail, from connecting to its last answer.
    pub timeout: Duration,
}

/// Sends mail.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    server: SmtpUrl,
    from: Mailbox,
    timeout: Duration,
}

impl Mailer {
    /// Prepares to send, without connecting.
    pub fn new(settings: MailSettings) -> Result<Self, Failure> {
        let MailSettings {
            server,
            from,
            timeout,
        } = settings;
        let tls = || TlsParameters::new_rustls(server.host.clone()).map_err(permanent);
        let tls = match server.security {
            Security::Tls => Tls::Wrapper(tls()?),
            Security::StartTls => Tls::Required(tls()?),
            Security::Plain => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(None);
        if let Some((user, password)) = &server.credentials {
            transport = transport.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self {
            transport: transport.build(),
            server,
            from,
            timeout,
        })
    }

    /// Sends a mail; returns once the server has taken it.
    pub async fn send(&self, id: TaskId, mail: &Mail) -> Result<(), Failure> {
        let message = self.message(id, mail)?;
        // lettre's own timeout ends with the connection: a server that then says nothing would be waited for forever.
        match timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.failure(&error)),
            Err(_) => {
                let (server, limit) = (&self.server, self.timeout);
                Err(temporary(format!(
                    "{server} has not taken the mail within {limit:?}"
                )))
            }
        }
    }

    fn message(&self, id: TaskId, mail: &Mail) -> Result<Message, Failure> {
        let words = Words::of(&mail.template).ok_or_else(|| {
            permanent("this version does not know the mail's template; a newer one queued it")
        })?;
        let to: Address = mail.to.parse().map_err(|error| {
            permanent(format!(
                "`{}` is not an address that mail can be sent to: {error}",
                mail.to
            ))
        })?;
        let answers_nobody = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .from(self.from.clone())
            .to(to.into())
            .subject(words.subject)
            .date_now()
            .raw_header(HeaderValue::new(
                answers_nobody,
                "auto-generated".to_owned(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(words.body)
            .map_err(permanent)
    }

    /// What a person can do something about, with what the server or the network said.
    fn failure(&self, error: &lettre::transport::smtp::Error) -> Failure {
        let server = &self.server;
        let said = chain(error);
        let code = error.status().map(u16::from);
        match code {
            Some(code) if NOT_SIGNED_IN.contains(&code) => temporary(format!(
                "{server} refuses the user name or password, or asks for one: {said}"
            )),
            Some(_) if error.is_permanent() => {
                permanent(format!("{server} refuses the mail: {said}"))
            }
            Some(_) => temporary(format!("{server} does not take the mail now: {said}")),
            None if error.is_tls() => temporary(format!(
                "no secure connection to {server} can be made: {said}"
            )),
            None => temporary(format!("cannot send to {server}: {said}")),
        }
    }
}

impl ExternalTask for Mailer {
    type Payload = Mail;

    async fn perform(&self, id: TaskId, mail: &Mail) -> Result<(), Failure> {
        self.send(id, mail).await
    }
}

fn temporary(error: impl Into<BoxError>) -> Failure {
    Failure::Temporary(error.into())
}

fn permanent(error: impl Into<BoxError>) -> Failure {
    Failure::Permanent(error.into())
}

/// An error with its causes, each once: some repeat theirs.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = next.source();
    }
    text
}
