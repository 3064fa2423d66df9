//! All receivers of a run, as one: groups are spread evenly over as many processes as the sockets need.

use std::net::SocketAddr;

use anyhow::{bail, ensure};

use crate::clock::{Nanos, SECOND, now};
use crate::cpus::{Cpus, Role};
use crate::pipe::Part;
use crate::receiver::{
    self, Answer, ClientProtocol, Collected, Command, Comparison, Group, Handshake, RecordedFrames,
};

/// Sockets of one receiver: a process may open 20,000 files here, and more is seldom allowed by default.
const PER_RECEIVER: u32 = 19_000;

/// Connections in progress at once while a run is being set up.
const AT_ONCE: u32 = 64;

/// A group as a scenario describes it.
#[derive(Clone, Debug)]
pub(crate) struct GroupSpec {
    /// Its number, from 0.
    pub(crate) id: u32,
    pub(crate) address: SocketAddr,
    pub(crate) speech: ClientProtocol,
    /// Whether its connections take little from a server's kernel, as those that will stall do.
    pub(crate) narrow: bool,
    pub(crate) count: u32,
}

/// The receivers of a run.
pub(crate) struct Fleet {
    receivers: Vec<Part>,
    deadline: Nanos,
}

impl Fleet {
    /// Starts as many receivers as `sockets` need; what they do fails after `deadline`.
    pub(crate) fn start(cpus: &Cpus, sockets: u32, deadline: Nanos) -> anyhow::Result<Self> {
        let receivers = (0..sockets.div_ceil(PER_RECEIVER).max(1))
            .map(|_| Part::start(cpus, Role::Load, receiver::NAME))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            receivers,
            deadline,
        })
    }

    /// Opens the connections of a group up to the state that each begins with.
    pub(crate) async fn open(&mut self, spec: &GroupSpec) -> anyhow::Result<Vec<Handshake>> {
        self.open_at_once(spec, AT_ONCE).await
    }

    /// Opens the connections of a group, so many at once.
    pub(crate) async fn open_at_once(
        &mut self,
        spec: &GroupSpec,
        at_once: u32,
    ) -> anyhow::Result<Vec<Handshake>> {
        let receivers = u32::try_from(self.receivers.len())?;
        let mut first = 0;
        let groups: Vec<Group> = (0..receivers)
            .map(|index| {
                let count = share(spec.count, receivers, index);
                first += count;
                Group {
                    id: spec.id,
                    address: spec.address,
                    speech: spec.speech.clone(),
                    narrow: spec.narrow,
                    first: first - count,
                    count,
                }
            })
            .collect();
        let (at_once, deadline) = (at_once.div_ceil(receivers), self.deadline);
        let mut groups = groups.into_iter();
        let answers = self.ask_each(|| {
            groups.next().map(|group| Command::Open {
                group,
                at_once,
                deadline,
            })
        });
        handshakes(answers.await?)
    }

    /// Closes connections of a group: those from `from`, `count` of them, counted around its end.
    pub(crate) async fn drop_some(
        &mut self,
        group: u32,
        from: u32,
        count: u32,
    ) -> anyhow::Result<()> {
        let receivers = u32::try_from(self.receivers.len())?;
        let mut index = 0;
        let answers = self.ask_each(|| {
            index += 1;
            Some(Command::Drop {
                group,
                from: from / receivers,
                count: share(count, receivers, index - 1),
            })
        });
        done(&answers.await?)
    }

    /// Opens again what was closed of a group.
    pub(crate) async fn reopen(
        &mut self,
        group: u32,
        resume: bool,
        at_once: u32,
    ) -> anyhow::Result<Vec<Handshake>> {
        let at_once = at_once.div_ceil(u32::try_from(self.receivers.len())?);
        let command = Command::Reopen {
            group,
            resume,
            at_once,
            deadline: self.deadline,
        };
        handshakes(self.ask_all(&command).await?)
    }

    /// Lets a group read nothing, or read on.
    pub(crate) async fn stall(&mut self, group: u32, stalled: bool) -> anyhow::Result<()> {
        done(&self.ask_all(&Command::Stall { group, stalled }).await?)
    }

    /// Waits until every open connection of these groups holds the version next to it.
    pub(crate) async fn reach(&mut self, versions: Vec<(u32, u64)>) -> anyhow::Result<()> {
        let command = Command::Await {
            versions,
            deadline: self.deadline,
        };
        done(&self.ask_all(&command).await?)
    }

    /// Reads for a while, whatever comes.
    pub(crate) async fn idle(&mut self, nanos: Nanos) -> anyhow::Result<()> {
        let until = now() + nanos;
        ensure!(
            until < self.deadline,
            "{} seconds of reading do not fit into the deadline: raise --deadline",
            nanos / SECOND
        );
        done(&self.ask_all(&Command::Idle { until }).await?)
    }

    /// All deliveries since this was last asked.
    pub(crate) async fn collect(&mut self) -> anyhow::Result<Collected> {
        let mut all = Collected::default();
        for answer in self.ask_all(&Command::Collect).await? {
            let Answer::Collected(one) = answer else {
                bail!(out_of_step(&answer));
            };
            all.deliveries.extend(one.deliveries);
            all.commits.extend(one.commits);
            all.bytes += one.bytes;
        }
        Ok(all)
    }

    /// What one connection of a group was sent since this was last asked.
    pub(crate) async fn witness(&mut self, group: u32) -> anyhow::Result<RecordedFrames> {
        let answers = self.ask_all(&Command::RecordedFrames { group }).await?;
        match answers.into_iter().next() {
            Some(Answer::RecordedFrames(witness)) => Ok(witness),
            _ => bail!("the receivers are out of step"),
        }
    }

    /// Fails unless every connection of a group holds what it must by this ruleset; says how many were compared.
    pub(crate) async fn compare(&mut self, group: u32, ruleset: &str) -> anyhow::Result<u32> {
        let command = Command::Compare {
            group,
            ruleset: ruleset.to_owned(),
        };
        let mut all = Comparison::default();
        for answer in self.ask_all(&command).await? {
            let Answer::Compared(one) = answer else {
                bail!(out_of_step(&answer));
            };
            all.alike += one.alike;
            all.different += one.different;
            all.example = all.example.or(one.example);
        }
        ensure!(
            all.different == 0,
            "{} of {} connections hold a wrong final state: {}",
            all.different,
            all.alike + all.different,
            all.example.unwrap_or_default()
        );
        Ok(all.alike)
    }

    async fn ask_all(&mut self, command: &Command) -> anyhow::Result<Vec<Answer>> {
        for receiver in &mut self.receivers {
            receiver.tell(command).await?;
        }
        self.answers().await
    }

    async fn ask_each(
        &mut self,
        mut command: impl FnMut() -> Option<Command>,
    ) -> anyhow::Result<Vec<Answer>> {
        for receiver in &mut self.receivers {
            if let Some(command) = command() {
                receiver.tell(&command).await?;
            }
        }
        self.answers().await
    }

    async fn answers(&mut self) -> anyhow::Result<Vec<Answer>> {
        let mut answers = Vec::with_capacity(self.receivers.len());
        for receiver in &mut self.receivers {
            match receiver.hear().await? {
                Answer::Failed(why) => bail!(why),
                answer => answers.push(answer),
            }
        }
        Ok(answers)
    }
}

