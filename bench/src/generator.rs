//! The open loop: changes are asked for at instants fixed beforehand, from a thread of its own that never waits for an
//! answer, so that a slow server makes latencies long and not the load small.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

use crate::clock::{self, MILLISECOND, Nanos, SECOND, millis, now};
use crate::wire::end_of_head;

/// How long the first change is delayed once the generator is ready: longer than the hub holds back what follows on the
/// heels of other changes, as those that prepared the scenario.
const LEAD: Nanos = 300 * MILLISECOND;

/// When each change is to be asked for.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    begin: Nanos,
    every: Nanos,
    changes: usize,
}

impl Schedule {
    /// `changes` that are `every` so long apart, beginning once the generator is ready.
    pub(crate) fn from_now(changes: usize, every: Nanos) -> Self {
        Self {
            begin: 0,
            every,
            changes,
        }
    }

    /// `changes` from an instant on.
    #[cfg(test)]
    pub(crate) fn at(begin: Nanos, every: Nanos, changes: usize) -> Self {
        Self {
            begin,
            every,
            changes,
        }
    }

    /// The instant of the nth change.
    pub(crate) fn instant(&self, nth: usize) -> Nanos {
        self.begin + self.every * nth as u64
    }
}

/// A connection that nothing was asked on for so long is replaced: a hub closes it after ten seconds.
const IDLE: Nanos = 5 * SECOND;

/// Makes changes on request.
pub(crate) trait Issue: Send + 'static {
    /// Whatever can be done before the instant of a change.
    fn prepare(&mut self) -> anyhow::Result<()>;

    /// Asks for the nth change, without waiting.
    fn issue(&mut self, nth: usize) -> anyhow::Result<()>;

    /// Waits for what was asked; fails where any of it was refused.
    fn finish(&mut self, deadline: Nanos) -> anyhow::Result<()>;
}

/// A schedule being followed.
pub(crate) struct Generator {
    thread: JoinHandle<anyhow::Result<(Schedule, Vec<Nanos>)>>,
}

/// What was asked for, and when it was meant to be.
pub(crate) struct Issued {
    pub(crate) schedule: Schedule,
    /// The longest that a change was late.
    pub(crate) lag: Nanos,
}

/// A run that counts for nothing, though the server did no wrong.
#[derive(Debug)]
pub(crate) struct InvalidRun(String);

impl InvalidRun {
    /// Says why.
    pub(crate) fn new(reason: String) -> Self {
        Self(reason)
    }
}

impl std::fmt::Display for InvalidRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidRun {}

impl Generator {
    /// Follows a schedule from a thread of its own.
    pub(crate) fn start(
        mut schedule: Schedule,
        mut issuer: impl Issue,
        deadline: Nanos,
    ) -> anyhow::Result<Self> {
        let follow = move || {
            go_first();
            schedule.begin = now() + LEAD;
            let mut instants = Vec::with_capacity(schedule.changes);
            for nth in 0..schedule.changes {
                issuer.prepare()?;
                clock::sleep_until(schedule.instant(nth));
                instants.push(now());
                issuer.issue(nth)?;
            }
            issuer.finish(deadline)?;
            Ok((schedule, instants))
        };
        let thread = std::thread::Builder::new()
            .name("generator".to_owned())
            .spawn(follow)?;
        Ok(Self { thread })
    }

    /// Waits for the end; fails where a change was later than `limit`, for the load was not the intended one then.
    pub(crate) async fn finish(self, limit: Nanos) -> anyhow::Result<Issued> {
        let thread = self.thread;
        let joined = tokio::task::spawn_blocking(move || thread.join()).await?;
        let (schedule, instants) = match joined {
            Ok(followed) => followed.context("the generator")?,
            Err(_) => bail!("the generator panicked"),
        };
        let lag = check_lag(&schedule, &instants, limit)?;
        Ok(Issued { schedule, lag })
    }
}

