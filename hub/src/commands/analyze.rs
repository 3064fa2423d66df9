//! `peekaboo analyze`: what an experiment's summary numbers say, without a hub, a database or a network.

use anyhow::Context as _;
use clap::Args;

use super::{failure::Failure, file::read_json, output::print};

/// What `peekaboo analyze` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints {arms, warnings} as JSON for a comparison of arms and {pValue} for a sample ratio; for a list of questions, the \
list of answers. Data that allows no conclusion is answered with a warning. The exit code is 64 where a question is \
malformed. docs/statistics.md describes every field and method.

Example:
  peekaboo analyze - <<'JSON'
  {\"metric\": \"proportion\", \"difference\": \"absolute\", \"method\": \"sequential\", \"plannedUnits\": 10000,
   \"arms\": [{\"name\": \"control\", \"units\": 4000, \"sum\": 400}, {\"name\": \"new\", \"units\": 4000, \"sum\": 480}]}
  JSON")]
pub(crate) struct AnalyzeArgs {
    /// A question as JSON, or a list of questions; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
}

pub(crate) fn run(args: &AnalyzeArgs) -> Result<(), Failure> {
    let question = read_json(&args.file)?;
    let answer = peekaboo_stats::analyze(&question)
        .with_context(|| args.file.clone())
        .map_err(Failure::usage)?;
    let answer = serde_json::to_string_pretty(&answer).context("the answer has no JSON")?;
    print(&format!("{answer}\n"))?;
    Ok(())
}
