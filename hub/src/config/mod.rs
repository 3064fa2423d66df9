//! The configuration: one struct of sub-configs, read and checked before anything binds.
//!
//! Flags win over `PEEKABOO_*` variables, those over the TOML file, and that over the defaults.
//! Nothing here opens a socket or a database.

mod file;
mod hint;
mod reference;
mod settings;
mod source;
mod value;

use std::{collections::BTreeMap, fmt::Write as _, net::SocketAddr, path::PathBuf, time::Duration};

use peekaboo_flags::{MAX_VALUE_DEPTH, model::MAX_CONDITION_DEPTH};

use self::source::{Effective, Resolver};
pub(crate) use self::{
    reference::reference,
    settings::{SECTIONS, SETTINGS},
};
pub use self::{
    settings::{Config, Dashboard, Data, Database, Edge, Limits, Log, Metrics, Sdk, Shutdown},
    source::{Given, Problem, Source},
    value::{ByteSize, DatabaseUrl, LogFilter, LogFormat, Origin, ServerKeys, Upstream},
};

/// The longest drain that still ends within the 30 seconds that process managers grant.
const LONGEST_WINDOW: Duration = Duration::from_secs(25);

/// Why the configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the configuration file {path} is not TOML: {detail}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        detail: String,
    },
    /// Settings are wrong: every one that is.
    #[error("{}", list(.0))]
    Refused(Vec<Problem>),
}

fn list(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(Problem::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A configuration with where each of its values came from.
#[derive(Debug)]
pub struct Loaded {
    /// What is in force.
    pub config: Config,
    /// Variables that look like misspelt settings: worth a word, no reason to refuse, for
    /// Kubernetes sets `PEEKABOO_*` variables of its own beside a service of that name.
    pub warnings: Vec<String>,
    effective: Vec<Effective>,
}

impl Config {
    /// Reads the file, if one is named, and every setting; refuses with all that is wrong.
    pub fn load(
        file: Option<PathBuf>,
        flags: BTreeMap<String, String>,
        variables: BTreeMap<String, String>,
    ) -> Result<Loaded, ConfigError> {
        let mut problems = Vec::new();
        let file = match file {
            Some(path) => {
                let (values, unknown) = file::read(&path)?;
                problems.extend(unknown);
                Some((path, values))
            }
            None => None,
        };
        let given = Given {
            flags,
            variables,
            file,
        };
        let mut resolver = Resolver::new(&given);
        let config = Self::resolve(&mut resolver);
        config.check(&mut resolver);
        problems.append(&mut resolver.problems);
        if !problems.is_empty() {
            return Err(ConfigError::Refused(problems));
        }
        Ok(Loaded {
            config,
            warnings: hint::misspelt_variables(given.variables.keys()),
            effective: resolver.effective,
        })
    }

    /// The defaults alone.
    pub fn defaults() -> Self {
        let given = Given::default();
        Self::resolve(&mut Resolver::new(&given))
    }

    /// What no single value shows.
    fn check(&self, resolver: &mut Resolver<'_>) {
        let mut refuse = |field: &str, detail: String| {
            let source = resolver.source_of(field);
            resolver.problems.push(Problem {
                field: field.to_owned(),
                source,
                detail,
            });
        };
        let listeners = self.listeners();
        for (index, (name, address)) in listeners.iter().enumerate() {
            let taken = listeners[..index]
                .iter()
                .find(|(_, other)| other == address && address.port() != 0);
            if let Some((other, _)) = taken {
                refuse(
                    name,
                    format!("\"{address}\" is the address of {other} too; give each its own port"),
                );
            }
        }
        if self.shutdown.window > LONGEST_WINDOW {
            refuse(
                "shutdown.window",
                "is longer than 25s; the process is to end within 30s".to_owned(),
            );
        }
        if self.database.max_connections < 2 {
            refuse(
                "database.max_connections",
                "is less than 2; one is held to listen for changes".to_owned(),
            );
        }
        if self.limits.condition_depth > MAX_CONDITION_DEPTH {
            refuse(
                "limits.condition_depth",
                format!("is more than {MAX_CONDITION_DEPTH}; nothing deeper can be read"),
            );
        }
        if self.limits.value_depth > MAX_VALUE_DEPTH {
            refuse(
                "limits.value_depth",
                format!("is more than {MAX_VALUE_DEPTH}; nothing deeper can be read"),
            );
        }
        let second = Duration::from_secs(1);
        for (field, too_little) in [
            (
                "dashboard.max_connections",
                self.dashboard.max_connections == 0,
            ),
            ("dashboard.max_body", self.dashboard.max_body.0 == 0),
            (
                "dashboard.session_idle",
                self.dashboard.session_idle < second,
            ),
            ("sdk.max_connections", self.sdk.max_connections == 0),
            (
                "sdk.handshakes_per_second",
                self.sdk.handshakes_per_second == 0,
            ),
            ("sdk.handshake_burst", self.sdk.handshake_burst == 0),
            ("sdk.heartbeat", self.sdk.heartbeat < second),
            ("sdk.hello_timeout", self.sdk.hello_timeout.is_zero()),
            (
                "sdk.slow_consumer_timeout",
                self.sdk.slow_consumer_timeout < second,
            ),
            ("sdk.organization_idle", self.sdk.organization_idle < second),
            ("sdk.history", self.sdk.history == 0),
            (
                "database.acquire_timeout",
                self.database.acquire_timeout.is_zero(),
            ),
            (
                "database.statement_timeout",
                self.database.statement_timeout.is_zero(),
            ),
            ("database.log_retention", self.database.log_retention == 0),
        ] {
            if too_little {
                refuse(field, "is too little for anything to work".to_owned());
            }
        }
    }

    /// The three listeners by the setting that places them.
    pub fn listeners(&self) -> [(&'static str, SocketAddr); 3] {
        [
            ("dashboard.listen", self.dashboard.listen),
            ("sdk.listen", self.sdk.listen),
            ("metrics.listen", self.metrics.listen),
        ]
    }

    /// The database in force: the one that is named, else the embedded one in the data directory.
    pub fn database_url(&self) -> DatabaseUrl {
        self.database
            .url
            .clone()
            .unwrap_or_else(|| DatabaseUrl::embedded(self.data.dir.join("peekaboo.db")))
    }
}

impl Loaded {
    /// The configuration in force as TOML, each value with where it came from, secrets redacted.
    pub fn describe(&self) -> String {
        let mut out = String::new();
        for (section, _) in SECTIONS {
            let rows: Vec<(String, &Source)> = self
                .effective
                .iter()
                .filter(|row| row.setting.section == *section)
                .map(|row| (assignment(row), &row.source))
                .collect();
            let width = rows.iter().map(|(text, _)| text.chars().count()).max();
            let width = width.unwrap_or_default();
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "[{section}]");
            for (text, source) in rows {
                let _ = writeln!(out, "{text:<width$}  # {source}");
            }
        }
        out
    }
}

fn assignment(row: &Effective) -> String {
    let field = row.setting.field;
    match row.shown.as_str() {
        "" => format!("# {field} ="),
        bare if row.setting.bare => format!("{field} = {bare}"),
        text => format!("{field} = {}", toml::Value::from(text)),
    }
}

#[cfg(test)]
mod tests;
