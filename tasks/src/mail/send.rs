//! Sending mail by SMTP, under a Message-ID that stays the same when a mail is sent again.

use std::time::Duration;

use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use peekaboo_storage::{BoxError, Keyring, Mail, MailTemplate, TaskId};
use tokio::time::timeout;

use super::message::Words;
use super::server::{Security, SmtpUrl};
use crate::failure::Failure;
use crate::work::ExternalTask;

/// Answers of a server that does not let this hub in: its settings are wrong, not the mail.
const NOT_SIGNED_IN: [u16; 4] = [530, 534, 535, 538];

/// How rustls begins what it says of a handshake that failed.
const TLS_FAILURES: [&str; 3] = [
    "invalid peer certificate",
    "received corrupt message",
    "received fatal alert",
];

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The server.
    pub server: SmtpUrl,
    /// Who mails are from.
    pub from: Mailbox,
    /// How long the server may take to take a mail, from connecting to its last answer.
    pub timeout: Duration,
    /// Decrypts the links in mails.
    pub keyring: Keyring,
}

/// Sends mail.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    server: SmtpUrl,
    from: Mailbox,
    timeout: Duration,
    keyring: Keyring,
}

impl Mailer {
    /// Prepares to send, without connecting.
    pub fn new(settings: MailSettings) -> Result<Self, Failure> {
        let MailSettings {
            server,
            from,
            timeout,
            keyring,
        } = settings;
        let from = Mailbox::new(from.name, with_ascii_domain(from.email));
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
            keyring,
        })
    }

    /// Sends a mail; returns once the server has taken it.
    pub async fn send(&self, id: TaskId, mail: &Mail) -> Result<(), Failure> {
        let to = recipient(&mail.to)?;
        let message = self.message(id, &to, &mail.template)?;
        // lettre's own timeout ends with the connection: a server that then says nothing would be waited for forever.
        match timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.failure(&error, &to)),
            Err(_) => {
                let (server, limit) = (&self.server, self.timeout);
                Err(temporary(format!(
                    "{server} did not accept the email within {limit:?}"
                )))
            }
        }
    }

    fn message(
        &self,
        id: TaskId,
        to: &Address,
        template: &MailTemplate,
    ) -> Result<Message, Failure> {
        let words = Words::of(template, &self.keyring).map_err(permanent)?;
        let answers_nobody = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .from(self.from.clone())
            .to(to.clone().into())
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
    fn failure(&self, error: &lettre::transport::smtp::Error, to: &Address) -> Failure {
        let server = &self.server;
        let to: &str = to.as_ref();
        let said = chain(error);
        let code = error.status().map(u16::from);
        match code {
            Some(code) if NOT_SIGNED_IN.contains(&code) => temporary(format!(
                "{server} rejected the user name or password, or requires one: {said}"
            )),
            Some(_) if error.is_permanent() => {
                permanent(format!("{server} rejected the email: {said}"))
            }
            Some(_) => temporary(format!(
                "{server} cannot accept the email at the moment: {said}"
            )),
            // lettre gives this no kind of its own; what else it finds wrong by itself is wrong for every recipient.
            None if !to.is_ascii() && said.contains("SMTPUTF8") => permanent(format!(
                "{server} only delivers to ASCII addresses, and `{to}` is not one: {said}"
            )),
            None if is_tls(error) => {
                let cause = root_cause(error);
                let hint = server.tls_hint(&cause);
                temporary(format!(
                    "cannot connect to {server} securely: {cause}{hint}"
                ))
            }
            None => temporary(format!("cannot send to {server}: {said}")),
        }
    }
}

fn recipient(address: &str) -> Result<Address, Failure> {
    address
        .parse()
        .map(with_ascii_domain)
        .map_err(|error: AddressError| {
            permanent(format!("`{address}` is not a valid email address: {error}"))
        })
}

/// Writes an international domain in ASCII, which every mail server knows.
fn with_ascii_domain(address: Address) -> Address {
    let ascii = idna::domain_to_ascii(address.domain()).ok();
    let ascii = ascii.and_then(|domain| Address::new(address.user(), domain).ok());
    ascii.unwrap_or(address)
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

/// Whether TLS failed. lettre itself only knows after STARTTLS, and otherwise passes on what rustls says.
fn is_tls(error: &lettre::transport::smtp::Error) -> bool {
    let cause = root_cause(error);
    error.is_tls() || TLS_FAILURES.iter().any(|said| cause.starts_with(said))
}

fn root_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => root_cause(cause),
        None => error.to_string(),
    }
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
