//! Every scenario, tiny, against the real hub: that each runs to its end, checks what it says it checks, and reports.
//! The figures themselves mean nothing here.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const BENCH: &str = env!("CARGO_BIN_EXE_peekaboo-bench");

/// Sockets and changes of each run.
const SOCKETS: u32 = 12;
const CHANGES: u32 = 6;

/// The hub next to the bench, as the tests' build leaves it; built where only the bench is being tested.
fn hub() -> PathBuf {
    let hub = Path::new(BENCH).with_file_name("peekaboo");
    if !hub.exists() {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--package", "peekaboo-hub", "--bin", "peekaboo"]);
        let built = cargo
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .expect("cargo starts");
        assert!(built.success(), "the hub cannot be built");
    }
    hub
}

/// A run's outcome, and the one scenario in its report.
struct Run {
    output: Output,
    scenario: Value,
}

fn run(scenario: &str, flags: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    let json = folder.path().join("report.json");
    let output = Command::new(BENCH)
        .args([scenario, "--quick", "--seconds=1", "--interval=25"])
        .arg(format!("--sockets={SOCKETS}"))
        .arg(format!("--changes={CHANGES}"))
        .arg("--hub")
        .arg(hub())
        .arg("--json")
        .arg(&json)
        .args(flags)
        .output()
        .expect("the bench starts");
    let report = std::fs::read(&json).unwrap_or_default();
    let report: Value = serde_json::from_slice(&report).unwrap_or_default();
    Run {
        scenario: report["scenarios"][0].clone(),
        output,
    }
}

impl Run {
    /// A run on a machine that is busy with other tests, so that no lag voids it.
    fn of(scenario: &str) -> Self {
        let run = run(scenario, &["--lag-limit=60000", "--no-pin"]);
        let errors = String::from_utf8_lossy(&run.output.stderr);
        assert!(
            run.output.status.success(),
            "{}\n{errors}",
            run.scenario["failure"]
        );
        assert_eq!(run.scenario["name"], scenario);
        assert!(run.scenario["failure"].is_null());
        run
    }

    fn figure(&self, id: &str) -> &Value {
        let figures = self.scenario["figures"].as_array().expect("figures");
        figures
            .iter()
            .find(|figure| figure["id"] == id)
            .unwrap_or_else(|| panic!("no figure {id}"))
    }

    fn ours(&self, id: &str) -> f64 {
        self.figure(id)["ours"].as_f64().expect("a number")
    }

    /// A figure that is measured on the floor too.
    fn beside_the_floor(self, id: &str) -> Self {
        let figure = self.figure(id);
        let number = |name: &str| figure[name].as_f64().unwrap_or_default();
        assert!(
            number("ours") > 0.0 && number("floor") > 0.0 && number("ratio") > 0.0,
            "{figure}"
        );
        self
    }

    /// Final states were compared, of so many connections.
    fn compared(self, connections: u32) -> Self {
        let notes = self.scenario["notes"].as_array().expect("notes");
        let compared = format!("all {connections} hold");
        let said = notes
            .iter()
            .any(|note| note.as_str().is_some_and(|note| note.contains(&compared)));
        assert!(said, "{notes:?}");
        self
    }
}

#[track_caller]
fn same(left: f64, right: u32) {
    assert!(
        (left - f64::from(right)).abs() < 1e-9,
        "{left} is not {right}"
    );
}

#[test]
fn idle_tells_memory_and_time_of_a_connection() {
    let run = Run::of("idle");
    assert!(run.ours("residentPerConnection") >= 0.0);
    assert_eq!(run.figure("idleCpu")["goal"]["atMost"], 2.0);
}

#[test]
fn fanout_delivers_every_change_to_every_socket() {
    let run = Run::of("fanout")
        .compared(SOCKETS)
        .beside_the_floor("cpuPerDelivery");
    let run = run
        .beside_the_floor("commitToSocketP99")
        .beside_the_floor("intendedToSocketP99");
    let deliveries = run.ours("deliveries");
    assert!(
        deliveries > 0.0 && deliveries <= f64::from(SOCKETS * CHANGES),
        "{deliveries}"
    );
}

#[test]
fn clients_are_sent_their_own_values() {
    Run::of("clients")
        .compared(SOCKETS)
        .beside_the_floor("cpuPerDelivery");
}

#[test]
fn tenants_only_receive_their_own_changes() {
    let run = Run::of("tenants")
        .compared(SOCKETS)
        .beside_the_floor("cpuPerDelivery");
    assert_eq!(run.scenario["settings"]["environments"], 12);
}

#[test]
fn a_burst_ends_at_the_right_state() {
    let run = Run::of("burst")
        .compared(SOCKETS)
        .beside_the_floor("burstToLast");
    assert!((1.0..=f64::from(CHANGES)).contains(&run.ours("writesMost")));
}

#[test]
fn stalled_readers_end_at_the_right_state() {
    let run = Run::of("slow").compared(SOCKETS);
    assert_eq!(run.scenario["settings"]["stalled"], 2);
}

