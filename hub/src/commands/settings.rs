//! Every setting as a flag of the command line.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Arg, ArgMatches, Args, FromArgMatches};

use crate::config::{Config, ConfigError, Loaded, SECTIONS, SETTINGS};

/// One flag a setting, and the file's name.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettingArgs {
    file: Option<PathBuf>,
    pub(crate) flags: BTreeMap<String, String>,
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
