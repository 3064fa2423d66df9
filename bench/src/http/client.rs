//! A keep-alive connection of HTTP/1.1 that costs the generator as little as it can: prepared requests, one exchange at
//! a time.

use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// More than any server here sends.
const MAX_HEADERS: usize = 32;

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Every header but those that a server writes by itself: the date and the length.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let header = self
            .headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))?;
        Some(&header.1)
    }
}

/// Where an answer's body begins and ends, once enough has come to tell.
struct BodyExtent {
    status: u16,
    body: usize,
    end: usize,
}

/// A connection, and what of an answer has been read.
pub(super) struct Connection {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            unread: Vec::with_capacity(4096),
        })
    }

    /// Sends a request and reads the whole answer, which must be of this status; answers its body.
    pub(super) async fn exchange(&mut self, request: &[u8], status: u16) -> anyhow::Result<&[u8]> {
        self.unread.clear();
        self.stream.write_all(request).await?;
        let extent = self.read().await?;
        ensure!(
            extent.status == status,
            "expected status {status}, got: {}",
            String::from_utf8_lossy(&self.unread[..extent.end])
        );
        Ok(&self.unread[extent.body..])
    }

    /// Sends a request and takes the answer apart.
    pub(super) async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.unread.clear();
        self.stream.write_all(request).await?;
        let extent = self.read().await?;
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Response::new(&mut headers);
        head.parse(&self.unread)?;
        let headers = head
            .headers
            .iter()
            .filter(|header| !is_written_by_servers(header.name))
            .map(|header| {
                let value = String::from_utf8(header.value.to_vec())?;
                Ok((header.name.to_owned(), value))
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Answer {
            status: extent.status,
            headers,
            body: self.unread[extent.body..extent.end].to_vec(),
        })
    }

    async fn read(&mut self) -> anyhow::Result<BodyExtent> {
        loop {
            if let Some(extent) = extent(&self.unread)?
                && self.unread.len() >= extent.end
            {
                ensure!(self.unread.len() == extent.end, "more came than one answer");
                return Ok(extent);
            }
            self.unread.reserve(4096);
            let count = self.stream.read_buf(&mut self.unread).await?;
            ensure!(count > 0, "the server closed the connection");
        }
    }
}

fn is_written_by_servers(header: &str) -> bool {
    header.eq_ignore_ascii_case("date") || header.eq_ignore_ascii_case("content-length")
}

fn extent(bytes: &[u8]) -> anyhow::Result<Option<BodyExtent>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(body) = head.parse(bytes)? else {
        return Ok(None);
    };
    let status = head.code.context("a parsed answer has a status")?;
    let length = head
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length: usize = match length {
        Some(header) => std::str::from_utf8(header.value)?.parse()?,
        None if status == 304 || status == 204 => 0,
        None => bail!("an answer of status {status} says no length"),
    };
    // A 304 names the length of what it does not send.
    let sent = if status == 304 { 0 } else { length };
    Ok(Some(BodyExtent {
        status,
        body,
        end: body + sent,
    }))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A connection to a server that answers whatever it reads first with these pieces, and closes.
    async fn answered_with(pieces: &'static [&'static str]) -> Connection {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 64];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            for piece in pieces {
                stream.write_all(piece.as_bytes()).await.unwrap();
                stream.flush().await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        Connection::open(address).await.unwrap()
    }

    #[tokio::test]
    async fn an_answer_in_pieces_is_read_whole() {
        let pieces = &["HTTP/1.1 200 OK\r\nContent-", "Length: 5\r\n\r\nhe", "llo"];
        let mut connection = answered_with(pieces).await;
        assert_eq!(connection.exchange(b"?", 200).await.unwrap(), b"hello");
    }

    #[tokio::test]
    async fn another_status_fails_the_run_and_shows_the_answer() {
        let pieces = &["HTTP/1.1 429 Too Many\r\nContent-Length: 4\r\n\r\nslow"];
        let mut connection = answered_with(pieces).await;
        let error = connection.exchange(b"?", 200).await.unwrap_err();
        assert!(error.to_string().contains("slow"), "{error}");
    }

    #[tokio::test]
    async fn nothing_follows_the_head_of_a_304() {
        let pieces = &["HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\nContent-Length: 70\r\n\r\n"];
        let mut connection = answered_with(pieces).await;
        let answer = connection.ask(b"?").await.unwrap();
        assert_eq!(answer.headers, [("etag".to_owned(), "\"a\"".to_owned())]);
        assert_eq!((answer.status, answer.body.len()), (304, 0));
    }

    #[tokio::test]
    async fn what_follows_an_answer_unasked_is_an_error() {
        let pieces = &["HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200"];
        let mut connection = answered_with(pieces).await;
        let error = connection.exchange(b"?", 204).await.unwrap_err();
        assert!(error.to_string().contains("more came"), "{error}");
    }

    #[tokio::test]
    async fn an_early_end_is_an_error() {
        let pieces = &["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"];
        let mut connection = answered_with(pieces).await;
        let error = connection.exchange(b"?", 200).await.unwrap_err();
        assert!(error.to_string().contains("closed"), "{error}");
    }
}
