//! `peekaboo organization`: commands on a whole organization, directly on the database.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use peekaboo_dashboard_api::export_organization;
use peekaboo_storage::{Attribution, Key, Storage};
use time::OffsetDateTime;

use super::{database::with_database, failure::Failure, settings::SettingArgs};

/// The subcommands of `peekaboo organization`.
#[derive(Debug, Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Export an organization as JSON, one document per line
    Export(ExportArgs),
}

/// Arguments of `peekaboo organization export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The organization's key
    organization: Key,

    /// Write to this file instead of standard output
    #[arg(long, short)]
    output: Option<PathBuf>,

    #[command(flatten)]
    settings: SettingArgs,
}

pub(crate) fn run(command: OrganizationCommand) -> Result<(), Failure> {
    let OrganizationCommand::Export(args) = command;
    with_database(args.settings, async |_, storage| {
        let now = OffsetDateTime::now_utc();
        match args.output {
            None => export(storage, &args.organization, io::stdout().lock(), now).await,
            Some(path) => {
                let file = File::create(&path)
                    .with_context(|| format!("cannot create {}", path.display()))?;
                export(storage, &args.organization, BufWriter::new(file), now).await
            }
        }
    })
}

async fn export(
    storage: &Storage,
    key: &Key,
    mut output: impl Write,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let found = storage.organization(key).await?;
    let found = found.with_context(|| format!("organization {key} not found"))?;
    let by = Attribution::system("peekaboo organization export", now);
    let organization = storage.note_export(found.id, &by).await?;
    let mut lines = export_organization(storage.clone(), organization, now);
    while let Some(line) = lines.recv().await {
        output
            .write_all(line?.as_bytes())
            .context("cannot write the export")?;
    }
    output.flush().context("cannot write the export")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_storage::{TestStorage, key};

    #[tokio::test]
    async fn an_export_is_complete_lines_and_is_recorded() {
        let (storage, organization) = TestStorage::with_organization().await;
        let mut written = Vec::new();
        let now = OffsetDateTime::now_utc();
        export(&storage, &organization.key, &mut written, now)
            .await
            .expect("exported");
        let text = String::from_utf8(written).expect("text");
        let kinds: Vec<String> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
            .map(|line| line["kind"].as_str().expect("a kind").to_owned())
            .collect();
        assert_eq!(kinds.first().map(String::as_str), Some("organization"));
        assert_eq!(kinds.last().map(String::as_str), Some("end"));
        assert!(text.contains("organization.exported"));
        let missing = export(&storage, &key("nowhere"), io::sink(), now).await;
        let error = format!("{:#}", missing.expect_err("there is none"));
        assert_eq!(error, "organization nowhere not found");
    }
}
