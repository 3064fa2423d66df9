//! `peekaboo types`: flags as declarations for compilers.

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use peekaboo_migrate::{Visible, declare};

use super::{
    failure::Failure,
    file::{read_document, write},
    remote::HubArgs,
    runtime::block_on,
};

/// Arguments of `peekaboo types`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without FILE, reads the flags from a hub. A string flag whose values are single words becomes a union of them; other \
strings become plain strings. Objects get the members of their variations. The Rust code needs the crates \
peekaboo-sdk, serde (with derive) and serde_json.

Examples:
  peekaboo types flags.json --language typescript --client-visible --out src/flags.ts
  peekaboo types --project shop --environment production --language rust --out src/flags.rs
  peekaboo types flags.json --language rust --out src/flags.rs --check")]
pub(crate) struct TypesArgs {
    /// File from `peekaboo export`, or a ruleset; - for standard input
    #[arg(value_name = "FILE")]
    file: Option<String>,

    /// Language of the generated code
    #[arg(long, short, value_name = "LANGUAGE")]
    language: Language,

    /// Include only flags that client keys (browsers) can see
    #[arg(long)]
    client_visible: bool,

    /// Write to PATH; - for standard output
    #[arg(long, short, value_name = "PATH", default_value = "-")]
    out: String,

    /// Write nothing; exit with code 1 if the file at --out is out of date
    #[arg(long, requires = "out")]
    check: bool,

    #[command(flatten)]
    hub: HubArgs,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    /// An interface for `createClient<Flags>` of @peekaboo/sdk
    #[value(name = "typescript")]
    TypeScript,
    /// A module of handles for peekaboo-sdk
    Rust,
}

pub(crate) fn run(args: &TypesArgs) -> Result<(), Failure> {
    if args.check && args.out == "-" {
        return Err(Failure::usage(anyhow!(
            "--check needs a file to compare; name it with --out"
        )));
    }
    let document = match &args.file {
        Some(file) => read_document(file)?,
        None => block_on(async {
            let client = args.hub.connect().await?;
            Ok(client.export().await?.document)
        })?,
    };
    let language = match args.language {
        Language::TypeScript => peekaboo_migrate::Language::TypeScript,
        Language::Rust => peekaboo_migrate::Language::Rust,
    };
    let visible = if args.client_visible {
        Visible::ToClients
    } else {
        Visible::Everywhere
    };
    let command = command(args);
    let declared = declare(&document, language, visible, &command);
    if !args.check {
        return Ok(write(&args.out, &declared)?);
    }
    let out = &args.out;
    match std::fs::read_to_string(out) {
        Ok(kept) if kept == declared => Ok(()),
        Ok(_) => Err(Failure::from(anyhow!(
            "{out} is out of date; run: {command}"
        ))),
        Err(error) => Err(Failure::from(anyhow!("{out}: {error}; run: {command}"))),
    }
}

/// The command that regenerates the file; never includes a token.
fn command(args: &TypesArgs) -> String {
    let mut words = vec!["peekaboo types".to_owned()];
    match &args.file {
        Some(file) => words.push(file.clone()),
        None => words.extend(args.hub.place()),
    }
    words.push(match args.language {
        Language::TypeScript => "--language typescript".to_owned(),
        Language::Rust => "--language rust".to_owned(),
    });
    if args.client_visible {
        words.push("--client-visible".to_owned());
    }
    if args.out != "-" {
        words.push(format!("--out {}", args.out));
    }
    words.join(" ")
}
