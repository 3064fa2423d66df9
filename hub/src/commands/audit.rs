//! `peekaboo audit`: whether the audit log is what was written, in the database or in a file that was exported.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Subcommand};
use peekaboo_flags::describe_json_error;
use peekaboo_storage::{AuditTrail, BrokenChain, ChainCheck, ChainHash, Key, Storage};
use serde_json::Value;

use super::{database::with_database, failure::Failure, output::print, settings::SettingArgs};

/// The subcommands of `peekaboo audit`.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Verify that no entry was changed, inserted or removed
    Verify(VerifyArgs),
}

/// Arguments of `peekaboo audit verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Checks the hash chains in the database, or in FILE. Prints a line for each organization, and exits with code 1 if a \
chain is broken. Someone who can write to the database can also replace a whole chain: store the printed head \
elsewhere, and pass it with --head next time.")]
pub(crate) struct VerifyArgs {
    /// Check a JSON Lines export, or the file of `audit.file`, instead of the database; - for standard input
    #[arg(long, value_name = "FILE")]
    file: Option<String>,

    /// Check only this organization
    #[arg(long, value_name = "KEY", conflicts_with = "file")]
    organization: Option<Key>,

    /// Hash of an entry from an earlier check; fail if no entry has it
    #[arg(long, value_name = "HASH")]
    head: Option<ChainHash>,

    #[command(flatten)]
    settings: SettingArgs,
}

pub(crate) fn run(command: AuditCommand) -> Result<(), Failure> {
    let AuditCommand::Verify(args) = command;
    let findings = match &args.file {
        Some(file) => in_file(open(file).map_err(Failure::usage)?, args.head)?,
        None => with_database(args.settings, async |_, storage| {
            in_database(storage, args.organization.as_ref(), args.head).await
        })?,
    };
    print(&findings.said)?;
    Ok(findings.conclude(args.head)?)
}

/// The results, chain by chain.
#[derive(Debug, Default)]
struct Findings {
    said: String,
    broken: usize,
    /// Whether a chain contains the entry with the requested hash.
    contains: bool,
}

impl Findings {
    fn whole(&mut self, name: &str, what: &str) {
        let _ = writeln!(self.said, "{name}: {what}");
    }

    fn broken(&mut self, name: &str, broken: &BrokenChain) {
        self.broken += 1;
        let _ = writeln!(self.said, "{name}: BROKEN: {broken}");
    }

    fn conclude(&self, head: Option<ChainHash>) -> anyhow::Result<()> {
        if self.broken > 0 {
            bail!("the audit log was changed");
        }
        match head {
            Some(head) if !self.contains => {
                bail!(
                    "no entry has the hash {head}: the chain was replaced, or that entry was deleted since"
                )
            }
            _ => Ok(()),
        }
    }
}

async fn in_database(
    storage: &Storage,
    only: Option<&Key>,
    head: Option<ChainHash>,
) -> anyhow::Result<Findings> {
    let mut trails = storage.audit_trails().await?;
    if let Some(key) = only {
        trails.retain(|trail| trail.key == *key);
        if trails.is_empty() {
            bail!("organization {key} not found, not even among deleted ones");
        }
    }
    let mut findings = Findings::default();
    for trail in &trails {
        let name = trail.key.as_str();
        match storage.verify_audit(trail.organization, head).await? {
            Ok(verified) => {
                findings.contains |= verified.contains == Some(true);
                findings.whole(name, &summary(trail, verified.entries));
            }
            Err(broken) => findings.broken(name, &broken),
        }
    }
    if trails.is_empty() {
        findings.said.push_str("no organizations\n");
    }
    Ok(findings)
}

fn summary(trail: &AuditTrail, entries: u64) -> String {
    let AuditTrail {
        head, forgotten, ..
    } = trail;
    let head = format!("head {} {}", head.sequence, head.hash);
    if trail.is_deleted {
        return format!("deleted with its entries; {head}");
    }
    let mut summary = format!("{entries} entries are whole; {head}");
    if forgotten.sequence > 0 {
        let _ = write!(
            summary,
            "; entries up to {} were deleted by age",
            forgotten.sequence
        );
    }
    summary
}