#[test]
fn handshakes_are_counted() {
    Run::of("connect")
        .compared(SOCKETS)
        .beside_the_floor("cpuPerHandshake")
        .beside_the_floor("handshakesPerSecond");
}

#[test]
fn a_storm_is_answered_with_deltas() {
    let run = Run::of("storm").compared(SOCKETS).beside_the_floor("storm");
    same(run.ours("snapshots"), 0);
}

#[test]
fn churn_replaces_connections() {
    let run = Run::of("churn").compared(SOCKETS);
    same(run.ours("replaced"), 1);
}

#[test]
fn a_soak_says_whether_memory_grows() {
    let run = Run::of("soak").compared(SOCKETS);
    assert!(run.ours("residentLast") > 0.0 && run.ours("deliveries") > 0.0);
}

#[test]
fn evaluations_are_measured_beside_their_goals() {
    let run = Run::of("evaluate");
    assert_eq!(run.figure("flag-500")["goal"]["atMost"], 25.0);
    assert!(run.ours("three-rules") > 0.0);
}

#[test]
fn a_change_reaches_the_sockets_of_every_node() {
    let run = Run::of("nodes");
    let reached = run.figure("socketsPerChange");
    let of_others = serde_json::json!({ "2 edges": 8.0, "2 hubs": 8.0, "3 hubs": 12.0 });
    assert_eq!(
        (&reached["ours"], &reached["peers"]),
        (&Value::from(4.0), &of_others)
    );
    let cpu = run.figure("cpuPerDelivery");
    assert!(cpu["peers"]["2 edges"].as_f64() > Some(0.0), "{cpu}");
}

#[test]
fn work_that_is_due_takes_effect_once_though_nodes_are_killed() {
    let run = Run::of("tasks");
    assert_eq!(run.scenario["settings"]["kills"], 8);
    assert!(run.ours("effectP99") >= run.ours("effectP50"));
    assert_eq!(run.figure("effectP99")["goal"]["atMost"], 2_000.0);
}

#[test]
fn a_large_customers_data_is_measured_on_both_databases() {
    let run = Run::of("data");
    assert_eq!(run.scenario["settings"]["flags"], 100);
    for id in [
        "coldNeighbor",
        "list",
        "impact30",
        "toggleCpu",
        "archive",
        "otherProjectWaits",
        "usageRows",
        "edgeThreads",
        "deleteProjectKeys",
        "residentPerTenant",
    ] {
        let figure = run.figure(id);
        let measured = |value: &Value| value.as_f64() > Some(0.0);
        assert!(
            measured(&figure["ours"]) && measured(&figure["peers"]["sqlite"]),
            "{figure}"
        );
    }
}

#[test]
fn every_question_by_http_is_asked_of_the_hub_and_of_a_bare_handler() {
    let mut run = Run::of("http");
    for question in ["ofrepServerKey", "ofrepClientKey", "ruleset", "rulesetHeld"] {
        for figure in ["PerCore", "Cpu", "P50", "P99", "Max"] {
            run = run.beside_the_floor(&format!("{question}{figure}"));
        }
    }
    assert_eq!(
        run.figure("ofrepClientKeyPerCore")["goal"]["atLeast"],
        40_000.0
    );
}

#[test]
fn a_peer_that_is_missing_is_reported() {
    let nothing = tempfile::tempdir().expect("a folder");
    let folder = format!("--peers={}", nothing.path().display());
    let run = run(
        "fanout",
        &["--lag-limit=60000", "--no-pin", "--compare", &folder],
    );
    assert!(run.output.status.success());
    let notes = run.scenario["notes"].to_string();
    for peer in ["ws", "unleash-edge"] {
        let advice = format!("bench/peers/install {peer}");
        assert!(notes.contains(&advice), "{notes}");
    }
}

#[test]
fn a_peer_that_is_missing_fails_the_run_that_names_it() {
    let nothing = tempfile::tempdir().expect("a folder");
    let folder = format!("--peers={}", nothing.path().display());
    let run = run("fanout", &["--compare=unleash-edge", &folder]);
    assert!(!run.output.status.success());
    assert!(run.scenario.is_null(), "something was measured");
    let error = String::from_utf8_lossy(&run.output.stderr);
    assert!(
        error.contains("bench/peers/install unleash-edge"),
        "{error}"
    );
}

#[test]
fn a_generator_that_lags_fails_the_run_and_says_why() {
    let run = run("fanout", &["--lag-limit=0", "--attempts=1"]);
    assert!(!run.output.status.success());
    let failure = run.scenario["failure"].as_str().expect("a failure");
    assert!(failure.contains("the generator lagged"), "{failure}");
    assert_eq!(run.scenario["figures"], Value::Array(Vec::new()));
}

#[test]
fn a_hub_that_is_not_there_is_named() {
    let output = Command::new(BENCH)
        .args(["idle", "--hub", "/no/such/hub"])
        .output()
        .expect("the bench starts");
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        error.contains("/no/such/hub") && error.contains("cargo build"),
        "{error}"
    );
}
