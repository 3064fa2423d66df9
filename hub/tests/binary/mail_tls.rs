//! Mail over TLS: sent to a server whose certificate is trusted, and not a word to any other.

use std::fs;

use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::certificate::localhost;
use crate::smtp::SmtpServer;
use crate::support::{PATIENCE, peekaboo};

/// When TLS begins.
#[derive(Clone, Copy, Debug)]
enum Begins {
    AtOnce,
    AfterStartTls,
}

impl Begins {
    fn url(self, host: &str, port: u16) -> String {
        let scheme = match self {
            Self::AtOnce => "smtps",
            Self::AfterStartTls => "smtp",
        };
        format!("{scheme}://{host}:{port}")
    }
}

/// Puts TLS before a mail server that has none: the port, and the certificate as PEM.
async fn secured(server: &SmtpServer, begins: Begins) -> (u16, String) {
    let (acceptor, pem) = localhost();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let target = server.port;
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Clients that do not trust the certificate hang up.
                let _ = match begins {
                    Begins::AtOnce => at_once(near, &acceptor, target).await,
                    Begins::AfterStartTls => after_starttls(near, &acceptor, target).await,
                };
            });
        }
    });
    (port, pem)
}

async fn at_once(near: TcpStream, acceptor: &TlsAcceptor, target: u16) -> std::io::Result<()> {
    let near = acceptor.accept(near).await?;
    carry(near, TcpStream::connect(("127.0.0.1", target)).await?).await
}

async fn after_starttls(
    near: TcpStream,
    acceptor: &TlsAcceptor,
    target: u16,
) -> std::io::Result<()> {
    let mut near = BufReader::new(near);
    near.write_all(b"220 front\r\n").await?;
    loop {
        let mut line = String::new();
        near.read_line(&mut line).await?;
        match line.split_whitespace().next() {
            Some("EHLO") => near.write_all(b"250-front\r\n250 STARTTLS\r\n").await?,
            Some("STARTTLS") => break,
            Some(_) => near.write_all(b"530 STARTTLS comes first\r\n").await?,
            None => return Ok(()),
        }
    }
    near.write_all(b"220 go on\r\n").await?;
    let near = acceptor.accept(near.into_inner()).await?;
    // The client was greeted before.
    let mut far = BufReader::new(TcpStream::connect(("127.0.0.1", target)).await?);
    far.read_line(&mut String::new()).await?;
    carry(near, far.into_inner()).await
}

async fn carry(mut near: TlsStream<TcpStream>, mut far: TcpStream) -> std::io::Result<()> {
    copy_bidirectional(&mut near, &mut far).await.map(drop)
}

/// Sends a test mail, trusting this certificate only: exit code, standard output, standard error.
async fn send(url: &str, trusted: &str) -> (Option<i32>, String, String) {
    let file = NamedTempFile::new().expect("a file");
    fs::write(file.path(), trusted).expect("written");
    let output = peekaboo()
        .args(["mail", "test", "ada@example.com", "--mail-smtp-url", url])
        .args(["--mail-from", "flags@example.com"])
        .env("SSL_CERT_FILE", file.path())
        .output();
    let output = timeout(PATIENCE, output).await;
    let output = output.expect("the command ends").expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test]
async fn mail_is_sent_over_tls_from_the_first_byte_and_after_starttls() {
    for begins in [Begins::AtOnce, Begins::AfterStartTls] {
        let server = SmtpServer::start([]).await;
        let (port, certificate) = secured(&server, begins).await;
        let url = begins.url("localhost", port);
        let (code, printed, message) = send(&url, &certificate).await;
        assert_eq!((code, message.as_str()), (Some(0), ""), "{begins:?}");
        assert_eq!(
            printed,
            format!("{url} accepted a test email to ada@example.com\n")
        );
        assert_eq!(server.taken().len(), 1);
    }
}

#[tokio::test]
async fn a_mail_server_whose_certificate_is_not_trusted_gets_no_mail() {
    for begins in [Begins::AtOnce, Begins::AfterStartTls] {
        let server = SmtpServer::start([]).await;
        let (port, certificate) = secured(&server, begins).await;
        let (_, another) = localhost();
        for (host, trusted, reason) in [
            ("localhost", &another, "set SSL_CERT_FILE to its file"),
            ("127.0.0.1", &certificate, "not valid for name"),
        ] {
            let url = begins.url(host, port);
            let (code, printed, message) = send(&url, trusted).await;
            assert_eq!((code, printed.as_str()), (Some(1), ""), "{message}");
            let beginning = format!("peekaboo: cannot connect to {url} securely: ");
            assert!(message.starts_with(&beginning), "{message}");
            assert!(message.contains(reason), "{message}");
        }
        assert_eq!(server.attempts(), 0, "{begins:?}");
    }
}
