//! The command line: what `peekaboo` can be asked to do.

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

/// Feature flags that every connected application sees change within milliseconds.
#[derive(Debug, Parser)]
#[command(
    name = "peekaboo",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "With no command, `peekaboo` serves. Every setting is a flag, a PEEKABOO_* \
                  variable and a line of a TOML file: see `peekaboo serve --help`."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: ServeArgs,
}

/// What `peekaboo` can be asked to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard, the admin API and applications (what `peekaboo` alone does)
    Serve(ServeArgs),
    /// Serve applications what another hub or edge sends, without a database of its own
    Edge(EdgeArgs),
    /// Bring the database's schema up to date and stop
    Migrate(SettingArgs),
    /// After restoring a backup: have every application start afresh, whatever version it holds
    ResetEpochs(SettingArgs),
    /// Print the admin API's OpenAPI document
    Openapi,
    /// Print the configuration in force, and where each value came from, with secrets redacted
    Config(ConfigArgs),
    /// Print what an experiment's summary numbers say: estimates, intervals and tests
    Analyze(AnalyzeArgs),
    /// Print what a ruleset in a file serves to a context, and why
    Evaluate(EvaluateArgs),
    /// Write an environment's flags and segments to a file, from a running hub
    Export(ExportArgs),
    /// Show what would change on a running hub for it to have what a file says
    Plan(PlanArgs),
    /// Make a running hub have what a file says
    Apply(ApplyArgs),
    /// Bring flags of another system, or of a file, to a running hub; what is there besides stays
    Import(ImportArgs),
    /// Declare the types of flags in TypeScript or Rust
    Types(TypesArgs),
    /// Make credentials for machines that use the admin API
    #[command(subcommand)]
    Token(TokenCommand),
    /// Make keys that applications connect with
    #[command(subcommand)]
    Key(KeyCommand),
    /// Check the audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Show background work, and retry what failed
    #[command(subcommand)]
    Tasks(TasksCommand),
    /// Try out the mail settings
    #[command(subcommand)]
    Mail(MailCommand),
    /// Let somebody back into their account
    #[command(subcommand)]
    Person(PersonCommand),
    /// Say who runs this hub
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Take everything along that is in an organization
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Make and replace the secret key that encrypts second factors
    #[command(subcommand)]
    Secret(SecretCommand),
}

/// Does what the command line asks; on failure, says why on standard error.
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
