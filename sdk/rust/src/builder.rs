//! The options of a client, checked once.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::OptionFuture;
use peekaboo_flags::CompiledRuleset;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::client::Client;
use crate::closing::closed;
use crate::connection::Connection;
use crate::dial::{Dial, Dialer};
use crate::error::BuildError;
use crate::file;
use crate::kept_rules::KeptRules;
use crate::session::Session;
use crate::shared::Shared;
use crate::status::Status;

/// A source of rules other than a hub.
#[derive(Clone, Debug)]
pub struct Source(Kind);

#[derive(Clone, Debug)]
enum Kind {
    File(PathBuf),
    Ruleset(Value),
}

impl Source {
    /// A ruleset in a JSON file, read again whenever the file changes. The client waits for a file that does not exist
    /// yet.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Kind::File(path.into()))
    }

    /// A ruleset, from `peekaboo export` or as a server key receives it.
    pub fn ruleset(json: Value) -> Self {
        Self(Kind::Ruleset(json))
    }

    /// No flags: every read returns its default.
    pub fn defaults() -> Self {
        Self(Kind::Ruleset(json!({})))
    }
}

/// Options of a client: [`Client::builder`], [`Client::local`].
#[must_use = "a builder makes nothing before `build`"]
pub struct ClientBuilder {
    origin: Origin,
    bootstrap: Option<Value>,
    rules_file: Option<PathBuf>,
    usage: bool,
    runtime: Option<Handle>,
    #[cfg(feature = "__rustls")]
    tls: Option<Arc<rustls::ClientConfig>>,
}

enum Origin {
    Hub { key: String, url: String },
    Local(Source),
}

impl Client {
    /// A client for an environment of a hub. `key` is a server key (`pbs_…`), which is secret, because it gives access
    /// to every rule.
    pub fn builder(key: impl Into<String>) -> ClientBuilder {
        let (key, url) = (key.into(), String::new());
        ClientBuilder::new(Origin::Hub { key, url })
    }

    /// A client without a hub, for tests and for work without a network.
    pub fn local(source: Source) -> ClientBuilder {
        ClientBuilder::new(Origin::Local(source))
    }

    /// A client with rules in memory that counts its evaluations. They are not sent; a test reads them.
    pub(crate) fn counted(ruleset: CompiledRuleset) -> Result<Self, BuildError> {
        let mut start = Start::new(None, None)?;
        start.initial = Some(ruleset);
        Ok(start.run(Status::Offline, true, |_, closing| closed(closing)))
    }
}

impl ClientBuilder {
    fn new(origin: Origin) -> Self {
        Self {
            origin,
            bootstrap: None,
            rules_file: None,
            usage: true,
            runtime: None,
            #[cfg(feature = "__rustls")]
            tls: None,
        }
    }

    /// The address of the hub's SDK port: `wss://flags.example.com`, or `ws://127.0.0.1:6001` without TLS. Ignored by a
    /// client without a hub.
    pub fn url(mut self, address: impl Into<String>) -> Self {
        if let Origin::Hub { url, .. } = &mut self.origin {
            *url = address.into();
        }
        self
    }

    /// A ruleset to use until the source's arrives.
    pub fn bootstrap(mut self, ruleset: Value) -> Self {
        self.bootstrap = Some(ruleset);
        self
    }

    /// A file for the hub's last rules, so that a service that starts while the hub is down can use them. They take
    /// precedence over [`bootstrap`](Self::bootstrap). A file that is damaged or belongs to another key is ignored with
    /// an error in the log. Ignored by a client without a hub.
    pub fn rules_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.rules_file = Some(path.into());
        self
    }

    /// Whether to count evaluations and send events of [`Client::track`]. The default is true.
    pub fn usage(mut self, usage: bool) -> Self {
        self.usage = usage;
        self
    }

    /// The runtime to use. The default is the current one.
    pub fn runtime(mut self, runtime: Handle) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// The TLS configuration, for your own certificate authorities or client certificates. By default, the crate's
    /// features decide.
    #[cfg(feature = "__rustls")]
    pub fn tls(mut self, config: Arc<rustls::ClientConfig>) -> Self {
        self.tls = Some(config);
        self
    }

    /// Creates the client, which starts to connect.
    ///
    /// # Errors
    /// If an option can never work. After that, nothing fails.
    pub fn build(self) -> Result<Client, BuildError> {
        let start = Start::new(self.bootstrap.as_ref(), self.runtime)?;
        match self.origin {
            Origin::Hub { key, url } => {
                #[cfg(feature = "__rustls")]
                let dialer = Dialer::new(&url, self.tls)?;
                #[cfg(not(feature = "__rustls"))]
                let dialer = Dialer::new(&url)?;
                start.hub(key, self.rules_file, self.usage, dialer)
            }
            Origin::Local(source) => start.local(source),
        }
    }

    /// Connects with a test's own dialer.
    #[cfg(test)]
    pub(crate) fn build_with(self, dial: impl Dial) -> Result<Client, BuildError> {
        let start = Start::new(self.bootstrap.as_ref(), self.runtime)?;
        match self.origin {
            Origin::Hub { key, .. } => start.hub(key, self.rules_file, self.usage, dial),
            Origin::Local(source) => start.local(source),
        }
    }
}