/// Puts this thread before everyone else, which root alone may ask for: it sleeps nearly always, but must be awake in
/// time on processors that others keep busy.
fn go_first() {
    let thread = rustix::thread::gettid().as_raw_nonzero().to_string();
    // Of util-linux. Without it, or the right to it, the lag says whether it was needed.
    let _ = Command::new("chrt")
        .args(["--fifo", "--pid", "1", &thread])
        .stderr(Stdio::null())
        .status();
}

fn check_lag(schedule: &Schedule, issued: &[Nanos], limit: Nanos) -> anyhow::Result<Nanos> {
    let late = issued
        .iter()
        .enumerate()
        .map(|(nth, at)| (at.saturating_sub(schedule.instant(nth)), nth));
    let (lag, nth) = late.max().unwrap_or_default();
    if lag > limit {
        let (lag, limit) = (millis(lag), millis(limit));
        bail!(InvalidRun(format!(
            "the generator lagged {lag:.2} ms at change {nth}, and {limit} ms is the most that counts: other programs \
             kept it from running. Stop them, run as root (so that it may go first), or ask for fewer sockets"
        )));
    }
    Ok(lag)
}

/// Requests on connections that are open already: written at once, their answers read whenever there is time.
pub(crate) struct Requests {
    connections: Vec<Pipeline>,
    /// What the nth change asks for.
    request: Box<dyn FnMut(usize) -> Vec<u8> + Send>,
    next: Option<Vec<u8>>,
    asked: usize,
}

struct Pipeline {
    address: SocketAddr,
    stream: TcpStream,
    /// When it was opened, or last written to.
    used: Nanos,
    unread: Vec<u8>,
    outstanding: usize,
}

impl Requests {
    /// Opens so many connections to `address`; changes take turns on them.
    pub(crate) fn connect(
        address: SocketAddr,
        connections: usize,
        request: impl FnMut(usize) -> Vec<u8> + Send + 'static,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            connections: (0..connections)
                .map(|_| Pipeline::open(address))
                .collect::<anyhow::Result<_>>()?,
            request: Box::new(request),
            next: None,
            asked: 0,
        })
    }
}

impl Issue for Requests {
    fn prepare(&mut self) -> anyhow::Result<()> {
        // Of the one connection alone that is next: a burst leaves no time for all.
        let next = self.asked % self.connections.len();
        let connection = &mut self.connections[next];
        connection.read_answers()?;
        if connection.outstanding == 0 && now() - connection.used > IDLE {
            *connection = Pipeline::open(connection.address)?;
        }
        self.next = Some((self.request)(self.asked));
        Ok(())
    }

    fn issue(&mut self, nth: usize) -> anyhow::Result<()> {
        let request = self.next.take().context("it was not prepared")?;
        let connections = self.connections.len();
        let connection = &mut self.connections[nth % connections];
        let written = connection.stream.write(&request)?;
        ensure!(
            written == request.len(),
            "the server reads no more requests"
        );
        connection.outstanding += 1;
        connection.used = now();
        self.asked += 1;
        Ok(())
    }

    fn finish(&mut self, deadline: Nanos) -> anyhow::Result<()> {
        for connection in &mut self.connections {
            while connection.outstanding > 0 {
                let left = deadline.saturating_sub(now());
                ensure!(
                    left > 0,
                    "{} changes were not answered in time",
                    connection.outstanding
                );
                connection.stream.set_nonblocking(false)?;
                connection
                    .stream
                    .set_read_timeout(Some(Duration::from_nanos(left)))?;
                connection.read_answers()?;
            }
        }
        Ok(())
    }
}

