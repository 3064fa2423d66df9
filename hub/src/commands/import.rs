//! `peekaboo import`: flags that come from elsewhere.

use std::fmt::Write as _;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use peekaboo_migrate::{Document, Import, Report, Source, Subject};

use super::{
    failure::Failure,
    file::{read, read_document, write},
    output::{note, print, print_styled},
    plan,
    remote::{ConfirmArgs, HubArgs, confirm_and_apply, show},
    runtime::block_on,
};

/// What `peekaboo import` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Adds and changes; what the hub has besides stays (`peekaboo apply --prune` deletes). Flags that cannot be expressed \
here are left out and named with the reason; what was brought with a difference is named too. docs/migration.md says \
what becomes of what, and how to export it there.

Examples:
  peekaboo import unleash features.json --dry-run
  peekaboo import launchdarkly flags.json segments.json --source-environment production --out flags.json
  peekaboo import flagd flags.flagd.json --project shop --environment staging
  peekaboo import ruleset flags.json --project shop --environment staging --yes")]
pub(crate) struct ImportArgs {
    /// What the files are
    #[arg(value_name = "FORMAT")]
    format: Format,

    /// The files; - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,

    /// The environment to take, where an export has several
    #[arg(long, value_name = "NAME")]
    source_environment: Option<String>,

    /// Say what would be imported, and change nothing; with a token, also what would change on the hub
    #[arg(long)]
    dry_run: bool,

    /// Write the flags to FILE, to look at them and `peekaboo apply` them later, and ask no hub; - for standard output
    #[arg(long, short, value_name = "FILE", conflicts_with = "dry_run")]
    out: Option<String>,

    /// With --dry-run, print what was left out and what differs as JSON
    #[arg(long, requires = "dry_run")]
    json: bool,

    #[command(flatten)]
    confirm: ConfirmArgs,

    #[command(flatten)]
    hub: HubArgs,
}

/// What files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Unleash: the export of its admin API, or what /api/client/features answers
    Unleash,
    /// LaunchDarkly: lists of flags and segments of its REST API, or what its SDKs receive
    #[value(name = "launchdarkly")]
    LaunchDarkly,
    /// flagd: flag definitions
    Flagd,
    /// GrowthBook: what its SDKs receive
    #[value(name = "growthbook")]
    GrowthBook,
    /// What `peekaboo export` writes, or a ruleset
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
    let Import { document, report } = load(args)?;
    if args.dry_run {
        if args.json {
            let text = serde_json::to_string_pretty(&report).context("the report has no JSON")?;
            print(&format!("{text}\n"))?;
        } else {
            print(&tell(&document, &report))?;
        }
        if args.json || !args.hub.has_token() {
            return Ok(());
        }
    } else {
        // Standard output is for the flags or the plan.
        note(&tell(&document, &report));
    }
    if let Some(out) = &args.out {
        return Ok(write(out, &document.to_text())?);
    }
    block_on(async {
        let client = args.hub.connect().await?;
        let plan = plan::make(&client, &document, false).await?;
        if args.dry_run {
            return Ok(print_styled(&format!(
                "\n{}",
                show(&plan, &client.place())
            ))?);
        }
        confirm_and_apply(&client, &plan, &args.confirm).await
    })
}

fn load(args: &ImportArgs) -> Result<Import, Failure> {
    let Some(source) = args.format.source() else {
        let documents = args.files.iter().map(|file| read_document(file));
        let documents = documents.collect::<Result<Vec<_>, _>>()?;
        let merged = documents
            .iter()
            .fold(Document::default(), |all, one| all.overlaid(one));
        return Ok(Import {
            document: merged,
            report: Report::default(),
        });
    };
    let files = args.files.iter().map(|file| {
        let text = read(file)?;
        serde_json::from_slice(&text).with_context(|| format!("{file} is not JSON"))
    });
    let files = files.collect::<anyhow::Result<Vec<_>>>();
    let files = files.map_err(Failure::usage)?;
    let imported = source.import(&files, args.source_environment.as_deref());
    imported
        .with_context(|| args.files.join(", "))
        .map_err(Failure::usage)
}

/// What was brought, how it differs, and what was left out.
fn tell(document: &Document, report: &Report) -> String {
    let flags = document.flags.len() + document.archived.len();
    let segments = document.segments.len();
    let mut text = format!("Read {flags} flags and {segments} segments.\n");
    for remark in &report.remarks {
        let _ = writeln!(text, "{remark}");
    }
    let notes = report
        .notes
        .iter()
        .map(|note| (&note.subject, note.message.as_str()));
    list(&mut text, "Brought with a difference", notes);
    let omissions = report.omissions.iter();
    let omissions = omissions.map(|omission| (&omission.subject, omission.reason.as_str()));
    list(&mut text, "Left out", omissions);
    text
}

fn list<'a>(text: &mut String, title: &str, items: impl Iterator<Item = (&'a Subject, &'a str)>) {
    let mut before = None;
    for (subject, line) in items {
        if before.is_none() {
            let _ = writeln!(text, "\n{title}:");
        }
        if before != Some(subject) {
            let _ = writeln!(text, "  {subject}");
            before = Some(subject);
        }
        let _ = writeln!(text, "    {line}");
    }
}
