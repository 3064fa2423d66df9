//! `peekaboo import`: flags that come from elsewhere.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use peekaboo_migrate::{Document, Import, Renaming, Report, Source, Subject};
use serde_json::Value;

use super::{
    failure::Failure,
    file::{read_document, read_json, write},
    output::{note, print, print_styled},
    remote::{ConfirmArgs, HubArgs, confirm_and_apply, show},
    runtime::block_on,
};

/// Arguments of `peekaboo import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Adds and changes flags and segments, and never deletes any (`peekaboo apply --prune` does). The report lists every \
flag that was skipped or imported with a difference, and why. docs/migration.md says how to export from each system \
and how each feature is converted.

Examples:
  peekaboo import unleash features.json --dry-run
  peekaboo import launchdarkly flags.json segments.json --source-environment production --out flags.json
  peekaboo import flagd flags.flagd.json --project shop --environment staging
  peekaboo import ruleset flags.json --project shop --environment staging --yes")]
pub(crate) struct ImportArgs {
    /// Format of the files
    #[arg(value_name = "FORMAT")]
    format: Format,

    /// Files to import; - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,

    /// Environment to import, if the export has several
    #[arg(long, value_name = "NAME")]
    source_environment: Option<String>,

    /// Print what would be imported without changing anything; with a token, also what would change on the hub
    #[arg(long)]
    dry_run: bool,

    /// Write the flags to FILE instead of a hub, to review and `peekaboo apply` them later; - for standard output
    #[arg(long, short, value_name = "FILE", conflicts_with = "dry_run")]
    out: Option<String>,

    /// With --dry-run, print what was skipped and what differs as JSON
    #[arg(long, requires = "dry_run")]
    json: bool,

    #[command(flatten)]
    confirm: ConfirmArgs,

    #[command(flatten)]
    hub: HubArgs,
}

/// The format of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Unleash: an export from its admin API, or a response of /api/client/features
    Unleash,
    /// LaunchDarkly: flags and segments from its REST API, or the data its SDKs receive
    #[value(name = "launchdarkly")]
    LaunchDarkly,
    /// flagd: flag definitions
    Flagd,
    /// GrowthBook: the data its SDKs receive
    #[value(name = "growthbook")]
    GrowthBook,
    /// Peek-a-boo: a file from `peekaboo export`, or a ruleset
    Ruleset,
}

impl Format {
    fn source(self) -> Option<Source> {
        match self {
            Format::Unleash => Some(Source::Unleash),
            Format::LaunchDarkly => Some(Source::LaunchDarkly),
            Format::Flagd => Some(Source::Flagd),
            Format::GrowthBook => Some(Source::GrowthBook),
            Format::Ruleset => None,
        }
    }
}

pub(crate) fn run(args: &ImportArgs) -> Result<(), Failure> {
    let input = Input::read(args)?;
    let asks = args.out.is_none() && (!args.dry_run || (args.hub.has_token() && !args.json));
    // Also what will ask a hub is read first without: a file of something else is refused at once.
    let Import { document, report } = input.import(None)?;
    if !asks {
        return offline(args, &document, &report);
    }
    block_on(async {
        let client = args.hub.connect().await?;
        let present = client.export().await?;
        let Import { document, report } = input.import(Some(&present.document))?;
        let told = tell(&document, &report);
        let plan = peekaboo_migrate::plan(&document, &present, false).map_err(Failure::usage)?;
        if args.dry_run {
            print(&told)?;
            return Ok(print_styled(&format!(
                "\n{}",
                show(&plan, &client.place())
            ))?);
        }
        // Standard output is for the plan.
        note(&told);
        confirm_and_apply(&client, &plan, &args.confirm).await
    })
}

/// Handles the cases that need no hub: prints the report or writes the flags to a file.
fn offline(args: &ImportArgs, document: &Document, report: &Report) -> Result<(), Failure> {
    if let Some(out) = &args.out {
        // Standard output may be for the flags.
        note(&tell(document, report));
        return Ok(write(out, &document.to_text())?);
    }
    if args.json {
        let text = serde_json::to_string_pretty(report).context("the report has no JSON")?;
        return Ok(print(&format!("{text}\n"))?);
    }
    Ok(print(&tell(document, report))?)
}

/// The files, read.
enum Input<'a> {
    /// Of Peek-a-boo's own format.
    Document(Document),
    /// Of another system.
    Export {
        source: Source,
        files: Vec<Value>,
        args: &'a ImportArgs,
    },
}

impl<'a> Input<'a> {
    fn read(args: &'a ImportArgs) -> Result<Self, Failure> {
        let Some(source) = args.format.source() else {
            let documents = args.files.iter().map(|file| read_document(file));
            let documents = documents.collect::<Result<Vec<_>, _>>()?;
            let merged = documents
                .iter()
                .fold(Document::default(), |all, one| all.overlaid(one));
            return Ok(Self::Document(merged));
        };
        let files = args.files.iter().map(|file| read_json(file));
        let files = files.collect::<Result<_, _>>()?;
        Ok(Self::Export {
            source,
            files,
            args,
        })
    }

    /// `present` is the hub's current state.
    fn import(&self, present: Option<&Document>) -> Result<Import, Failure> {
        match self {
            Self::Document(document) => Ok(Import {
                document: document.clone(),
                report: Report::default(),
            }),
            Self::Export {
                source,
                files,
                args,
            } => source
                .import(files, args.source_environment.as_deref(), present)
                .with_context(|| args.files.join(", "))
                .map_err(Failure::usage),
        }
    }
}

/// What was imported, how it differs, which keys changed, and what was skipped.
fn tell(document: &Document, report: &Report) -> String {
    let flags = document.flags.len() + document.archived.len();
    let segments = document.segments.len();
    let mut text = format!("Read {flags} flags and {segments} segments.\n");
    for remark in &report.remarks {
        let _ = writeln!(text, "{remark}");
    }
    renamed(&mut text, &report.renamed);
    let notes = report
        .notes
        .iter()
        .map(|note| (note.message.as_str(), &note.subject));
    list(&mut text, "Imported with a difference", notes);
    let omissions = report.omissions.iter();
    let omissions = omissions.map(|omission| (omission.reason.as_str(), &omission.subject));
    list(&mut text, "Skipped", omissions);
    text
}

/// A table of the flags and segments with a new key.
fn renamed(text: &mut String, renamed: &[Renaming]) {
    if renamed.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nRenamed (update the code that reads them):");
    let width = |renaming: &Renaming| renaming.subject.to_string().chars().count();
    let width = renamed.iter().map(width).max().unwrap_or_default();
    for renaming in renamed {
        let source = renaming.subject.to_string();
        let why = if renaming.earlier {
            " (from an earlier import)"
        } else {
            ""
        };
        let _ = writeln!(text, "  {source:width$} → {}{why}", renaming.to);
    }
}

/// Each message once, with everything that it is about.
fn list<'a>(text: &mut String, title: &str, items: impl Iterator<Item = (&'a str, &'a Subject)>) {
    let mut by_message: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (message, subject) in items {
        by_message
            .entry(message)
            .or_default()
            .push(subject.to_string());
    }
    if by_message.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}:");
    for (message, subjects) in by_message {
        let _ = writeln!(text, "  {}\n    {message}", subjects.join(", "));
    }
}
