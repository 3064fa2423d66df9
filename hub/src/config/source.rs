//! Where a setting's value comes from: a flag, else a variable, else the file, else its default.

use std::{collections::BTreeMap, fmt::Display, path::PathBuf};

use super::setting::Setting;

/// Who gave a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `--dashboard-listen`
    Flag(String),
    /// `PEEKABOO_DASHBOARD_LISTEN`
    Variable(String),
    /// The file named by `--config`.
    File(PathBuf),
    /// No one.
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
    pub(super) fn find(&self, setting: &Setting) -> (String, Source) {
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
