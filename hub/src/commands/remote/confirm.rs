//! Shows a plan, asks for confirmation, and carries it out.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use peekaboo_migrate::Plan;

use super::{apply::apply, client::Client, show::show};
use crate::commands::{failure::Failure, output::print_styled};

/// How a plan is carried out.
#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// Do not ask before changing anything
    #[arg(long, short)]
    yes: bool,

    /// Why, for the audit log
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

/// Shows a plan, asks, and carries it out.
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
        return Err(Failure::from(anyhow!("nothing was changed")));
    }
    apply(client, plan, confirm.comment.as_deref()).await
}

/// Asks for confirmation on the terminal.
fn agreed() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!(
            "nothing was changed: standard input is not a terminal to confirm on; give --yes to change without asking"
        );
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