/// Checks lines of any number of organizations, each a part of its chain.
fn in_file(lines: impl BufRead, head: Option<ChainHash>) -> anyhow::Result<Findings> {
    let mut checks: BTreeMap<String, ChainCheck> = BTreeMap::new();
    let mut broken: BTreeMap<String, BrokenChain> = BTreeMap::new();
    let mut findings = Findings::default();
    for (index, line) in lines.lines().enumerate() {
        let line = line.context("cannot read the file")?;
        if line.trim().is_empty() {
            continue;
        }
        let at = index + 1;
        let entry: Value = serde_json::from_str(&line)
            .map_err(|error| anyhow!("line {at} is not JSON: {}", describe_json_error(&error)))?;
        let organization = entry.get("organization").and_then(Value::as_str);
        let organization = organization.ok_or_else(|| {
            anyhow!("line {at} is not an entry of the audit log: `organization` is missing")
        })?;
        if broken.contains_key(organization) {
            continue;
        }
        let check = checks
            .entry(organization.to_owned())
            .or_insert_with(ChainCheck::from_anywhere);
        match check.next(&entry) {
            Ok(checked) => {
                findings.contains |= head == Some(checked.hash) || head == Some(checked.previous);
            }
            Err(error) => {
                broken.insert(organization.to_owned(), error);
            }
        }
    }
    for (organization, check) in &checks {
        let name = format!("organization {organization}");
        match (broken.get(organization), check.head()) {
            (Some(error), _) => findings.broken(&name, error),
            (None, Some(last)) => {
                let first = last.sequence - i64::try_from(check.checked())? + 1;
                let what = format!(
                    "entries {first} to {} are whole; head {} {}",
                    last.sequence, last.sequence, last.hash
                );
                findings.whole(&name, &what);
            }
            (None, None) => {}
        }
    }
    if checks.is_empty() {
        bail!("the file has no entries");
    }
    Ok(findings)
}

fn open(file: &str) -> anyhow::Result<Box<dyn BufRead>> {
    if file == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let opened = File::open(Path::new(file)).with_context(|| format!("--file {file}"))?;
    Ok(Box::new(BufReader::new(opened)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line of the worked example.
    fn example() -> &'static str {
        let guide = include_str!("../../../docs/audit.md");
        let mut lines = guide.lines();
        lines
            .find(|line| line.starts_with("{\"action\":"))
            .expect("the example")
    }

    #[test]
    fn an_export_is_checked_without_the_database() {
        let findings = in_file(example().as_bytes(), None).expect("readable");
        assert_eq!(findings.broken, 0, "{}", findings.said);
        assert!(findings.said.contains("entries 1 to 1 are whole; head 1 "));
        let changed = example().replace("the sale begins", "the sale ends");
        let findings = in_file(changed.as_bytes(), None).expect("readable");
        assert_eq!(findings.broken, 1);
        assert!(
            findings.said.contains("entry 1 was changed"),
            "{}",
            findings.said
        );
        findings.conclude(None).expect_err("it is broken");
    }

    #[test]
    fn a_head_that_was_noted_must_be_there() {
        let noted: Value = serde_json::from_str(example()).expect("JSON");
        let noted = noted["hash"]
            .as_str()
            .expect("a hash")
            .parse()
            .expect("a hash");
        let findings = in_file(example().as_bytes(), Some(noted)).expect("readable");
        findings.conclude(Some(noted)).expect("it is there");
        let other = "11".repeat(32).parse().expect("a hash");
        let findings = in_file(example().as_bytes(), Some(other)).expect("readable");
        let refusal = findings.conclude(Some(other)).expect_err("it is not there");
        assert!(refusal.to_string().contains(&"11".repeat(32)), "{refusal}");
    }

    #[test]
    fn what_is_not_an_export_is_refused_with_its_line() {
        for (text, reason) in [
            ("", "no entries"),
            ("nonsense", "line 1 is not JSON: unknown word"),
            ("\n{}", "line 2 is not an entry of the audit log"),
        ] {
            let refusal = in_file(text.as_bytes(), None).expect_err(text);
            assert!(refusal.to_string().contains(reason), "{refusal}");
        }
    }
}
