//! What edits of a long segment cost the database: bytes on disk, and time, for each edit.
//!
//! `cargo bench -p peekaboo-storage --bench long_segments` edits a segment of 50,000 values 180 times on SQLite, in a
//! project of three environments: once by sending the whole list, once by adding single members.

#![expect(clippy::print_stdout, reason = "the figures are its output")]

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use peekaboo_flags::Value;
use peekaboo_flags::model::Condition;
use peekaboo_storage::{
    Attribution, Command, DatabaseUrl, Key, ListChange, NewOrganization, NewProject, NewSegment,
    NewUser, Options, OrganizationId, SegmentMembers, SegmentPatch, Storage, SubjectKey,
};
use serde_json::json;
use time::OffsetDateTime;

const MEMBERS: usize = 50_000;
const EDITS: usize = 180;

fn users(range: std::ops::Range<usize>) -> Vec<Value> {
    range
        .map(|nth| json!(format!("user-{nth:08}@example.com")))
        .collect()
}

async fn measure(name: &str, edit: impl Fn(usize) -> Command) -> anyhow::Result<()> {
    let folder = tempfile::TempDir::new()?;
    let path = folder.path().join("peekaboo.db");
    let storage = Storage::start(Options::new(DatabaseUrl::Sqlite(path.clone()))).await?;
    let organization = found(&storage).await?;
    let by = Attribution::system("bench", OffsetDateTime::now_utc());
    let before = size(&path)?;
    let began = Instant::now();
    for nth in 0..EDITS {
        storage.execute(organization, edit(nth), &by).await?;
    }
    let took = began.elapsed() / u32::try_from(EDITS)?;
    let grown = size(&path)?.saturating_sub(before);
    println!(
        "{name}: {EDITS} edits of {MEMBERS} values grew the database by {} MB, {} bytes and {took:?} for each edit",
        grown / 1_000_000,
        grown / EDITS as u64,
    );
    Ok(())
}

/// Makes an organization with a project and the segment.
async fn found(storage: &Storage) -> anyhow::Result<OrganizationId> {
    let now = OffsetDateTime::now_utc();
    let organization = NewOrganization {
        key: Key::parse("acme")?,
        name: "Acme".to_owned(),
    };
    let owner = NewUser {
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password_hash: String::new(),
    };
    let (organization, _) = storage.set_up(organization, owner, now).await?;
    let by = Attribution::system("bench", now);
    let project = NewProject {
        key: Key::parse("shop")?,
        name: "Shop".to_owned(),
        description: String::new(),
    };
    let create = Command::CreateProject { project };
    storage.execute(organization.id, create, &by).await?;
    let segment = NewSegment {
        key: SubjectKey::parse("beta")?,
        name: "Beta".to_owned(),
        description: String::new(),
        attribute: "targetingKey".to_owned(),
        included: users(0..MEMBERS),
        excluded: Vec::new(),
        when: Condition::never(),
    };
    let create = Command::CreateSegment {
        project: Key::parse("shop")?,
        segment,
    };
    storage.execute(organization.id, create, &by).await?;
    Ok(organization.id)
}

/// Bytes of the database and of what is on its way into it.
fn size(path: &Path) -> anyhow::Result<u64> {
    let log = path.with_extension("db-wal");
    let log = std::fs::metadata(log).map_or(0, |log| log.len());
    Ok(std::fs::metadata(path).context("the database")?.len() + log)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (project, segment) = (Key::parse("shop")?, SubjectKey::parse("beta")?);
    measure("whole lists", |nth| Command::UpdateSegment {
        project: project.clone(),
        segment: segment.clone(),
        patch: SegmentPatch {
            included: Some(users(nth + 1..MEMBERS + nth + 1)),
            ..SegmentPatch::default()
        },
        expected_version: None,
    })
    .await?;
    measure("single members", |nth| Command::UpdateSegmentMembers {
        project: project.clone(),
        segment: segment.clone(),
        members: SegmentMembers {
            included: ListChange {
                add: users(MEMBERS + nth..MEMBERS + nth + 1),
                remove: users(nth..nth + 1),
            },
            ..SegmentMembers::default()
        },
        expected_version: None,
    })
    .await
}