impl Pipeline {
    fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self {
            address,
            stream,
            used: now(),
            unread: Vec::new(),
            outstanding: 0,
        })
    }

    fn read_answers(&mut self) -> anyhow::Result<()> {
        let mut buffer = [0; 16 * 1024];
        while self.outstanding > 0 {
            match self.stream.read(&mut buffer) {
                Ok(0) => bail!(
                    "the server closed a connection with {} requests on it",
                    self.outstanding
                ),
                Ok(length) => self.unread.extend_from_slice(&buffer[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            while let Some(length) = answer(&self.unread)? {
                self.unread.drain(..length);
                self.outstanding = self.outstanding.saturating_sub(1);
            }
        }
        Ok(())
    }
}

/// The length of the first answer in `bytes`, once it is whole; fails where a change was refused.
fn answer(bytes: &[u8]) -> anyhow::Result<Option<usize>> {
    let Some(end) = end_of_head(bytes) else {
        return Ok(None);
    };
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    head.parse(&bytes[..end])?;
    let length = head
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.map_or(Ok("0"), |header| std::str::from_utf8(header.value))?;
    let end = end + length.trim().parse::<usize>()?;
    if bytes.len() < end {
        return Ok(None);
    }
    let status = head.code.unwrap_or_default();
    ensure!(
        (200..300).contains(&status),
        "a change was refused with {status}: {}",
        String::from_utf8_lossy(&bytes[..end])
    );
    Ok(Some(end))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    fn schedule() -> Schedule {
        Schedule::at(1_000_000_000, 10 * MILLISECOND, 3)
    }

    #[test]
    fn a_generator_that_lags_voids_the_run() {
        let on_time = [1_000_000_100, 1_010_000_200, 1_020_000_000];
        assert_eq!(check_lag(&schedule(), &on_time, MILLISECOND).unwrap(), 200);
        let late = [1_000_000_100, 1_011_500_000, 1_020_000_000];
        let error = check_lag(&schedule(), &late, MILLISECOND).unwrap_err();
        assert!(error.is::<InvalidRun>());
        assert!(
            error.to_string().contains("lagged 1.50 ms at change 1"),
            "{error}"
        );
        assert!(check_lag(&schedule(), &late, 2 * MILLISECOND).is_ok());
    }

    /// Reports each change, and blocks in the first one until it is released.
    struct Telling(Sender<usize>);

    impl Issue for Telling {
        fn prepare(&mut self) -> anyhow::Result<()> {
            Ok(())
        }

        fn issue(&mut self, nth: usize) -> anyhow::Result<()> {
            Ok(self.0.send(nth)?)
        }

        fn finish(&mut self, _: Nanos) -> anyhow::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn changes_are_asked_for_in_order_and_never_early() {
        let (told, asked) = channel();
        let begun = now();
        let generator =
            Generator::start(Schedule::from_now(3, MILLISECOND), Telling(told), u64::MAX);
        let issued = generator.unwrap().finish(u64::MAX).await.unwrap();
        assert!(issued.schedule.instant(0) > begun);
        assert!(now() >= issued.schedule.instant(2));
        assert_eq!(asked.iter().collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn a_connection_that_was_idle_for_long_is_replaced() {
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let mut requests = Requests::connect(address, 1, |_| b"GET /".to_vec()).unwrap();
        let first = requests.connections[0].stream.local_addr().unwrap();
        requests.prepare().unwrap();
        assert_eq!(requests.connections[0].stream.local_addr().unwrap(), first);
        requests.connections[0].used = now().saturating_sub(2 * IDLE);
        requests.prepare().unwrap();
        assert_ne!(requests.connections[0].stream.local_addr().unwrap(), first);
    }

    #[test]
    fn responses_are_separated_by_their_length() {
        let bytes =
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 204 No Content\r\n\r\n";
        let first = answer(bytes).unwrap().unwrap();
        assert_eq!(first, 40);
        assert_eq!(answer(&bytes[first..]).unwrap(), Some(27));
        assert_eq!(answer(&bytes[..39]).unwrap(), None);
        assert_eq!(answer(&bytes[..12]).unwrap(), None);
        let error = answer(b"HTTP/1.1 409 Conflict\r\ncontent-length: 4\r\n\r\nbusy").unwrap_err();
        assert!(
            error.to_string().contains("409") && error.to_string().contains("busy"),
            "{error}"
        );
    }
}
