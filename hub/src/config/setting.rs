//! One setting: its names, its default and what it does.

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
    pub(super) fn variables(&self) -> Vec<String> {
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
