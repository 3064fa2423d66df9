//! The arguments that say which hub, project and environment a command is about.

use anyhow::anyhow;
use clap::Args;
use peekaboo_storage::Key;

use super::client::Client;
use crate::commands::failure::Failure;

/// Which hub a command talks to, and with which token.
#[derive(Debug, Args)]
#[command(next_help_heading = "Hub")]
pub(crate) struct HubArgs {
    /// URL of the hub's dashboard
    #[arg(
        long,
        value_name = "URL",
        env = "PEEKABOO_URL",
        default_value = "http://127.0.0.1:3000"
    )]
    url: String,

    /// Admin API token, from `peekaboo token create` or the dashboard. Other users of this machine can see it: prefer the variable
    #[arg(
        long,
        value_name = "TOKEN",
        env = "PEEKABOO_TOKEN",
        hide_env_values = true
    )]
    token: Option<String>,

    /// The project's key
    #[arg(long, value_name = "KEY", env = "PEEKABOO_PROJECT")]
    project: Option<Key>,

    /// The environment's key
    #[arg(long, value_name = "KEY", env = "PEEKABOO_ENVIRONMENT")]
    environment: Option<Key>,
}

impl HubArgs {
    /// Connects to the hub and finds the token's organization.
    pub(in crate::commands) async fn connect(&self) -> Result<Client, Failure> {
        let missing = |what: &str, variable: &str| {
            Failure::usage(anyhow!(
                "--{what} is missing; this command talks to a hub: pass --{what}, or set {variable}"
            ))
        };
        let token = self.token.as_deref().filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| missing("token", "PEEKABOO_TOKEN"))?;
        let project = self.project.as_ref();
        let project = project.ok_or_else(|| missing("project", "PEEKABOO_PROJECT"))?;
        let environment = self.environment.as_ref();
        let environment =
            environment.ok_or_else(|| missing("environment", "PEEKABOO_ENVIRONMENT"))?;
        Client::connect(&self.url, token, project, environment).await
    }

    /// Whether a token is set.
    pub(in crate::commands) fn has_token(&self) -> bool {
        self.token.as_deref().is_some_and(|token| !token.is_empty())
    }

    /// The project and environment, as arguments.
    pub(in crate::commands) fn place(&self) -> Vec<String> {
        let project = self.project.iter().map(|key| format!("--project {key}"));
        let environment = self
            .environment
            .iter()
            .map(|key| format!("--environment {key}"));
        project.chain(environment).collect()
    }
}
