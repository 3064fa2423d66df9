//! What the handlers share.

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use peekaboo_actors::Hub;
use peekaboo_storage::{EnvironmentId, Key, OrganizationId, Storage};
use time::OffsetDateTime;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::timeout;

use crate::clock::Clock;
use crate::config::ApiConfig;
use crate::guard::{Known, Passwords, Throttle};
use crate::places::Places;
use crate::problem::Problem;

/// Environments whose ids are remembered for when the database is away.
const REMEMBERED: usize = 10_000;

/// Large bodies that are read at once; each may take `dashboard.max_body` of memory, and more while it is understood.
const LARGE_BODIES: usize = 16;

/// How long a large body waits for those before it.
const LARGE_BODY_WITHIN: Duration = Duration::from_secs(10);

/// What the handlers share; clones are one.
#[derive(Clone)]
pub struct ApiState {
    inner: Arc<Inner>,
}

struct Inner {
    storage: Storage,
    hub: Hub,
    config: ApiConfig,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    throttle: Throttle,
    known: Known,
    environments: DashMap<(OrganizationId, Key, Key), EnvironmentId>,
    places: Places,
    large_bodies: Semaphore,
    events_ended: watch::Sender<bool>,
    #[cfg(test)]
    executed: std::sync::Mutex<Vec<&'static str>>,
}

impl ApiState {
    /// Joins the parts. Rulesets are changed through the hub, everything else and all reads go to the storage.
    pub fn new(storage: Storage, hub: Hub, config: ApiConfig, clock: Arc<dyn Clock>) -> Self {
        let passwords = Passwords::new(config.password_hashes, config.password_queue);
        let throttle = Throttle::new(&config);
        let places = Places::new(&config);
        Self {
            inner: Arc::new(Inner {
                storage,
                hub,
                config,
                clock,
                passwords,
                throttle,
                known: Known::default(),
                environments: DashMap::new(),
                places,
                large_bodies: Semaphore::new(LARGE_BODIES),
                events_ended: watch::Sender::new(false),
                #[cfg(test)]
                executed: std::sync::Mutex::default(),
            }),
        }
    }

    /// Ends every event stream, now and from now on: a server that shuts down waits for its answers to end.
    pub fn end_events(&self) {
        self.inner.events_ended.send_replace(true);
    }

    /// Resolves once event streams are to end.
    pub(crate) fn events_ended(&self) -> impl Future<Output = ()> + use<> {
        let mut ended = self.inner.events_ended.subscribe();
        async move {
            // The sender outlives every request, so that this fails is as good as the end.
            let _ = ended.wait_for(|ended| *ended).await;
        }
    }

    /// Places for event streams.
    pub(crate) fn places(&self) -> &Places {
        &self.inner.places
    }

    /// A turn to read a large body, held while it is read.
    pub(crate) async fn large_body(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let turn = timeout(LARGE_BODY_WITHIN, self.inner.large_bodies.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| {
            let busy = "many large requests are being read; send this one again in a moment";
            Problem::unavailable("busy", busy, 5)
        })
    }

    /// The environment of a key in a project. With the database away, as it was last seen: what is in memory can still be read.
    pub(crate) async fn environment(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: &Key,
    ) -> Result<EnvironmentId, Problem> {
        let name = (organization, project.clone(), environment.clone());
        let known = &self.inner.environments;
        let found = self
            .storage()
            .environment(organization, project, environment)
            .await;
        match found {
            Ok(Some(environment)) => {
                if known.len() >= REMEMBERED {
                    known.clear();
                }
                known.insert(name, environment.id);
                Ok(environment.id)
            }
            Ok(None) => {
                known.remove(&name);
                Err(Problem::not_found("environment"))
            }
            Err(error) if error.is_temporary() => {
                let id = known.get(&name).map(|id| *id.value());
                id.ok_or_else(|| error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Where links in mails lead; none where this hub sends no mail.
    pub(crate) fn mailed_links(&self) -> Option<&str> {
        let config = self.config();
        // Without the key, a link could only wait for its mail in clear.
        let sends = config.sends_mail && !self.storage().keyring().is_empty();
        sends.then_some(config.dashboard_url.as_str())
    }

    pub(crate) fn storage(&self) -> &Storage {
        &self.inner.storage
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// Notes a command that is issued.
    #[cfg(test)]
    pub(crate) fn note_command(&self, command: &peekaboo_storage::Command) {
        self.inner.executed.lock().unwrap().push(command.kind());
    }

    /// The kinds of commands issued since this was last asked.
    #[cfg(test)]
    pub(crate) fn take_commands(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.inner.executed.lock().unwrap())
    }

    pub(crate) fn config(&self) -> &ApiConfig {
        &self.inner.config
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.inner.clock.now()
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    pub(crate) fn known(&self) -> &Known {
        &self.inner.known
    }
}
