//! The PostgreSQL of scenarios that need one: the database that is named, else a throw-away server from
//! `scripts/postgres`.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr as _;

use anyhow::{Context as _, bail};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use crate::report::progress;

/// Where `scripts/postgres` says that its server is.
const SERVER: &str = "PEEKABOO_TEST_POSTGRES_URL";

const SCRIPT: &str = "scripts/postgres";

/// Has `scripts/postgres` start this program again next to a server, unless it did so already. Then this does not return;
/// where it cannot be done, the scenario that needs a database says so when its turn comes.
pub(crate) fn start_beside() {
    if std::env::var_os(SERVER).is_some() {
        return;
    }
    let (Some(script), Ok(program)) = (script(), std::env::current_exe()) else {
        return;
    };
    let error = Command::new(&script)
        .arg(program)
        .args(std::env::args_os().skip(1))
        .exec();
    progress(&format!("cannot run {}: {error}", script.display()));
}

/// The database that was named, else that of the throw-away server.
pub(crate) fn address(named: Option<&String>) -> anyhow::Result<String> {
    match named.cloned().or_else(|| std::env::var(SERVER).ok()) {
        Some(address) => Ok(address),
        None => bail!(
            "this scenario needs a PostgreSQL, and there is no {SCRIPT} here to start one: run this from the repository, \
             or name an empty database with --database"
        ),
    }
}

/// An empty database of its own on that server.
pub(crate) struct Fresh {
    server: String,
    name: &'static str,
    url: String,
}

impl Fresh {
    /// Creates it, in place of one that an earlier run left. The server's user must be allowed to create databases.
    pub(crate) async fn create(named: Option<&String>, name: &'static str) -> anyhow::Result<Self> {
        let server = address(named)?;
        let mut url = reqwest::Url::parse(&server).context("the database's address")?;
        url.set_path(name);
        let fresh = Self {
            url: url.into(),
            name,
            server,
        };
        fresh.remove().await?;
        fresh.run(format!("CREATE DATABASE {name}")).await?;
        Ok(fresh)
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Removes it.
    pub(crate) async fn remove(&self) -> anyhow::Result<()> {
        self.run(format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ))
        .await
    }

    async fn run(&self, sql: String) -> anyhow::Result<()> {
        let mut server = PgConnectOptions::from_str(&self.server)?.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut server)
            .await?;
        Ok(server.close().await?)
    }
}

/// Of the repository in which this was started.
fn script() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors()
        .map(|folder| folder.join(SCRIPT))
        .find(|script| script.is_file())
}
