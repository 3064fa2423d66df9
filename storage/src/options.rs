//! What a storage is opened with.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use peekaboo_flags::Limits as FlagLimits;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnectOptions;

use crate::keyring::Keyring;
use crate::secret::{Entropy, OsEntropy};

/// Where the database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A Postgres server.
    Postgres(Box<PgConnectOptions>),
    /// A SQLite file, made with its folder where it does not exist.
    Sqlite(PathBuf),
}

/// The text is not the address of a database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected postgres://… or sqlite:PATH{0}")]
pub struct InvalidDatabaseUrl(&'static str);

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    /// Reads `postgres://…`, `postgresql://…` or `sqlite:PATH`. The error never repeats the text: it may hold a password.
    fn from_str(text: &str) -> Result<Self, InvalidDatabaseUrl> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(":memory:") {
                return Err(InvalidDatabaseUrl(": a file's path is needed"));
            }
            return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(InvalidDatabaseUrl(""));
        }
        let options = PgConnectOptions::from_str(text)
            .map_err(|_| InvalidDatabaseUrl(": the address cannot be read"))?;
        Ok(DatabaseUrl::Postgres(Box::new(options)))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for DatabaseUrl {
    /// The address without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Postgres(options) => {
                let database = options.get_database().unwrap_or_default();
                let (host, port) = (options.get_host(), options.get_port());
                write!(f, "postgres://{host}:{port}/{database}")
            }
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
        }
    }
}

/// How many things there may be; every refusal names the limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Limits {
    /// Of what a project's flags and segments are made.
    pub flags: FlagLimits,
    /// Projects in an organisation; default 100.
    pub projects: usize,
    /// Environments in a project; default 20.
    pub environments: usize,
    /// Keys of an environment that are not revoked; default 50.
    pub sdk_keys: usize,
    /// Origins of a client key; default 50.
    pub origins: usize,
    /// Tokens of an organisation; default 100.
    pub api_tokens: usize,
    /// Tags of a flag; default 20.
    pub tags: usize,
    /// Invitations of an organization that nobody has accepted yet; default 200.
    pub invitations: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            flags: FlagLimits::default(),
            projects: 100,
            environments: 20,
            sdk_keys: 50,
            origins: 50,
            api_tokens: 100,
            tags: 20,
            invitations: 200,
        }
    }
}

/// What a storage is opened with; the fields beside the address have defaults that suit production.
#[derive(Clone)]
pub struct Options {
    /// Where the database is.
    pub database: DatabaseUrl,
    /// Postgres connections of this node at most, of which one listens; default 10, at least 2. On SQLite it bounds the readers, beside the one writer.
    pub connections: u32,
    /// How long a call waits for a connection before it answers [`crate::Error::Unavailable`]; default 2 s.
    pub acquire_timeout: Duration,
    /// How long one statement may take, waiting for locks included; default 3 s.
    pub statement_timeout: Duration,
    /// How many things there may be.
    pub limits: Limits,
    /// Versions that the change log keeps of each environment; default 1,000. Who holds an older one reads the ruleset.
    pub log_retention: i64,
    /// How often the feed looks for itself; default 1 s, which is how long a change may go unnoticed when every
    /// notification is lost. `None` trusts notifications alone, and is for tests.
    pub poll: Option<Duration>,
    /// Whether to send and hear Postgres notifications; default true.
    pub notify: bool,
    /// Pages that a SQLite file may have; as many as the disk holds by default. Stands for a full disk in tests.
    pub max_pages: Option<u32>,
    /// Where identifiers and secrets get their randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Encrypts the secrets that must be read again; none by default.
    pub keyring: Keyring,
}

impl Options {
    /// The defaults for a database.
    pub fn new(database: DatabaseUrl) -> Self {
        Options {
            database,
            connections: 10,
            acquire_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(3),
            limits: Limits::default(),
            log_retention: 1_000,
            poll: Some(Duration::from_secs(1)),
            notify: true,
            max_pages: None,
            entropy: Arc::new(OsEntropy),
            keyring: Keyring::default(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("database", &self.database)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_without_its_password() {
        let url: DatabaseUrl = "postgres://ada:hunter2@db.example:5433/flags"
            .parse()
            .expect("valid");
        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://db.example:5433/flags postgres://db.example:5433/flags"
        );
        let bad = "mysql://ada:hunter2@db"
            .parse::<DatabaseUrl>()
            .expect_err("not ours");
        assert!(!bad.to_string().contains("hunter2"));
    }

    #[test]
    fn a_sqlite_address_is_a_path() {
        for text in ["sqlite:data/p.db", "sqlite://data/p.db"] {
            assert_eq!(
                text.parse::<DatabaseUrl>().expect("valid").to_string(),
                "sqlite:data/p.db"
            );
        }
        assert!("sqlite:".parse::<DatabaseUrl>().is_err());
        assert!("sqlite::memory:".parse::<DatabaseUrl>().is_err());
    }
}
