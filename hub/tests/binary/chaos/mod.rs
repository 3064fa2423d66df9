//! Attacks on a running hub: by strangers, by neighbors, by crashes and by outages.
//!
//! Tests run each in small. `make chaos` runs them large, one after the other, and prints what was measured. They talk to
//! hubs on this machine only, and every loop in them has an end.

mod crashes;
mod neighbors;
mod outages;
mod strangers;

use std::time::Instant;

use crate::{postgres::database, support::Hub, wire::Wire};

/// Declares attacks that are made on a hub with each database. The body gets the settings that choose the database, and
/// the database's name.
macro_rules! on_both {
    ($(async fn $name:ident($database:ident: &Database) $body:block)*) => {$(
        async fn $name($database: &crate::chaos::Database) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(&crate::chaos::Database::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(&crate::chaos::Database::postgres().await).await;
            }
        }
    )*};
}

pub(crate) use on_both;

/// The database under a hub that is attacked.
pub(crate) struct Database {
    name: &'static str,
    /// The line to PostgreSQL.
    pub(crate) wire: Option<Wire>,
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        Self {
            name: "sqlite",
            wire: None,
        }
    }

    pub(crate) async fn postgres() -> Self {
        Self {
            name: "postgres",
            wire: Some(Wire::to(&database().await).await),
        }
    }

    /// Starts a hub on it with the demo.
    pub(crate) async fn hub(&self, settings: &[&str]) -> Hub {
        Hub::start(&[self.settings().as_slice(), settings].concat()).await
    }

    pub(crate) fn settings(&self) -> Vec<&str> {
        let url = self
            .wire
            .iter()
            .flat_map(|wire| ["--database-url", wire.url()]);
        ["--demo"].into_iter().chain(url).collect()
    }

    /// Prints what was measured.
    #[expect(
        clippy::print_stdout,
        reason = "the figures are what `make chaos` is for"
    )]
    pub(crate) fn figure(&self, what: &str, value: impl std::fmt::Display) {
        if is_large() {
            println!("chaos  {:<9} {what}: {value}", self.name);
        }
    }
}

/// Whether attacks are made with all that there is.
pub(crate) fn is_large() -> bool {
    std::env::var_os("PEEKABOO_CHAOS").is_some()
}

/// How many of something an attack has.
pub(crate) fn scale(small: usize, large: usize) -> usize {
    if is_large() { large } else { small }
}

/// Milliseconds since then.
pub(crate) fn millis(since: Instant) -> u128 {
    since.elapsed().as_millis()
}
