//! `peekaboo analyze`: what an experiment's summary numbers say, without a hub, a database or a network.

use anyhow::Context as _;
use clap::Args;

use super::{failure::Failure, file::read_json, output::print};

/// Arguments of `peekaboo analyze`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints {arms, warnings} as JSON for a comparison of arms, and {pValue} for a sample ratio. A list of questions gets a \
list of answers. Data that supports no conclusion gets a warning. If a question is malformed, the exit code is 64. \
docs/statistics.md describes every field and method.

Example:
  peekaboo analyze - <<'JSON'
  {\"metric\": \"proportion\", \"difference\": \"absolute\", \"method\": \"sequential\", \"plannedUnits\": 10000,
   \"arms\": [{\"name\": \"control\", \"units\": 4000, \"sum\": 400}, {\"name\": \"new\", \"units\": 4000, \"sum\": 480}]}
  JSON")]
pub(crate) struct AnalyzeArgs {
    /// File with a question as JSON, or a list of questions; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
}

pub(crate) fn run(args: &AnalyzeArgs) -> Result<(), Failure> {
    let question = read_json(&args.file)?;
    let answer = peekaboo_stats::analyze(&question)
        .with_context(|| args.file.clone())
        .map_err(Failure::usage)?;
    let answer =
        serde_json::to_string_pretty(&answer).context("cannot write the answer as JSON")?;
    print(&format!("{answer}\n"))?;
    Ok(())
}
