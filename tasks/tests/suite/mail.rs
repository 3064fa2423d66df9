//! Queued mail reaches a mail server, is retried while that helps, and is dead and visible when it does not.

use std::time::Duration;

use peekaboo_storage::{Keyring, Mail, MailTemplate, Storage, TaskId, TaskState};
use peekaboo_tasks::mail::{MailSettings, Mailer};
use peekaboo_tasks::{Failure, Registry, Runner};
use time::OffsetDateTime;
use tokio::net::TcpListener;

use crate::harness::{PATIENCE, eager, on_both, tasks, until};
use crate::smtp::{Answer, SmtpServer, header};

fn mailer(url: &str) -> Mailer {
    mailer_within(url, Duration::from_secs(20))
}

fn mailer_within(url: &str, timeout: Duration) -> Mailer {
    let mailer = Mailer::new(MailSettings {
        server: url.parse().expect("a URL"),
        from: "Flags <flags@example.com>".parse().expect("a mailbox"),
        timeout,
        keyring: Keyring::default(),
    });
    mailer.expect("it can be prepared")
}

fn plain(server: &SmtpServer) -> String {
    format!("smtp://127.0.0.1:{}?tls=none", server.port)
}

async fn queue(storage: &Storage, to: &str) -> TaskId {
    let dashboard = Some("https://flags.example.com".to_owned());
    let template = MailTemplate::Test { dashboard };
    let queued = storage.queue_mail(to, template, OffsetDateTime::now_utc());
    queued.await.expect("queued")
}

fn start(storage: &Storage, server: &SmtpServer) -> Runner {
    let registry = Registry::new().external(mailer(&plain(server)));
    Runner::start(storage.clone(), registry, eager())
}

on_both! {
    async fn a_mail_is_sent_once_with_the_task_as_its_message_id(database: Database) {
        let (storage, server) = (database.open().await, SmtpServer::start([]).await);
        let runner = start(&storage, &server);
        let id = queue(&storage, "ada@example.com").await;
        until("it is sent", async || tasks(&storage).await.is_empty()).await;
        runner.stop().await;
        let taken = server.taken();
        assert_eq!(taken.len(), 1);
        assert_eq!(header(&taken[0], "Message-ID"), format!("<{id}@example.com>"));
        assert_eq!(header(&taken[0], "To"), "ada@example.com");
        assert_eq!(header(&taken[0], "From"), "Flags <flags@example.com>");
        assert_eq!(header(&taken[0], "Auto-Submitted"), "auto-generated");
        assert!(taken[0].contains("https://flags.example.com"), "{}", taken[0]);
    }

    async fn a_server_that_is_busy_gets_the_mail_later(database: Database) {
        let busy = Answer::RefuseRecipient("451 greylisted, come back");
        let (storage, server) = (database.open().await, SmtpServer::start([busy.clone(), busy]).await);
        let runner = start(&storage, &server);
        queue(&storage, "ada@example.com").await;
        until("it is sent", async || tasks(&storage).await.is_empty()).await;
        runner.stop().await;
        assert_eq!((server.attempts(), server.taken().len()), (3, 1));
    }

    async fn a_mail_that_is_refused_is_dead_and_says_why(database: Database) {
        let refused = Answer::RefuseRecipient("550 no such mailbox");
        let (storage, server) = (database.open().await, SmtpServer::start([refused]).await);
        let runner = start(&storage, &server);
        queue(&storage, "nobody@example.com").await;
        until("it is dead", async || {
            tasks(&storage).await[0].state(OffsetDateTime::now_utc()) == TaskState::Dead
        }).await;
        runner.stop().await;
        let error = tasks(&storage).await.remove(0).last_error.expect("told");
        assert!(error.contains("rejected the email") && error.contains("550") && error.contains("no such mailbox"), "{error}");
        assert_eq!(server.attempts(), 1);
    }

    async fn a_repeated_email_has_the_same_message_id(database: Database) {
        let (storage, server) = (database.open().await, SmtpServer::start([Answer::TakeAndHangUp]).await);
        let runner = start(&storage, &server);
        queue(&storage, "ada@example.com").await;
        until("it is sent", async || tasks(&storage).await.is_empty()).await;
        runner.stop().await;
        let taken = server.taken();
        assert_eq!(taken.len(), 2, "what became of the first was not told");
        assert_eq!(header(&taken[0], "Message-ID"), header(&taken[1], "Message-ID"));
    }
}

