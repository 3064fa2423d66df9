//! Starts the real `peekaboo` on ports of the system's choice and watches it from outside.

use std::{
    fs,
    future::Future,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use super::http_client;

/// Longer than anything takes on a busy machine; nothing waits for it that does not fail.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A flag of the demo that is off at first, where it can be turned on.
pub(crate) const TARGETING: &str =
    "/organizations/demo/projects/storefront/flags/new-checkout/environments/production";

/// The keys of the demo's production.
const KEYS: &str = "/organizations/demo/projects/storefront/environments/production/keys";

/// A running hub. Dropping it kills the process.
pub(crate) struct Hub {
    child: Child,
    pub(crate) ready: Value,
    log: PathBuf,
    directory: TempDir,
}

/// `peekaboo` with nothing of this process's own configuration: the one that was built with the tests, or for tests in
/// a package that does not build it, `PEEKABOO_BIN`.
pub(crate) fn peekaboo() -> Command {
    let built = option_env!("CARGO_BIN_EXE_peekaboo").map(Into::into);
    let binary = built.or_else(|| std::env::var_os("PEEKABOO_BIN"));
    let mut command = Command::new(binary.expect("PEEKABOO_BIN names the binary"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let is_ours = name.starts_with("PEEKABOO_") || name == "DATABASE_URL";
        if is_ours || ["NO_COLOR", "CLICOLOR_FORCE"].contains(&&*name) {
            command.env_remove(&*name);
        }
    }
    command.kill_on_drop(true).stdin(Stdio::null());
    command
}

/// Runs a command to its end: exit code, standard output, standard error.
pub(crate) async fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let output = peekaboo().args(args).output();
    let output = timeout(PATIENCE, output)
        .await
        .expect("the command ends")
        .expect("the command starts");
    (
        output.status.code(),
        String::from_utf8(output.stdout).expect("text"),
        String::from_utf8(output.stderr).expect("text"),
    )
}

impl Hub {
    /// Starts a hub in a directory of its own.
    pub(crate) async fn start(args: &[&str]) -> Self {
        Self::start_in(TempDir::new().expect("a directory"), args).await
    }

    /// Starts a hub in a directory where one ran before.
    pub(crate) async fn start_in(directory: TempDir, args: &[&str]) -> Self {
        let dashboard = ["serve", "--dashboard-listen", "127.0.0.1:0"];
        Self::spawn(directory, &[&dashboard, args].concat(), &[]).await
    }

    /// Starts an edge in a directory of its own, and waits until it serves.
    pub(crate) async fn edge(upstream: &str, args: &[&str]) -> Self {
        Self::edge_in(TempDir::new().expect("a directory"), upstream, args).await
    }

    /// Starts an edge in a directory where one ran before.
    pub(crate) async fn edge_in(directory: TempDir, upstream: &str, args: &[&str]) -> Self {
        let follow = ["edge", "--upstream", upstream];
        Self::spawn(directory, &[&follow, args].concat(), &[]).await
    }

    /// Starts an edge that trusts this certificate and no other.
    pub(crate) async fn edge_trusting(certificate: &Path, upstream: &str, args: &[&str]) -> Self {
        let directory = TempDir::new().expect("a directory");
        let follow = ["edge", "--upstream", upstream];
        let trust = ("SSL_CERT_FILE", certificate);
        Self::spawn(directory, &[&follow, args].concat(), &[trust]).await
    }

    async fn spawn(directory: TempDir, args: &[&str], variables: &[(&str, &Path)]) -> Self {
        let data = directory.path().join("data");
        let ready_file = directory.path().join("ready.json");
        let log = directory.path().join("log");
        let _ = fs::remove_file(&ready_file);
        let output = fs::File::create(&log).expect("a log file");
        let mut child = peekaboo()
            .args(args)
            .envs(variables.iter().copied())
            .args(["--sdk-listen", "127.0.0.1:0"])
            .args(["--metrics-listen", "127.0.0.1:0"])
            .arg("--data-dir")
            .arg(&data)
            .arg("--ready-file")
            .arg(&ready_file)
            .stdout(output.try_clone().expect("a log file"))
            .stderr(output)
            .spawn()
            .expect("the hub starts");
        let ready = eventually("the hub is ready", || {
            if let Some(status) = child.try_wait().expect("a child process") {
                panic!("the hub ended with {status}:\n{}", read(&log));
            }
            let text = fs::read(&ready_file).ok();
            let ready = text.map(|text| serde_json::from_slice(&text).expect("whole JSON"));
            async move { ready }
        })
        .await;
        Self {
            child,
            ready,
            log,
            directory,
        }
    }

    /// An address of the ready file, with a path after it.
    pub(crate) fn url(&self, listener: &str, path: &str) -> String {
        let base = self.ready[listener].as_str().expect("an address");
        format!("{base}{path}")
    }

    /// Someone who is signed in with the demo's account.
    pub(crate) async fn demo_visitor(&self) -> Visitor {
        let visitor = Visitor::new(self);
        self.sign_in(&visitor).await;
        visitor
    }

    /// What a browser sends that is signed in with the demo's account.
    pub(crate) async fn demo_cookie(&self) -> String {
        let response = self.sign_in(&Visitor::new(self)).await;
        let cookie = response.headers()["set-cookie"].to_str().expect("text");
        cookie.split(';').next().expect("a pair").to_owned()
    }

    async fn sign_in(&self, visitor: &Visitor) -> Response {
        let account = json!({
            "email": self.ready["demo"]["email"],
            "password": self.ready["demo"]["password"],
        });
        let request = visitor.request(Method::POST, "/session").json(&account);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        response
    }

    /// A gauge or counter, named with its labels as it is exported.
    pub(crate) async fn metric(&self, name: &str) -> Option<f64> {
        let answer = http_client::get(self.url("metrics", "/metrics"))
            .await
            .ok()?;
        let text = answer.text().await.ok()?;
        let name = format!("{name} ");
        let line = text.lines().find(|line| line.starts_with(&name))?;
        line.rsplit(' ').next()?.parse().ok()
    }

    /// What it printed and logged so far.
    pub(crate) fn log(&self) -> String {
        read(&self.log)
    }

    /// Sends a signal by its name, such as `TERM`, to this process alone.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().expect("a running hub").to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .await
            .expect("kill runs");
        assert!(sent.success(), "the signal is sent");
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        timeout(PATIENCE, self.child.wait())
            .await
            .expect("the hub ends")
            .expect("a child process")
    }

    /// Ends it as a crash would, and gives back its directory.
    pub(crate) async fn kill(mut self) -> TempDir {
        self.signal("KILL").await;
        self.ended().await;
        self.directory
    }

    /// Ends it and gives back its directory, to start another there.
    pub(crate) async fn stop(mut self) -> TempDir {
        self.signal("TERM").await;
        let status = self.ended().await;
        assert!(status.success(), "{status}:\n{}", self.log());
        self.directory
    }

    /// Waits until an edge has kept on disk what it serves.
    pub(crate) async fn has_kept_its_state(&self) {
        let folder = self.directory.path().join("data/edge");
        eventually("a snapshot is on disk", || async {
            let tenants = fs::read_dir(&folder).ok()?.filter_map(Result::ok);
            let files = tenants.filter_map(|tenant| fs::read_dir(tenant.path()).ok());
            let mut files = files.flatten().filter_map(Result::ok);
            let kept =
                files.any(|file| file.path().extension().is_some_and(|end| end == "snapshot"));
            kept.then_some(())
        })
        .await;
    }

    /// The directory of a hub that has ended.
    pub(crate) fn into_directory(self) -> TempDir {
        self.directory
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Asks until there is an answer.
pub(crate) async fn eventually<T, F>(what: &str, mut ask: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "in vain: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// A browser, as far as the API can tell: it keeps cookies and says that it is on the same site.
pub(crate) struct Visitor {
    client: Client,
    api: String,
}

impl Visitor {
    pub(crate) fn new(hub: &Hub) -> Self {
        let client = http_client::builder().cookie_store(true).build();
        Self {
            client: client.expect("a client"),
            api: hub.url("dashboard", "/api/v1"),
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.api))
            .header("sec-fetch-site", "same-origin")
    }

    /// Sends a body; status and answer, null if there is none.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let response = self.request(method, path).json(&body).send().await;
        let response = response.expect("an answer");
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.send(Method::GET, path, Value::Null).await
    }

    /// Makes a key of the demo's production; its identifier and secret.
    pub(crate) async fn make_key(&self, key: Value) -> (String, String) {
        let (status, made) = self.send(Method::POST, KEYS, key).await;
        assert_eq!(status, 201, "{made}");
        let text = |field: &str| made[field].as_str().expect("text").to_owned();
        (text("id"), text("secret"))
    }

    pub(crate) async fn revoke_key(&self, id: &str) {
        let path = format!("{KEYS}/{id}");
        let (status, answer) = self.send(Method::DELETE, &path, Value::Null).await;
        assert_eq!(status, 200, "{answer}");
    }
}
