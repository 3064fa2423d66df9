//! The command line: every subcommand of `peekaboo`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{
    analyze::{self, AnalyzeArgs},
    apply::{self, ApplyArgs},
    audit::{self, AuditCommand},
    config::{self, ConfigArgs},
    edge::{self, EdgeArgs},
    evaluate::{self, EvaluateArgs},
    export::{self, ExportArgs},
    import::{self, ImportArgs},
    key::{self, KeyCommand},
    mail::{self, MailCommand},
    migrate, openapi,
    operator::{self, OperatorCommand},
    organization::{self, OrganizationCommand},
    person::{self, PersonCommand},
    plan::{self, PlanArgs},
    reset_epochs,
    secret::{self, SecretCommand},
    serve::{self, ServeArgs},
    settings::SettingArgs,
    tasks::{self, TasksCommand},
    token::{self, TokenCommand},
    types::{self, TypesArgs},
};

/// Feature flags that reach every connected application within milliseconds
#[derive(Debug, Parser)]
#[command(
    name = "peekaboo",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Without a command, `peekaboo` runs `peekaboo serve`. You can set every setting with a flag, a \
                  PEEKABOO_* variable or a TOML file: see `peekaboo serve --help`."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: ServeArgs,
}

/// The subcommands of `peekaboo`.
#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard, the admin API and applications (the default command)
    Serve(ServeArgs),
    /// Serve applications from another hub or edge, without a database
    Edge(EdgeArgs),
    /// Migrate the database to the current schema, then exit
    Migrate(SettingArgs),
    /// Make every application fetch a new snapshot; run this after restoring a backup
    ResetEpochs(SettingArgs),
    /// Print the admin API's OpenAPI document
    Openapi,
    /// Print the effective configuration and the source of each value, with secrets redacted
    Config(ConfigArgs),
    /// Analyze an experiment's summary numbers: estimates, intervals and tests
    Analyze(AnalyzeArgs),
    /// Evaluate the flags of a file for a context, and explain the result
    Evaluate(EvaluateArgs),
    /// Write an environment's flags and segments from a running hub to a file
    Export(ExportArgs),
    /// Show what `apply` would change on a running hub to match a file
    Plan(PlanArgs),
    /// Change a running hub's flags and segments to match a file
    Apply(ApplyArgs),
    /// Import flags from another system or a file into a running hub; never deletes anything
    Import(ImportArgs),
    /// Generate TypeScript or Rust types for your flags
    Types(TypesArgs),
    /// Create tokens for scripts that use the admin API
    #[command(subcommand)]
    Token(TokenCommand),
    /// Create the keys that applications connect with
    #[command(subcommand)]
    Key(KeyCommand),
    /// Check the audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// List background tasks, and retry or delete failed ones
    #[command(subcommand)]
    Tasks(TasksCommand),
    /// Test the mail settings
    #[command(subcommand)]
    Mail(MailCommand),
    /// Help someone back into their account
    #[command(subcommand)]
    Person(PersonCommand),
    /// Manage the operators of this hub
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Export an organization
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Generate and rotate the secret key that encrypts second factors
    #[command(subcommand)]
    Secret(SecretCommand),
}

/// Runs the command; on failure, prints the reason on standard error.
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(args)) => serve::run(args),
        Some(Command::Edge(args)) => edge::run(args),
        Some(Command::Migrate(args)) => migrate::run(args),
        Some(Command::ResetEpochs(args)) => reset_epochs::run(args),
        Some(Command::Config(args)) => config::run(args),
        Some(Command::Openapi) => openapi::run(),
        Some(Command::Analyze(args)) => analyze::run(&args),
        Some(Command::Evaluate(args)) => evaluate::run(&args),
        Some(Command::Export(args)) => export::run(&args),
        Some(Command::Plan(args)) => plan::run(&args),
        Some(Command::Apply(args)) => apply::run(&args),
        Some(Command::Import(args)) => import::run(&args),
        Some(Command::Types(args)) => types::run(&args),
        Some(Command::Token(command)) => token::run(command),
        Some(Command::Key(command)) => key::run(command),
        Some(Command::Audit(command)) => audit::run(command),
        Some(Command::Tasks(command)) => tasks::run(command),
        Some(Command::Mail(command)) => mail::run(command),
        Some(Command::Person(command)) => person::run(command),
        Some(Command::Operator(command)) => operator::run(command),
        Some(Command::Organization(command)) => organization::run(command),
        Some(Command::Secret(command)) => secret::run(command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_are_settings_with_or_without_naming_the_command() {
        for line in [
            &["peekaboo", "--demo", "--log-format", "json"][..],
            &["peekaboo", "serve", "--demo", "--log-format", "json"][..],
        ] {
            let cli = Cli::try_parse_from(line).expect("a command line");
            let args = match cli.command {
                Some(Command::Serve(args)) => args,
                None => cli.serve,
                Some(other) => panic!("{other:?}"),
            };
            assert!(args.demo);
            assert_eq!(args.settings.flags["log-format"], "json");
        }
    }
}
