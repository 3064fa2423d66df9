//! Where a setting's value comes from: a flag, else a variable, else the file, else its default.

use std::{collections::BTreeMap, fmt::Display, path::PathBuf};

use super::{settings::SETTINGS, value::Value};

/// One row of the reference: a setting's names, default and meaning.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its table in the file.
    pub(crate) section: &'static str,
    /// Its key in that table.
    pub(crate) field: &'static str,
    /// Its value where none is given; empty: unset.
    pub(crate) default: &'static str,
    /// What may be written.
    pub(crate) kind: &'static str,
    /// Whether TOML writes it without quotes.
    pub(crate) bare: bool,
    /// What it does, as the source documents it.
    pub(crate) doc: &'static str,
}

impl Setting {
    /// Its name in messages and in the file: `dashboard.listen`.
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.section, self.field)
    }

    /// Its flag without the dashes: `dashboard-listen`.
    pub(crate) fn flag(&self) -> String {
        self.name().replace(['.', '_'], "-")
    }

    /// Its variable: `PEEKABOO_DASHBOARD_LISTEN`.
    pub(crate) fn variable(&self) -> String {
        format!(
            "PEEKABOO_{}",
            self.name().replace('.', "_").to_ascii_uppercase()
        )
    }

    /// Its variables, the first given one wins.
    fn variables(&self) -> Vec<String> {
        let mut names = vec![self.variable()];
        if self.name() == "database.url" {
            // What hosting platforms set.
            names.push("DATABASE_URL".to_owned());
        }
        names
    }

    /// What it does, as one line.
    pub(crate) fn summary(&self) -> &'static str {
        self.doc.trim()
    }
}

/// Finds a setting by `section` and `field`.
pub(crate) fn find(section: &str, field: &str) -> Option<&'static Setting> {
    SETTINGS
        .iter()
        .find(|setting| setting.section == section && setting.field == field)
}

/// Who gave a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `--dashboard-listen`
    Flag(String),
    /// `PEEKABOO_DASHBOARD_LISTEN`
    Variable(String),
    /// The file named by `--config`.
    File(PathBuf),
    /// Nobody.
    Default,
}

impl Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Variable(name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// What is wrong with one setting, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, or the name that is none.
    pub field: String,
    /// Who gave it.
    pub source: Source,
    /// What is wrong with it and what would be right.
    pub detail: String,
}

impl Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} (from {})", self.field, self.detail, self.source)
    }
}

/// A setting as it is in force, its secrets redacted.
#[derive(Debug, Clone)]
pub(crate) struct Effective {
    /// Which.
    pub(crate) setting: &'static Setting,
    /// Its value as text that may be shown; empty: unset.
    pub(crate) shown: String,
    /// Who gave it.
    pub(crate) source: Source,
}

/// What was given, layer by layer, as text.
#[derive(Debug, Default)]
pub struct Given {
    /// By flag name without dashes.
    pub flags: BTreeMap<String, String>,
    /// By variable name; an empty one counts as not given, as compose files write it.
    pub variables: BTreeMap<String, String>,
    /// The file and its scalars by `section.field`.
    pub file: Option<(PathBuf, BTreeMap<String, String>)>,
}

impl Given {
    fn find(&self, setting: &Setting) -> (String, Source) {
        let flag = setting.flag();
        if let Some(text) = self.flags.get(&flag) {
            return (text.clone(), Source::Flag(flag));
        }
        for name in setting.variables() {
            if let Some(text) = self.variables.get(&name).filter(|text| !text.is_empty()) {
                return (text.clone(), Source::Variable(name));
            }
        }
        if let Some((path, values)) = &self.file
            && let Some(text) = values.get(&setting.name())
        {
            return (text.clone(), Source::File(path.clone()));
        }
        (setting.default.to_owned(), Source::Default)
    }
}

/// Reads settings one by one and keeps what is wrong, so that one run names every mistake.
pub(super) struct Resolver<'a> {
    given: &'a Given,
    pub(super) problems: Vec<Problem>,
    pub(super) effective: Vec<Effective>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(given: &'a Given) -> Self {
        Self {
            given,
            problems: Vec::new(),
            effective: Vec::new(),
        }
    }

    /// The value in force. A bad one is noted and its default stands in for it, so that the others
    /// are still checked.
    pub(super) fn resolve<T: Value>(&mut self, section: &str, field: &str) -> T {
        let setting = find(section, field).expect("the table names every field");
        let (text, source) = self.given.find(setting);
        let value = T::read(&text).unwrap_or_else(|detail| {
            self.problems.push(Problem {
                field: setting.name(),
                source: source.clone(),
                detail: format!("{:?} {detail}", T::redact(&text)),
            });
            T::read(setting.default).expect("every default can be read")
        });
        self.effective.push(Effective {
            setting,
            shown: value.write(),
            source,
        });
        value
    }

    /// Who gave a setting that was resolved before.
    pub(super) fn source_of(&self, setting: &str) -> Source {
        self.effective
            .iter()
            .find(|effective| effective.setting.name() == setting)
            .map_or(Source::Default, |effective| effective.source.clone())
    }
}
