//! A mail server with scripted answers, which keeps the mails that it takes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How the server answers a mail.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Takes it.
    Take,
    /// Refuses the recipient with this line.
    RefuseRecipient(&'static str),
    /// Takes the message and hangs up without a word: the client cannot know.
    TakeAndHangUp,
}

/// The server; it ends with its test.
pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    taken: Mutex<Vec<String>>,
    attempts: Mutex<usize>,
    /// The line that answers AUTH, where the server asks who it is.
    signing_in: Option<&'static str>,
}

impl SmtpServer {
    /// Answers the first mails in this order and takes the others.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::start_with(answers, None).await
    }

    /// Asks who signs in, and answers that with a line.
    pub(crate) async fn asking(answer: &'static str) -> Self {
        Self::start_with([], Some(answer)).await
    }

    async fn start_with(
        answers: impl IntoIterator<Item = Answer>,
        signing_in: Option<&'static str>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            answers: Mutex::new(answers.into_iter().collect()),
            signing_in,
            ..Shared::default()
        });
        let task = {
            let shared = Arc::clone(&shared);
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let shared = Arc::clone(&shared);
                    tokio::spawn(async move {
                        // The server does not mind a client that hangs up.
                        let _ = shared.converse(stream).await;
                    });
                }
            })
        };
        Self { port, shared, task }
    }

    /// The messages it took, headers and all.
    pub(crate) fn taken(&self) -> Vec<String> {
        self.shared.taken.lock().expect("whole").clone()
    }

    /// How often a mail was offered.
    pub(crate) fn attempts(&self) -> usize {
        *self.shared.attempts.lock().expect("whole")
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    async fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test\r\n").await?;
        let mut answer = Answer::Take;
        while let Some(line) = lines.next_line().await? {
            let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
            let said = match verb.as_str() {
                "EHLO" if self.signing_in.is_some() => "250-test\r\n250 AUTH PLAIN LOGIN",
                "EHLO" => "250 test",
                "AUTH" => self.signing_in.unwrap_or("503 not offered"),
                "MAIL" => {
                    *self.attempts.lock().expect("whole") += 1;
                    let next = self.answers.lock().expect("whole").pop_front();
                    answer = next.unwrap_or(Answer::Take);
                    "250 ok"
                }
                "RCPT" => match answer {
                    Answer::RefuseRecipient(line) => line,
                    _ => "250 ok",
                },
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut message = String::new();
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        message.push_str(&line);
                        message.push('\n');
                    }
                    self.taken.lock().expect("whole").push(message);
                    if matches!(answer, Answer::TakeAndHangUp) {
                        return Ok(());
                    }
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            write.write_all(format!("{said}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}

/// A header's value.
pub(crate) fn header<'a>(message: &'a str, name: &str) -> &'a str {
    let start = format!("{name}: ");
    let line = message.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("{name} is missing in\n{message}"))
}