async fn send(mailer: &Mailer, to: &str) -> Result<(), Failure> {
    let mail = Mail {
        to: to.to_owned(),
        template: MailTemplate::Test { dashboard: None },
    };
    let id = TaskId::from_uuid(
        "0190c0de-0000-7000-8000-000000000000"
            .parse()
            .expect("a UUID"),
    );
    mailer.send(id, &mail).await
}

/// Whether a mail that cannot be sent is retried, and the error.
async fn refusal(url: &str) -> (bool, String) {
    refusal_of(&mailer(url), "ada@example.com").await
}

async fn refusal_of(mailer: &Mailer, to: &str) -> (bool, String) {
    match send(mailer, to).await.expect_err("it fails") {
        Failure::Temporary(error) => (true, error.to_string()),
        Failure::Permanent(error) => (false, error.to_string()),
    }
}

#[tokio::test]
async fn a_wrong_password_is_the_settings_fault_and_not_the_mails() {
    let server = SmtpServer::asking("535 wrong password").await;
    let url = format!("smtp://ada:s3cret@127.0.0.1:{}?tls=none", server.port);
    let (retried, error) = refusal(&url).await;
    assert!(retried);
    assert!(
        error.contains("rejected the user name or password"),
        "{error}"
    );
    assert!(!error.contains("s3cret"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_refused_unless_that_is_asked_for() {
    let server = SmtpServer::start([]).await;
    let (retried, error) = refusal(&format!("smtp://127.0.0.1:{}", server.port)).await;
    assert!(retried);
    assert!(error.contains("STARTTLS"), "{error}");
    assert_eq!(server.attempts(), 0, "nothing was said in clear");
}

#[tokio::test]
async fn an_address_that_the_server_cannot_be_given_is_not_tried_again() {
    let server = SmtpServer::start([]).await;
    let mailer = mailer(&plain(&server));
    let (retried, error) = refusal_of(&mailer, "åsa@example.com").await;
    assert!(!retried);
    assert!(
        error.contains("only delivers to ASCII addresses, and `åsa@example.com` is not one"),
        "{error}"
    );
    let (retried, error) = refusal_of(&mailer, "a@b,c@d").await;
    assert!(!retried);
    assert!(
        error.starts_with("`a@b,c@d` is not a valid email address"),
        "{error}"
    );
    assert_eq!(server.attempts(), 0);
}

#[tokio::test]
async fn an_international_domain_needs_nothing_of_the_server() {
    let server = SmtpServer::start([]).await;
    let sent = send(&mailer(&plain(&server)), "ada@bücher.example").await;
    sent.expect("it is sent");
    let to = "ada@xn--bcher-kva.example";
    assert_eq!(header(&server.taken()[0], "To"), to);
}

#[tokio::test]
async fn tls_to_a_server_that_waits_for_starttls_says_what_to_write() {
    let server = SmtpServer::start([]).await;
    let (retried, error) = refusal(&format!("smtps://127.0.0.1:{}", server.port)).await;
    assert!(retried);
    assert!(
        error.ends_with("use smtp:// instead of smtps://"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let (retried, error) = refusal(&format!("smtp://127.0.0.1:{port}?tls=none")).await;
    assert!(retried);
    let expected = format!("cannot send to smtp://127.0.0.1:{port}?tls=none: ");
    assert!(error.starts_with(&expected), "{error}");
}

#[tokio::test]
async fn a_server_that_connects_and_says_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}?tls=none", silent.local_addr().expect("bound"));
    let impatient = mailer_within(&url, Duration::from_millis(50));
    let refusal = tokio::time::timeout(PATIENCE, refusal_of(&impatient, "ada@example.com")).await;
    let (retried, error) = refusal.expect("it is given up");
    assert!(retried);
    let expected = format!("{url} did not accept the email within 50ms");
    assert_eq!(error, expected);
}
