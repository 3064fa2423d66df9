//! The TOML file: a table a section, a scalar a setting.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    error::ConfigError,
    hint::nearest,
    problem::Problem,
    setting::Setting,
    settings::{SECTIONS, SETTINGS, find},
    source::Source,
};

/// Reads the file's settings by `section.field`, and notes every unknown name.
pub(super) fn read(path: &Path) -> Result<(BTreeMap<String, String>, Vec<Problem>), ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    // Some editors write a byte order mark before it.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned();
    let document: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        ConfigError::Malformed {
            path: path.to_owned(),
            // The parser's own picture of the line would show its values, which may be secrets.
            detail: position(&text, &error) + error.message(),
        }
    })?;
    let mut reader = Reader {
        path: path.to_owned(),
        values: BTreeMap::new(),
        problems: Vec::new(),
    };
    for (section, value) in &document {
        reader.section(section, value);
    }
    Ok((reader.values, reader.problems))
}

fn position(text: &str, error: &toml::de::Error) -> String {
    error.span().map_or_else(String::new, |span| {
        let before = text.get(..span.start).unwrap_or_default();
        format!("line {}: ", before.matches('\n').count() + 1)
    })
}

struct Reader {
    path: PathBuf,
    values: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Reader {
    fn section(&mut self, section: &str, value: &toml::Value) {
        let known = SECTIONS.iter().any(|(name, _)| *name == section);
        let Some(table) = value.as_table().filter(|_| known) else {
            let names = SECTIONS.iter().map(|(name, _)| (*name).to_owned());
            let detail = if known {
                format!("must be a table; write [{section}]")
            } else {
                format!("unknown section{}", suggestion(section, names))
            };
            self.refuse(section.to_owned(), detail);
            return;
        };
        for (field, value) in table {
            self.field(section, field, value);
        }
    }

    fn field(&mut self, section: &str, field: &str, value: &toml::Value) {
        let name = format!("{section}.{field}");
        if find(section, field).is_none() {
            let names = SETTINGS.iter().map(Setting::name);
            let detail = format!("unknown setting{}", suggestion(&name, names));
            self.refuse(name, detail);
            return;
        }
        match scalar(value) {
            Some(text) => {
                self.values.insert(name, text);
            }
            None => self.refuse(name, format!("must be one value, not {}", value.type_str())),
        }
    }

    fn refuse(&mut self, field: String, detail: String) {
        self.problems.push(Problem {
            field,
            source: Source::File(self.path.clone()),
            detail,
        });
    }
}

fn suggestion(name: &str, names: impl Iterator<Item = String>) -> String {
    nearest(name, names).map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

fn scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}