/// What the nth of `parts` gets of `total`, which are split as evenly as can be.
fn share(total: u32, parts: u32, nth: u32) -> u32 {
    total / parts + u32::from(nth < total % parts)
}

fn handshakes(answers: Vec<Answer>) -> anyhow::Result<Vec<Handshake>> {
    let mut all = Vec::new();
    for answer in answers {
        match answer {
            Answer::Opened(handshakes) => all.extend(handshakes),
            other => bail!(out_of_step(&other)),
        }
    }
    Ok(all)
}

fn done(answers: &[Answer]) -> anyhow::Result<()> {
    match answers
        .iter()
        .find(|answer| !matches!(answer, Answer::Done))
    {
        None => Ok(()),
        Some(other) => bail!(out_of_step(other)),
    }
}

fn out_of_step(answer: &Answer) -> String {
    let mut text = format!("{answer:?}");
    text.truncate(80);
    format!("the receivers are out of step: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_even_and_add_up() {
        let shares = |total, parts| {
            (0..parts)
                .map(|nth| share(total, parts, nth))
                .collect::<Vec<_>>()
        };
        assert_eq!(shares(10, 3), [4, 3, 3]);
        assert_eq!(shares(1, 2), [1, 0]);
        assert_eq!(shares(38_000, 2), [19_000, 19_000]);
    }
}
