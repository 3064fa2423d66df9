//! The command line: what `peekaboo` can be asked to do.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Arg, ArgMatches, Args, FromArgMatches, Parser, Subcommand};

use crate::{
    commands::{
        apply::ApplyArgs, evaluate::EvaluateArgs, export::ExportArgs, import::ImportArgs,
        key::KeyCommand, plan::PlanArgs, token::TokenCommand, types::TypesArgs,
    },
    config::{Config, ConfigError, Loaded, SECTIONS, SETTINGS},
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
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

/// What `peekaboo` can be asked to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the dashboard, the admin API and applications (what `peekaboo` alone does)
    Serve(ServeArgs),
    /// Serve applications what another hub or edge tells, with no database of one's own
    Edge(EdgeArgs),
    /// Bring the database's schema up to date and stop
    Migrate(SettingArgs),
    /// After restoring a backup: have every application start afresh, whatever version it holds
    ResetEpochs(SettingArgs),
    /// Print the admin API's OpenAPI document
    Openapi,
    /// Print the configuration in force, and where each value came from, with secrets redacted
    Config(ConfigArgs),
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
}

/// What `peekaboo serve` takes.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Make a demo organisation with flags, a user and a little shop to play with
    #[arg(long)]
    pub(crate) demo: bool,

    /// Write the addresses as JSON to FILE once everything listens
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: SettingArgs,
}

/// What `peekaboo edge` takes.
#[derive(Debug, Args)]
pub(crate) struct EdgeArgs {
    /// The hub or edge to follow, as `wss://flags.example.com`
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Option<String>,

    /// A server key of an environment to serve; repeat it for each. Others on this machine can see it; the variable `PEEKABOO_EDGE_KEYS` hides it
    #[arg(long = "key", value_name = "KEY")]
    pub(crate) keys: Vec<String>,

    /// Write the addresses as JSON to FILE once everything listens
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: SettingArgs,
}

impl EdgeArgs {
    /// The settings, the short flags among them.
    pub(crate) fn settings(self) -> SettingArgs {
        let mut settings = self.settings;
        if let Some(upstream) = self.upstream {
            settings.flags.insert("edge-upstream".to_owned(), upstream);
        }
        if !self.keys.is_empty() {
            let keys = self.keys.join(",");
            settings.flags.insert("edge-keys".to_owned(), keys);
        }
        settings
    }
}

/// What `peekaboo config` takes.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// Print the reference of every setting instead, as docs/configuration.md has it
    #[arg(long)]
    pub(crate) reference: bool,

    #[command(flatten)]
    pub(crate) settings: SettingArgs,
}

/// One flag a setting, and the file's name.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettingArgs {
    file: Option<PathBuf>,
    flags: BTreeMap<String, String>,
}

impl SettingArgs {
    /// The configuration that these flags, this process's variables and the file make.
    pub(crate) fn load(self) -> Result<Loaded, ConfigError> {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| name.starts_with("PEEKABOO_") || name == "DATABASE_URL")
            .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
            .collect();
        let named = variables
            .get("PEEKABOO_CONFIG")
            .filter(|path| !path.is_empty());
        let file = self.file.or_else(|| named.map(PathBuf::from));
        Config::load(file, self.flags, variables)
    }
}

impl Args for SettingArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("Read settings from this TOML file");
        SETTINGS.iter().fold(command.arg(file), |command, setting| {
            let about = SECTIONS
                .iter()
                .find(|(section, _)| *section == setting.section)
                .map_or("", |(_, about)| about.trim().trim_end_matches('.'));
            let default = match setting.default {
                "" => String::new(),
                default => format!(" [default: {default}]"),
            };
            let help = format!(
                "{}{default} [variable: {}]",
                setting.summary(),
                setting.variable()
            );
            let short = setting.summary().trim_end_matches('.');
            command.arg(
                Arg::new(setting.flag())
                    .long(setting.flag())
                    .value_name(
                        setting
                            .kind
                            .replace('`', "")
                            .replace(' ', "-")
                            .to_uppercase(),
                    )
                    .help(short)
                    .long_help(help)
                    .help_heading(about)
                    // `-h` stays a page; `--help` and docs/configuration.md have everything.
                    .hide_short_help(!setting.flag().ends_with("-listen")),
            )
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.file = matches.get_one("config").cloned();
        for setting in SETTINGS {
            let flag = setting.flag();
            if let Some(text) = matches.get_one::<String>(&flag) {
                self.flags.insert(flag, text.clone());
            }
        }
        Ok(())
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
