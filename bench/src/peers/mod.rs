//! Others, measured in the same run and in the same way: servers that send one message to many sockets next to the hub,
//! and engines next to ours.
//!
//! `bench/peers/install` gets them. None is needed: one that is not there is reported, and fails the run only where it
//! was asked for by name.

mod engines;
mod fan_out;
mod nats;
mod peer;
mod process;
mod publisher;
mod senders;
mod server;
mod unleash_edge;
mod upstream;
mod ws;

use std::path::PathBuf;

pub(crate) use fan_out::FanOut;
pub(crate) use peer::Peer;
pub(crate) use senders::resident;

use crate::cpus::Cpus;
use crate::measure::Limits;
use crate::report::{ScenarioReport, progress};

/// Which peers are to be measured, and where they are.
#[derive(Clone, Debug)]
pub(crate) struct Peers {
    asked: Vec<Peer>,
    by_name: bool,
    folder: PathBuf,
}

impl Peers {
    /// Those that were named; all, where none was.
    pub(crate) fn new(named: &[Peer], folder: PathBuf) -> Self {
        let by_name = !named.is_empty();
        Self {
            asked: if by_name { named } else { &Peer::ALL }.to_vec(),
            by_name,
            folder,
        }
    }

    /// Fails where one that was named and is to be measured is not there, before anything is measured.
    pub(crate) fn check(&self, is_measured: impl Fn(Peer) -> bool) -> anyhow::Result<()> {
        let needed = self.asked.iter().filter(|_| self.by_name);
        for peer in needed.filter(|peer| is_measured(**peer)) {
            peer.find(&self.folder).map_err(anyhow::Error::msg)?;
        }
        Ok(())
    }

    /// Measures each server and sets its figures next to the hub's.
    pub(crate) async fn measure(
        &self,
        cpus: &Cpus,
        fan_out: &FanOut<'_>,
        limits: Limits,
        report: &mut ScenarioReport,
    ) -> anyhow::Result<()> {
        for peer in &self.asked {
            let Some(sender) = peer.sender() else {
                continue;
            };
            let Some(program) = self.program(*peer, report) else {
                continue;
            };
            progress(&format!("  the same by {}", peer.name()));
            let measured = senders::measure(sender, cpus, &program, fan_out, limits).await;
            if let Some(measured) = self.unless_failed(*peer, measured, report)? {
                senders::set_beside(report, peer.name(), &measured);
            }
        }
        Ok(())
    }

    /// Measures evaluations in other engines and sets their figures next to ours.
    pub(crate) async fn evaluate(
        &self,
        cpus: &Cpus,
        report: &mut ScenarioReport,
    ) -> anyhow::Result<()> {
        let engines = Peer::Engines;
        if !self.asked.contains(&engines) {
            return Ok(());
        }
        let Some(program) = self.program(engines, report) else {
            return Ok(());
        };
        progress("  the same by other engines");
        let measured = engines::measure(cpus, &program).await;
        if let Some(measured) = self.unless_failed(engines, measured, report)? {
            engines::set_beside(report, measured);
        }
        Ok(())
    }

    /// Where a peer is; notes how to get one that is missing.
    fn program(&self, peer: Peer, report: &mut ScenarioReport) -> Option<PathBuf> {
        let found = peer.find(&self.folder);
        found.map_err(|reason| report.notes.push(reason)).ok()
    }

    /// What a peer's measurement found; notes why it failed, which fails the run where the peer was named.
    fn unless_failed<T>(
        &self,
        peer: Peer,
        measured: anyhow::Result<T>,
        report: &mut ScenarioReport,
    ) -> anyhow::Result<Option<T>> {
        let name = peer.name();
        match measured {
            Ok(measured) => Ok(Some(measured)),
            Err(error) if self.by_name => Err(error.context(name)),
            Err(error) => {
                let note = format!("{name} was not measured: {error:#}");
                report.notes.push(note);
                Ok(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::Scenario;

    fn missing(named: &[Peer]) -> (Peers, tempfile::TempDir) {
        let empty = tempfile::tempdir().unwrap();
        (Peers::new(named, empty.path().to_owned()), empty)
    }

    #[test]
    fn a_peer_that_is_missing_is_said_with_how_to_get_it() {
        for peer in [Peer::UnleashEdge, Peer::Engines] {
            let (named, _empty) = missing(&[peer]);
            let error = named.check(|_| true).unwrap_err().to_string();
            let advice = format!("get it with `bench/peers/install {}`", peer.name());
            assert!(error.contains(&advice), "{error}");
        }
        let (all, _empty) = missing(&[]);
        assert!(
            all.check(|_| true).is_ok(),
            "none is needed unless it is named"
        );
    }

    #[test]
    fn a_peer_is_needed_only_where_it_can_be_measured() {
        let is_measured = |scenario: Scenario, peer| {
            missing(&[peer])
                .0
                .check(|peer| scenario.compares(peer))
                .is_err()
        };
        assert!(is_measured(Scenario::Fanout, Peer::UnleashEdge));
        assert!(!is_measured(Scenario::Fanout, Peer::Engines));
        assert!(is_measured(Scenario::Evaluate, Peer::Engines));
        assert!(!is_measured(Scenario::Evaluate, Peer::UnleashEdge));
        assert!(!is_measured(Scenario::Idle, Peer::Engines));
    }

    #[tokio::test]
    async fn engines_that_are_missing_are_noted_unless_others_were_asked_for() {
        let cpus = Cpus::new(false).unwrap();
        let mut report = ScenarioReport::new("evaluate", "");
        let (others, _empty) = missing(&[Peer::Nats]);
        others.evaluate(&cpus, &mut report).await.unwrap();
        assert_eq!(report.notes, [""; 0]);
        let (all, _empty) = missing(&[]);
        all.evaluate(&cpus, &mut report).await.unwrap();
        let [note] = report.notes.as_slice() else {
            panic!("{:?}", report.notes);
        };
        assert!(note.starts_with("engines was not measured: "), "{note}");
    }

    #[test]
    fn a_failure_is_noted_and_fails_the_run_that_names_the_peer() {
        let mut report = ScenarioReport::new("evaluate", "");
        let mut failed = |named: &[Peer]| {
            let error: anyhow::Result<()> = Err(anyhow::anyhow!("broken"));
            missing(named)
                .0
                .unless_failed(Peer::Engines, error, &mut report)
        };
        assert_eq!(failed(&[]).unwrap(), None);
        let error = failed(&[Peer::Engines]).unwrap_err();
        assert_eq!(format!("{error:#}"), "engines: broken");
        assert_eq!(report.notes, ["engines was not measured: broken"]);
    }
}
