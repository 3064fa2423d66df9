//! Runs `sdk/conformance/reconnect`; its `README.md` says how.

use std::path::Path;
use std::time::Duration;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use peekaboo_protocol::{ClientFrame, Encoded, Resume};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, advance, timeout};

use super::rig::{ConnectAttempt, KEY, Rig, Socket, settle};
use crate::{Client, Context};

#[derive(Deserialize)]
struct File {
    /// Names of released scripts that a later decision contradicts, with what replaces each.
    #[serde(default)]
    supersedes: BTreeMap<String, String>,
    scripts: Vec<Script>,
}

#[derive(Deserialize)]
struct Script {
    name: String,
    only: Option<String>,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Step {
    Connect(u64, u64),
    Accept(Yes),
    Refuse(Yes),
    Hello(Option<(String, u64)>),
    Expect(Value),
    Send(Value),
    SendHex(String),
    Snapshot(u64, BTreeMap<String, f64>),
    Delta(u64, u64, BTreeMap<String, f64>),
    Close(u16),
    Dropped(Yes),
    Pass(u64),
    Status(String),
    Version(u64),
    Value(String, Option<f64>),
}

/// What a step says that has no more to say.
#[derive(Debug, Deserialize)]
#[serde(try_from = "bool")]
struct Yes;

impl TryFrom<bool> for Yes {
    type Error = &'static str;

    fn try_from(yes: bool) -> Result<Self, Self::Error> {
        yes.then_some(Self).ok_or("it is always true")
    }
}

impl Step {
    /// Whether it asks what is, and lets nothing happen.
    fn asks(&self) -> bool {
        matches!(
            self,
            Self::Hello(_)
                | Self::Expect(_)
                | Self::Status(_)
                | Self::Version(_)
                | Self::Value(..)
                | Self::Dropped(_)
        )
    }
}

struct Runner {
    rig: Rig,
    knock: Option<ConnectAttempt>,
    socket: Option<Socket>,
}

impl Runner {
    fn socket(&mut self) -> &mut Socket {
        self.socket.as_mut().expect("a socket")
    }

    async fn run(&mut self, step: &Step) {
        if let Some(socket) = &mut self.socket {
            socket.listen().await;
            if !step.asks() {
                assert_eq!(socket.take(), None, "nothing that is not expected");
            }
        }
        match step {
            Step::Connect(from, to) => self.connect(*from, *to).await,
            Step::Accept(_) => {
                let knock = self.knock.take().expect("a client that connects");
                self.socket = Some(knock.accept().await);
            }
            Step::Refuse(_) => {
                self.knock
                    .take()
                    .expect("a client that connects")
                    .refuse(None);
            }
            Step::Hello(resume) => {
                let hello = hello(resume.as_ref());
                assert_eq!(self.socket().take(), Some(hello.encode()));
            }
            Step::Expect(frame) => {
                let expected = Encoded::of_json(frame);
                assert_eq!(self.socket().take().as_deref(), Some(expected.as_bytes()));
            }
            Step::Send(frame) => self.socket().say_json(frame).await,
            Step::SendHex(hex) => self.socket().send(bytes(hex)).await,
            Step::Snapshot(version, values) => {
                let snapshot = json!([17, version, flags(values, *version), {}]);
                self.socket().say_json(&snapshot).await;
            }
            Step::Delta(from, to, values) => {
                let delta = json!([18, from, to, 1, flags(values, *to), [], {}, []]);
                self.socket().say_json(&delta).await;
            }
            Step::Close(code) => {
                let socket = self.socket.take().expect("a socket");
                socket.close(*code).await;
            }
            Step::Dropped(_) => assert!(self.socket().is_gone),
            Step::Pass(millis) => {
                advance(Duration::from_millis(*millis)).await;
                settle().await;
                assert!(self.rig.knocks.try_recv().is_err(), "no other socket");
            }
            Step::Status(status) => assert_eq!(self.rig.client.status().as_str(), status),
            Step::Version(version) => assert_eq!(self.rig.client.version(), *version),
            Step::Value(flag, value) => {
                let nobody = Context::default();
                let detail = self.rig.client.detail(flag, &nobody, None::<f64>);
                assert_eq!(detail.value, *value);
            }
        }
        settle().await;
    }

    async fn connect(&mut self, from: u64, to: u64) {
        let began = Instant::now();
        let most = Duration::from_millis(to + 1);
        let knock = timeout(most, self.rig.knocks.recv()).await;
        self.knock = knock.expect("the client connects in time");
        assert!(began.elapsed() >= Duration::from_millis(from));
        assert!(began.elapsed() <= Duration::from_millis(to));
    }
}

fn hello(resume: Option<&(String, u64)>) -> ClientFrame {
    ClientFrame::Hello {
        key: Some(KEY.to_owned()),
        resume: resume.map(|(epoch, version)| Resume {
            epoch: epoch.clone(),
            version: *version,
        }),
        context: None,
        sdk: concat!("rust/", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

fn flags(values: &BTreeMap<String, f64>, version: u64) -> Value {
    let flag = |value: &f64| {
        json!({
            "type": "number", "enabled": true, "variations": {"v": value}, "fallthrough": {"variation": "v"},
            "version": version,
        })
    };
    values
        .iter()
        .map(|(key, value)| (key.clone(), flag(value)))
        .collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2).map(|at| &hex[at..at + 2]);
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal"))
        .collect()
}

/// The scripts that are in force.
fn scripts() -> Vec<Script> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/reconnect");
    let files = fs::read_dir(folder).expect("the scripts");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    let read = |path| {
        let text = fs::read(path).expect("a file");
        serde_json::from_slice::<File>(&text).expect("scripts")
    };
    let files: Vec<_> = paths.iter().map(read).collect();
    let superseded: BTreeSet<_> = files
        .iter()
        .flat_map(|file| file.supersedes.keys().cloned())
        .collect();
    let mut scripts: Vec<_> = files.into_iter().flat_map(|file| file.scripts).collect();
    scripts.retain(|script| !superseded.contains(&script.name));
    scripts
}

#[tokio::test(start_paused = true)]
async fn every_script_for_a_server_key_runs() {
    let mut scripts = scripts();
    scripts.retain(|script| script.only.as_deref() != Some("client"));
    assert!(scripts.len() > 40, "the scripts were found");
    for Script { name, steps, .. } in scripts {
        let mut runner = Runner {
            rig: Rig::start(Client::builder(KEY).usage(false)),
            knock: None,
            socket: None,
        };
        let mut done = Vec::new();
        for step in &steps {
            done.push(format!("{step:?}"));
            let run = std::panic::AssertUnwindSafe(runner.run(step));
            let result = futures_util::FutureExt::catch_unwind(run).await;
            assert!(result.is_ok(), "{name}:\n{}", done.join("\n"));
        }
        if let Some(socket) = &mut runner.socket {
            socket.listen().await;
            assert_eq!(socket.take(), None, "{name}: nothing that is not expected");
        }
        runner.rig.client.close().await;
    }
}
