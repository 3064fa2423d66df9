//! Shows a plan, asks for confirmation, and carries it out.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use peekaboo_migrate::Plan;

use super::{apply::apply, client::Client, show::show};
use crate::commands::{failure::Failure, output::print_styled};

/// Options for applying a plan.
#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,

    /// Reason for the change, stored in the audit log
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

/// Shows a plan, asks for confirmation, and applies it.
pub(in crate::commands) async fn confirm_and_apply(
    client: &Client,
    plan: &Plan,
    confirm: &ConfirmArgs,
) -> Result<(), Failure> {
    print_styled(&show(plan, &client.place()))?;
    if plan.is_empty() {
        return Ok(());
    }
    if !confirm.yes && !agreed()? {
        return Err(Failure::from(anyhow!("canceled; no changes were made")));
    }
    apply(client, plan, confirm.comment.as_deref()).await
}

/// Asks for confirmation on the terminal.
fn agreed() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!(
            "cannot ask for confirmation because standard input is not a terminal; pass --yes to apply without asking"
        );
    }
    let mut terminal = io::stderr().lock();
    write!(terminal, "Apply these changes? Type yes: ").context("standard error")?;
    terminal.flush().context("standard error")?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .context("standard input")?;
    Ok(matches!(answer.trim(), "yes" | "y"))
}
