//! Mail and background work from the command line: what was queued is sent by a running hub, and what fails is shown.

use tempfile::TempDir;

use crate::smtp::{Answer, SmtpServer, header};
use crate::support::{Hub, eventually, run};

const FROM: &str = "Flags <flags@example.com>";

fn url(server: &SmtpServer) -> String {
    format!("smtp://127.0.0.1:{}?tls=none", server.port)
}

#[tokio::test]
async fn mail_without_a_server_says_which_settings_are_missing() {
    let (code, _, message) = run(&["mail", "test", "ada@example.com"]).await;
    assert_eq!(code, Some(1));
    let expected = "peekaboo: no mail server is configured; set mail.smtp_url and mail.from\n";
    assert_eq!(message, expected);
    let server = [
        "mail",
        "test",
        "ada@example.com",
        "--mail-smtp-url",
        "smtp://mail.example.com",
    ];
    let (code, _, message) = run(&server).await;
    assert_eq!(code, Some(64));
    assert!(
        message.starts_with("peekaboo: mail.from: \"\" is empty"),
        "{message}"
    );
}

#[tokio::test]
async fn an_address_that_is_not_one_is_refused_whether_the_mail_is_sent_or_queued() {
    for address in ["nobody", "a@b,c@d", "<script>@x"] {
        for how in [
            &["mail", "test", address][..],
            &["mail", "test", address, "--queue"],
        ] {
            let (code, printed, message) = run(how).await;
            assert_eq!((code, printed.as_str()), (Some(2), ""), "{message}");
            let expected = format!("error: invalid value '{address}' for '<ADDRESS>': ");
            assert!(message.starts_with(&expected), "{message}");
        }
    }
}

#[tokio::test]
async fn a_test_mail_is_sent_at_once_and_the_answer_is_printed() {
    let refused = Answer::RefuseRecipient("550 no such mailbox");
    let server = SmtpServer::start([Answer::Take, refused]).await;
    let url = url(&server);
    let mail = ["--mail-smtp-url", &url, "--mail-from", FROM];
    let (code, printed, message) =
        run(&[&["mail", "test", "ada@example.com"], &mail[..]].concat()).await;
    assert_eq!((code, message.as_str()), (Some(0), ""));
    assert_eq!(
        printed,
        format!("{url} accepted a test email to ada@example.com\n")
    );
    assert_eq!(header(&server.taken()[0], "To"), "ada@example.com");

    let (code, _, message) =
        run(&[&["mail", "test", "nobody@example.com"], &mail[..]].concat()).await;
    assert_eq!(code, Some(1));
    assert!(
        message.starts_with(&format!("peekaboo: {url} rejected the email: ")),
        "{message}"
    );
    assert!(message.contains("550"), "{message}");
    let told = message.matches("no such mailbox").count();
    assert_eq!(told, 1, "{message}");
}

#[tokio::test]
async fn a_running_hub_sends_queued_mail_and_shows_failures() {
    let refused = Answer::RefuseRecipient("550 no such mailbox");
    let server = SmtpServer::start([refused]).await;
    let (folder, url) = (TempDir::new().expect("a directory"), url(&server));
    let data = folder.path().join("data");
    let data = data.to_str().expect("text").to_owned();
    let _hub = Hub::start_in(folder, &["--mail-smtp-url", &url, "--mail-from", FROM]).await;
    let peekaboo = async |args: &[&str]| {
        let (code, printed, message) = run(&[args, &["--data-dir", &data]].concat()).await;
        assert_eq!((code, message.as_str()), (Some(0), ""));
        printed
    };
    let queued = peekaboo(&["mail", "test", "ada@example.com", "--queue"]).await;
    assert!(queued.starts_with("queued as task "), "{queued}");
    let id = queued["queued as task ".len()..]
        .split(';')
        .next()
        .expect("an id")
        .to_owned();
    let listed = eventually("it is dead", || async {
        let listed = peekaboo(&["tasks", "list", "--dead"]).await;
        listed.starts_with(&id).then_some(listed)
    })
    .await;
    assert!(listed.contains("no such mailbox"), "{listed}");
    let all = peekaboo(&["tasks", "list"]).await;
    assert!(
        all.contains("retention sessions") && all.contains(&id),
        "{all}"
    );

    let retried = peekaboo(&["tasks", "retry", &id]).await;
    assert_eq!(retried, format!("task {id} is due now\n"));
    eventually("it is sent", || async {
        (!server.taken().is_empty()).then_some(())
    })
    .await;
    let message_id = format!("<{id}@example.com>");
    assert_eq!(header(&server.taken()[0], "Message-ID"), message_id);
    let (code, _, message) = run(&["tasks", "retry", "nonsense"]).await;
    assert_eq!(code, Some(2));
    assert!(message.contains("invalid value 'nonsense'"), "{message}");
}
