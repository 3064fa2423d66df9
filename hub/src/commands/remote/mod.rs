//! What commands that ask a running hub have in common: where it is, how to ask it, and how to carry out a plan there.

mod apply;
mod client;
mod show;

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use clap::Args;
use peekaboo_migrate::{Document, Plan};
use peekaboo_storage::Key;

use super::Failure;

pub(super) use apply::apply;
pub(super) use client::Client;
pub(super) use show::show;

/// Where a command asks, and as whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Hub")]
pub(crate) struct HubArgs {
    /// Where the hub's dashboard is
    #[arg(
        long,
        value_name = "URL",
        env = "PEEKABOO_URL",
        default_value = "http://127.0.0.1:3000"
    )]
    url: String,

    /// A token of the admin API, as `peekaboo token create` or the dashboard make them. Others on this machine can see it; the variable hides it
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
    /// Finds the hub, and the organisation that the token is of.
    pub(super) async fn connect(&self) -> Result<Client, Failure> {
        let missing = |what: &str, variable: &str| {
            Failure::usage(anyhow::anyhow!(
                "give --{what}, or set {variable}: this asks a hub"
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

    /// Whether somebody gave a token.
    pub(super) fn has_token(&self) -> bool {
        self.token.as_deref().is_some_and(|token| !token.is_empty())
    }

    /// The project and environment, as arguments.
    pub(super) fn place(&self) -> Vec<String> {
        let project = self.project.iter().map(|key| format!("--project {key}"));
        let environment = self
            .environment
            .iter()
            .map(|key| format!("--environment {key}"));
        project.chain(environment).collect()
    }
}

/// What carrying out a plan needs to know beside it.
#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// Do not ask before changing anything
    #[arg(long, short)]
    pub(super) yes: bool,

    /// Why, for the audit log
    #[arg(long, value_name = "TEXT")]
    pub(super) comment: Option<String>,
}

/// Reads a file, or standard input where it is `-`.
pub(super) fn read(file: &str) -> anyhow::Result<Vec<u8>> {
    if file == "-" {
        let mut text = Vec::new();
        io::Read::read_to_end(&mut io::stdin().lock(), &mut text).context("standard input")?;
        return Ok(text);
    }
    std::fs::read(file).with_context(|| file.to_owned())
}

/// Reads a document, or standard input where the file is `-`.
pub(super) fn read_document(file: &str) -> Result<Document, Failure> {
    let text = read(file).map_err(Failure::usage)?;
    let document = Document::read(&text).with_context(|| file.to_owned());
    document.map_err(Failure::usage)
}

/// Writes a file whole or not at all, or to standard output where it is `-`.
pub(super) fn write(file: &str, text: &str) -> anyhow::Result<()> {
    if file == "-" {
        super::print(text);
        return Ok(());
    }
    let path = std::path::Path::new(file);
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        // A pipe or a device has nothing that could be lost.
        return std::fs::write(path, text).with_context(|| file.to_owned());
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, text).with_context(|| file.to_owned())?;
    std::fs::rename(&beside, path).with_context(|| file.to_owned())
}

/// Shows a plan, asks, and carries it out.
pub(super) async fn confirm_and_apply(
    client: &Client,
    plan: &Plan,
    confirm: &ConfirmArgs,
) -> Result<(), Failure> {
    super::print(&show(
        plan,
        &client.place(),
        colours(io::stdout().is_terminal()),
    ));
    if plan.is_empty() {
        return Ok(());
    }
    if !confirm.yes && !agreed()? {
        return Err(Failure::from(anyhow::anyhow!("nothing was changed")));
    }
    apply(client, plan, confirm.comment.as_deref()).await
}

/// Asks whoever sits there.
fn agreed() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nothing was changed: there is nobody to ask; give --yes to change it without");
    }
    let mut terminal = io::stderr().lock();
    write!(terminal, "Make these changes? Type yes: ").context("standard error")?;
    terminal.flush().context("standard error")?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .context("standard input")?;
    Ok(matches!(answer.trim(), "yes" | "y"))
}

/// Whether to write in colours: to people, unless they said that they want none.
pub(super) fn colours(is_terminal: bool) -> bool {
    is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
