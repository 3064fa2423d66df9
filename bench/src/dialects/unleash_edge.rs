//! Unleash Edge in streaming mode: every socket reads server-sent events.

use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

use super::dialect::{Dialect, Taken, end_of_answer};

/// The token that Edge starts with and that clients present.
pub(crate) const TOKEN: &str = "*:development.bench0000000000000000000000000000";

/// The data of an event, as far as it matters.
#[derive(Deserialize)]
struct Data {
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_id: u64,
}

/// One client's stream of events, chunked as HTTP/1.1 sends what has no end.
pub(super) struct Subscriber {
    host: String,
    is_open: bool,
    text: Vec<u8>,
}

impl Subscriber {
    pub(super) fn new(host: SocketAddr) -> Self {
        Self {
            host: host.to_string(),
            is_open: false,
            text: Vec::new(),
        }
    }
}

impl Dialect for Subscriber {
    fn greeting(&self) -> Vec<u8> {
        format!(
            "GET /api/client/streaming HTTP/1.1\r\nHost: {}\r\nAuthorization: {TOKEN}\r\n\
             Accept: text/event-stream\r\n\r\n",
            self.host
        )
        .into_bytes()
    }

    fn take(&mut self, unread: &mut Vec<u8>) -> anyhow::Result<Taken> {
        let mut taken = Taken::default();
        let mut read = 0;
        if !self.is_open {
            let Some(end) = end_of_answer(unread, 200)? else {
                return Ok(taken);
            };
            let head = String::from_utf8_lossy(&unread[..end]).to_ascii_lowercase();
            ensure!(
                head.contains("transfer-encoding: chunked"),
                "expected a stream, got: {}",
                head.trim_end()
            );
            self.is_open = true;
            read = end;
        }
        while let Some((chunk, length)) = first_chunk(&unread[read..])? {
            self.text.extend_from_slice(chunk);
            read += length;
        }
        unread.drain(..read);
        let mut read = 0;
        while let Some(end) = self.text[read..]
            .windows(2)
            .position(|window| window == b"\n\n")
        {
            read_event(
                std::str::from_utf8(&self.text[read..read + end])?,
                &mut taken,
            )?;
            read += end + 2;
        }
        self.text.drain(..read);
        Ok(taken)
    }
}

fn read_event(event: &str, taken: &mut Taken) -> anyhow::Result<()> {
    let field = |name: &str| {
        event
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim_start)
    };
    match field("event") {
        Some("unleash-connected") => taken.subscribed = true,
        Some("unleash-updated") => {
            let data: Data = serde_json::from_str(field("data").context("an update of no data")?)?;
            taken
                .deliveries
                .extend(data.events.iter().map(|event| event.event_id));
        }
        // Comments keep the stream alive.
        _ => {}
    }
    Ok(())
}

/// The first chunk and the length of all that frames it, once it is whole.
fn first_chunk(bytes: &[u8]) -> anyhow::Result<Option<(&[u8], usize)>> {
    let Some(end) = bytes.windows(2).position(|window| window == b"\r\n") else {
        return Ok(None);
    };
    let size = std::str::from_utf8(&bytes[..end])?;
    let size = usize::from_str_radix(size, 16).context("a chunk of no size")?;
    if size == 0 {
        bail!("the server ended the stream");
    }
    let (from, to) = (end + 2, end + 2 + size);
    let chunk = bytes.get(from..to).filter(|_| bytes.len() >= to + 2);
    Ok(chunk.map(|chunk| (chunk, to + 2)))
}

#[cfg(test)]
mod tests {
    use super::super::dialect::tests::reads;
    use super::*;

    fn subscriber() -> Box<dyn Dialect> {
        Box::new(Subscriber::new(([127, 0, 0, 1], 80).into()))
    }

    fn chunked(parts: &[&str]) -> Vec<u8> {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
        let chunks = parts
            .iter()
            .map(|part| format!("{:x}\r\n{part}\r\n", part.len()));
        std::iter::once(head)
            .chain(chunks)
            .collect::<String>()
            .into_bytes()
    }

    #[test]
    fn it_is_subscribed_when_the_server_says_so_and_reads_updates() {
        let taken = reads(
            subscriber,
            &chunked(&[
                "event: unleash-connected\ndata: {\"events\":[{\"type\":\"hydration\",\"eventId\":1}]}\n\n",
                ":\n\n",
                "event: unleash-updated\ndata: {\"events\":[{\"eventId\":2},",
                "{\"eventId\":3}]}\n\nevent: unleash-updated\ndata: {\"events\":[{\"eventId\":4}]}\n\n",
            ]),
        );
        assert!(taken.subscribed);
        assert_eq!(taken.deliveries, [2, 3, 4]);
    }

    #[test]
    fn an_end_of_the_stream_fails_the_run() {
        let mut bytes = chunked(&[]);
        bytes.extend(b"0\r\n\r\n");
        assert!(subscriber().take(&mut bytes).is_err());
    }

    #[test]
    fn a_response_that_is_not_a_stream_fails_the_run() {
        let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec();
        assert!(subscriber().take(&mut bytes).is_err());
    }
}
