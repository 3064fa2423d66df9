//! LaunchDarkly's and Unleash's engines, in a program of its own (`bench/peers/engines`), since what they depend on is
//! nothing that ours should.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use tokio::process::Command;

use super::process::{Found, Process};
use crate::cpus::Cpus;
use crate::evaluation::CASES;
use crate::report::ScenarioReport;

/// What the program prints.
#[derive(Deserialize)]
struct Document {
    engines: Vec<Engine>,
}

/// What one engine takes.
#[derive(Debug, Deserialize)]
pub(super) struct Engine {
    name: String,
    #[serde(rename = "crate")]
    package: String,
    version: String,
    /// The nanoseconds of an evaluation, by the flag's key.
    nanos: BTreeMap<String, f64>,
}

/// The program that the installer built.
pub(super) fn find(peers: &Path) -> Found {
    let program = peers.join("engines/bin/peekaboo-bench-engines");
    let is_there = program.is_file();
    is_there
        .then_some(program)
        .ok_or("no program with engines is there")
}

/// Runs the program.
pub(super) async fn measure(cpus: &Cpus, program: &Path) -> anyhow::Result<Vec<Engine>> {
    let process = Process::start(cpus, Command::new(program))?;
    let output = process.output().await?;
    read(&output).with_context(|| {
        format!(
            "{} is of another version than this bench: remove it, and build it anew with `bench/peers/install engines`",
            program.display()
        )
    })
}

fn read(output: &[u8]) -> anyhow::Result<Vec<Engine>> {
    let document: Document = serde_json::from_slice(output)?;
    ensure!(!document.engines.is_empty(), "it has no engines");
    for engine in &document.engines {
        for (flag, nanos) in &engine.nanos {
            let is_known = CASES.iter().any(|case| case.flag == flag);
            ensure!(is_known, "{flag} is not a measured flag");
            ensure!(*nanos > 0.0, "an evaluation took {nanos} ns");
        }
    }
    Ok(document.engines)
}

/// Sets the engines' figures next to ours, for the flags that they have.
pub(super) fn set_beside(report: &mut ScenarioReport, engines: Vec<Engine>) {
    for engine in engines {
        for (flag, nanos) in engine.nanos {
            if let Some(ours) = report.figure_mut(&flag) {
                ours.peers.insert(engine.name.clone(), nanos);
            }
        }
        let (name, package, version) = (engine.name, engine.package, engine.version);
        report.notes.push(format!("{name} is {package} {version}"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::{Figure, Unit};

    fn document(nanos: &Value) -> Vec<u8> {
        let engine = json!({"name": "unleash", "crate": "unleash-yggdrasil", "version": "0.21.7", "nanos": nanos});
        json!({"engines": [engine]}).to_string().into_bytes()
    }

    #[test]
    fn an_engine_has_a_column_beside_ours() {
        let mut report = ScenarioReport::new("evaluate", "");
        for flag in ["flag-500", "segment"] {
            report.push(Figure::new(flag, flag, Unit::Nanos, 15.0));
        }
        let engines = read(&document(&json!({"flag-500": 33.5}))).unwrap();
        set_beside(&mut report, engines);
        let peers = &report.figures[0].peers;
        assert_eq!(peers, &[("unleash".to_owned(), 33.5)].into());
        assert!(report.figures[1].peers.is_empty());
        assert_eq!(report.notes, ["unleash is unleash-yggdrasil 0.21.7"]);
    }

    #[test]
    fn malformed_measurements_are_refused() {
        for output in [
            document(&json!({"another": 33.5})),
            document(&json!({"flag-500": 0.0})),
            document(&json!({"flag-500": "fast"})),
            br#"{"engines": []}"#.to_vec(),
            Vec::new(),
        ] {
            let text = String::from_utf8_lossy(&output);
            assert!(read(&output).is_err(), "{text}");
        }
    }
}