/// The parts that all sources share.
struct Start {
    initial: Option<CompiledRuleset>,
    runtime: Handle,
}

impl Start {
    fn new(bootstrap: Option<&Value>, runtime: Option<Handle>) -> Result<Self, BuildError> {
        let current = || Handle::try_current().map_err(|_| BuildError::NoRuntime);
        Ok(Self {
            initial: bootstrap.map(CompiledRuleset::load).transpose()?,
            runtime: runtime.map_or_else(current, Ok)?,
        })
    }

    fn hub(
        mut self,
        key: String,
        rules_file: Option<PathBuf>,
        usage: bool,
        dial: impl Dial,
    ) -> Result<Client, BuildError> {
        if !key.starts_with("pbs_") {
            return Err(BuildError::Key);
        }
        let kept = rules_file.map(|path| Arc::new(KeptRules::new(path, &key)));
        let held = kept.as_deref().and_then(load_kept);
        if held.is_some() {
            self.initial.clone_from(&held);
        }
        let session = Session::new(key, held, kept.clone());
        Ok(
            self.run(Status::Connecting, usage, |shared, closing| async move {
                let keeping = kept.map(|kept| kept.keep(closing.clone()));
                let keeping = OptionFuture::from(keeping);
                let connection = Connection::new(dial, session, shared, closing);
                tokio::join!(connection.run(), keeping);
            }),
        )
    }

    fn local(mut self, source: Source) -> Result<Client, BuildError> {
        match source.0 {
            Kind::File(path) => Ok(self.run(Status::Offline, false, |shared, closing| {
                file::follow(path, shared, closing)
            })),
            Kind::Ruleset(json) => {
                self.initial = Some(CompiledRuleset::load(&json)?);
                Ok(self.run(Status::Offline, false, |_, closing| closed(closing)))
            }
        }
    }

    /// Starts the task that follows the source until the client is closed.
    fn run<F>(
        self,
        status: Status,
        usage: bool,
        follow: impl FnOnce(Arc<Shared>, watch::Receiver<bool>) -> F,
    ) -> Client
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let shared = Arc::new(Shared::new(status, usage));
        if let Some(initial) = self.initial {
            shared.hold(initial, None);
        }
        let (closing, is_closing) = watch::channel(false);
        let (running, is_running) = running();
        let following = follow(Arc::clone(&shared), is_closing);
        let at_the_end = Arc::clone(&shared);
        self.runtime.spawn(async move {
            let _running = running;
            following.await;
            at_the_end.end(Status::Closed);
        });
        Client::new(shared, self.runtime, closing, is_running)
    }
}

/// The stored rules, if they are usable.
fn load_kept(kept: &KeptRules) -> Option<CompiledRuleset> {
    let loaded = kept.load().and_then(|json| {
        let ruleset = json.as_ref().map(CompiledRuleset::load);
        Ok(ruleset.transpose()?)
    });
    loaded.unwrap_or_else(|error| {
        let path = kept.path().display();
        tracing::error!(%path, %error, "ignoring the file of kept rules");
        None
    })
}

/// A channel that only signals its end.
fn running() -> (
    watch::Sender<Option<Infallible>>,
    watch::Receiver<Option<Infallible>>,
) {
    watch::channel(None)
}

impl fmt::Debug for ClientBuilder {
    /// Omits the key, which is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ClientBuilder");
        match &self.origin {
            Origin::Hub { url, .. } => debug.field("url", url),
            Origin::Local(source) => debug.field("source", source),
        };
        debug.field("usage", &self.usage).finish_non_exhaustive()
    }
}
