//! The configuration, read from every place it may be given in.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use super::{
    check::check,
    error::ConfigError,
    file, hint,
    resolver::{Effective, Resolver},
    settings::{Config, SECTIONS},
    source::{Given, Source},
};

/// A configuration with where each of its values came from.
#[derive(Debug)]
pub struct Loaded {
    /// What is in force.
    pub config: Config,
    /// Variables that look like misspelled settings: worth a word, no reason to refuse, for
    /// Kubernetes sets `PEEKABOO_*` variables of its own next to a service of that name.
    pub warnings: Vec<String>,
    effective: Vec<Effective>,
}

impl Config {
    /// Reads the file, if one is named, and every setting; refuses with all that is wrong.
    pub fn load(
        file: Option<PathBuf>,
        flags: BTreeMap<String, String>,
        variables: BTreeMap<String, String>,
    ) -> Result<Loaded, ConfigError> {
        let mut problems = Vec::new();
        let file = match file {
            Some(path) => {
                let (values, unknown) = file::read(&path)?;
                problems.extend(unknown);
                Some((path, values))
            }
            None => None,
        };
        let given = Given {
            flags,
            variables,
            file,
        };
        let mut resolver = Resolver::new(&given);
        let config = Self::resolve(&mut resolver);
        check(&config, &mut resolver);
        problems.append(&mut resolver.problems);
        if !problems.is_empty() {
            return Err(ConfigError::Refused(problems));
        }
        Ok(Loaded {
            config,
            warnings: hint::misspelled_variables(given.variables.keys()),
            effective: resolver.effective,
        })
    }

    /// Only the defaults.
    pub fn defaults() -> Self {
        let given = Given::default();
        Self::resolve(&mut Resolver::new(&given))
    }
}

impl Loaded {
    /// The configuration in force as TOML, each value with where it came from, secrets redacted.
    pub fn describe(&self) -> String {
        let mut out = String::new();
        for (section, _) in SECTIONS {
            let rows: Vec<(String, &Source)> = self
                .effective
                .iter()
                .filter(|row| row.setting.section == *section)
                .map(|row| (assignment(row), &row.source))
                .collect();
            let width = rows.iter().map(|(text, _)| text.chars().count()).max();
            let width = width.unwrap_or_default();
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "[{section}]");
            for (text, source) in rows {
                let _ = writeln!(out, "{text:<width$}  # {source}");
            }
        }
        out
    }
}

fn assignment(row: &Effective) -> String {
    let field = row.setting.field;
    match row.shown.as_str() {
        "" => format!("# {field} ="),
        bare if row.setting.bare => format!("{field} = {bare}"),
        text => format!("{field} = {}", toml::Value::from(text)),
    }
}
