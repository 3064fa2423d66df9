//! Which subcommands can change what an organization has, and that each does so by a command.
//!
//! A subcommand reaches flags in two ways only: it opens the database, which takes the settings, or it asks a running
//! hub, which takes a token. What asks a hub can do no more than the admin API, whose tests prove the same of each of
//! its operations; imports are among those.

use clap::CommandFactory as _;

use crate::cli::Cli;

/// The subcommands that open the database, and why each may do so without a command.
const WITH_DATABASE: [(&str, &str); 18] = [
    (
        "serve",
        "starts the admin API, and with --demo executes the demo's commands; like setup, it creates the demo's people \
         and organization without a command",
    ),
    (
        "edge",
        "reads the settings but opens no database, and refuses every command",
    ),
    (
        "migrate",
        "changes the schema, not the content of organizations",
    ),
    ("reset-epochs", "executes resetEpoch for each environment"),
    ("config", "prints the settings and opens nothing"),
    (
        "token create",
        "gives access to the admin API; anyone who runs it can already write to the database",
    ),
    ("tasks list", "changes nothing"),
    (
        "tasks retry",
        "changes when a task is due, not the content of organizations",
    ),
    (
        "tasks drop",
        "deletes a task, not the content of organizations",
    ),
    ("mail test", "sends a mail and writes nothing"),
    (
        "organization export",
        "records the export in the audit log and changes nothing",
    ),
    ("audit verify", "changes nothing"),
    (
        "person reset",
        "lets a person choose a new password; anyone who runs it can already write to the database",
    ),
    (
        "operator add",
        "changes who the operators are, not the content of organizations",
    ),
    (
        "operator remove",
        "changes who the operators are, not the content of organizations",
    ),
    ("operator list", "changes nothing"),
    (
        "secret rotate",
        "re-encrypts second factors and changes nothing else",
    ),
    ("key create", "executes createSdkKey"),
];

/// The full name of every subcommand that does something itself, with its flags.
fn leaves(command: &clap::Command, path: &str, found: &mut Vec<(String, Vec<String>)>) {
    let mut subcommands = command.get_subcommands().peekable();
    if subcommands.peek().is_none() {
        let flags = command.get_arguments().filter_map(|flag| flag.get_long());
        found.push((path.trim().to_owned(), flags.map(str::to_owned).collect()));
    }
    for subcommand in subcommands {
        leaves(
            subcommand,
            &format!("{path} {}", subcommand.get_name()),
            found,
        );
    }
}

#[test]
fn every_subcommand_changes_what_an_organization_has_by_commands_or_says_why_not() {
    let mut found = Vec::new();
    leaves(&Cli::command(), "", &mut found);
    let takes = |flags: &[String], flag: &str| flags.iter().any(|taken| taken == flag);
    let with_database: Vec<_> = found
        .iter()
        .filter(|(_, flags)| takes(flags, "database-url"))
        .map(|(name, _)| name.as_str())
        .collect();
    let listed: Vec<_> = WITH_DATABASE.iter().map(|(name, _)| *name).collect();
    for name in &with_database {
        assert!(
            listed.contains(name),
            "`{name}` can open the database: execute a command, and say so here"
        );
    }
    assert_eq!(
        listed.len(),
        with_database.len(),
        "{listed:?} {with_database:?}"
    );

    let of_a_hub = |name: &str| {
        let (_, flags) = found.iter().find(|(found, _)| found == name).expect(name);
        takes(flags, "token") && !takes(flags, "database-url")
    };
    for name in ["apply", "import", "plan", "export"] {
        assert!(of_a_hub(name), "`{name}` asks a hub and opens no database");
    }
}
