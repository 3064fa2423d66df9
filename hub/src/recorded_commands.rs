//! Every command that works on the database leaves an entry in the audit log, or stands in a list with the reason why not.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use peekaboo_storage::{
    Attribution, AuditFilter, Command, DatabaseUrl, NewOrganization, NewProject, NewUser, Options,
    OrganizationId, Page, Storage,
};
use tempfile::TempDir;
use time::OffsetDateTime;

use crate::cli::{self, Cli};
use crate::test_storage::key;

/// The commands that leave an entry: how to call them in the order given, and what it is recorded as.
const RECORDED: &[(&str, &[&str], &str)] = &[
    (
        "token create",
        &[
            "--organization",
            "acme",
            "--name",
            "deploy",
            "--role",
            "viewer",
        ],
        "token.created",
    ),
    (
        "key create",
        &[
            "--organization",
            "acme",
            "--project",
            "shop",
            "--environment",
            "production",
            "--kind",
            "server",
            "--name",
            "shop",
        ],
        "key.created",
    ),
    (
        "person reset",
        &["ada@example.com"],
        "member.resetRequested",
    ),
    ("operator add", &["ada@example.com"], "member.operatorAdded"),
    (
        "operator remove",
        &["ada@example.com"],
        "member.operatorRemoved",
    ),
    (
        "organization export",
        &["acme", "--output", "/dev/null"],
        "organization.exported",
    ),
    ("reset-epochs", &[], "environment.reset"),
];

const OVER_HTTP: &str = "asks a running hub, which records what it is asked to change";
const READS: &str = "changes nothing";

/// The commands that leave none, and why that is right.
const UNRECORDED: &[(&str, &str)] = &[
    (
        "serve",
        "what is done with a running hub is recorded by its API",
    ),
    ("edge", "has no database"),
    (
        "migrate",
        "changes the schema, and nothing that belongs to an organization",
    ),
    ("openapi", READS),
    ("config", READS),
    ("analyze", READS),
    ("evaluate", READS),
    ("export", OVER_HTTP),
    ("plan", OVER_HTTP),
    ("apply", OVER_HTTP),
    ("import", OVER_HTTP),
    ("types", READS),
    ("audit verify", READS),
    ("tasks list", READS),
    (
        "tasks retry",
        "runs work again that was recorded when it was asked for",
    ),
    (
        "tasks drop",
        "gives up work, such as a mail, that cannot be done; asking for it was recorded",
    ),
    (
        "mail test",
        "sends a message that says nothing about an organization",
    ),
    ("operator list", READS),
    ("secret generate", READS),
    (
        "secret rotate",
        "encrypts the same secrets with another key: nobody gains or loses access",
    ),
];

/// The names of all commands, such as `token create`.
fn commands(command: &clap::Command, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    for command in command
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        let name = format!("{prefix}{}", command.get_name());
        if command.has_subcommands() {
            found.extend(commands(command, &format!("{name} ")));
        } else {
            found.push(name);
        }
    }
    found
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

async fn open(folder: &TempDir) -> Storage {
    let database = DatabaseUrl::Sqlite(folder.path().join("peekaboo.db"));
    Storage::start(Options::new(database))
        .await
        .expect("a database")
}

/// The organization `acme` with the project `shop`.
async fn set_up(folder: &TempDir) -> OrganizationId {
    let storage = open(folder).await;
    let organization = NewOrganization {
        key: key("acme"),
        name: "Acme".to_owned(),
    };
    let owner = NewUser {
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password_hash: String::new(),
    };
    let now = OffsetDateTime::now_utc();
    let (acme, _) = storage
        .set_up(organization, owner, now)
        .await
        .expect("set up");
    let project = NewProject {
        key: key("shop"),
        name: "Shop".to_owned(),
        description: String::new(),
    };
    let create = Command::CreateProject { project };
    let by = Attribution::system("test", now);
    storage
        .execute(acme.id, create, &by)
        .await
        .expect("created");
    storage.close().await;
    acme.id
}

async fn count(folder: &TempDir, organization: OrganizationId, action: &str) -> usize {
    let storage = open(folder).await;
    let filter = AuditFilter {
        action: Some(action.to_owned()),
        ..AuditFilter::default()
    };
    let listed = storage
        .audit(organization, &filter, &Page::first(100))
        .await;
    let count = listed.expect("read").items.len();
    storage.close().await;
    count
}

#[test]
fn every_command_is_recorded_or_says_why_not() {
    let recorded = RECORDED.iter().map(|(name, ..)| *name);
    let unrecorded = UNRECORDED.iter().map(|(name, _)| *name);
    let mut listed: Vec<_> = recorded.chain(unrecorded).map(str::to_owned).collect();
    let mut existing = commands(&Cli::command(), "");
    listed.sort();
    existing.sort();
    assert_eq!(existing, listed, "list each command once, above");
}

#[test]
fn what_a_command_does_is_recorded_in_the_organization() {
    let folder = TempDir::new().expect("a folder");
    let acme = run(set_up(&folder));
    let database = format!("sqlite:{}", folder.path().join("peekaboo.db").display());
    let data = folder.path().display().to_string();
    for (name, arguments, action) in RECORDED {
        let before = run(count(&folder, acme, action));
        let words = name.split(' ').chain(arguments.iter().copied());
        let settings = ["--database-url", &database, "--data-dir", &data];
        let line = ["peekaboo"].into_iter().chain(words).chain(settings);
        let cli = Cli::try_parse_from(line).expect("a command line");
        assert_eq!(cli::run(cli), ExitCode::SUCCESS, "{name}");
        assert!(
            run(count(&folder, acme, action)) > before,
            "{name}: {action}"
        );
    }
}
