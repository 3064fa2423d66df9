//! Where the database is.

use std::{fmt::Display, path::PathBuf};

use crate::config::value::Value;

/// Where the database is: `postgres://…`, or `sqlite:PATH`. Its password never shows.
#[derive(Clone)]
pub struct DatabaseUrl {
    text: String,
    parsed: peekaboo_storage::DatabaseUrl,
}

impl DatabaseUrl {
    /// The embedded database in this file.
    pub fn embedded(path: PathBuf) -> Self {
        Self {
            text: format!("sqlite:{}", path.display()),
            parsed: peekaboo_storage::DatabaseUrl::Sqlite(path),
        }
    }

    /// As the storage takes it.
    pub fn parsed(&self) -> peekaboo_storage::DatabaseUrl {
        self.parsed.clone()
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Display::fmt(self, f)
    }
}

impl Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Self::redact(&self.text))
    }
}

impl Value for DatabaseUrl {
    const KIND: &'static str = "URL";

    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let parsed = text.parse().map_err(
            |_| "names no database; write postgres://USER:PASSWORD@HOST/NAME, or sqlite:PATH",
        )?;
        Ok(Self {
            text: text.to_owned(),
            parsed,
        })
    }

    fn write(&self) -> String {
        Self::redact(&self.text)
    }

    /// Keeps user, host and name; hides the password, also one given as `?password=`, and hides
    /// everything where the parts cannot be separated.
    fn redact(text: &str) -> String {
        let Some((scheme, rest)) = text.split_once("://") else {
            let is_file = text.starts_with("sqlite:");
            return if is_file {
                text.to_owned()
            } else {
                "…".to_owned()
            };
        };
        // A password may hold an unescaped `@` or `/`: the last `@` ends it.
        let shown = match rest.rsplit_once('@') {
            Some((credentials, place)) => {
                let user = credentials.split(':').next().unwrap_or_default();
                let hidden = if credentials.contains(':') {
                    ":…"
                } else {
                    ""
                };
                format!("{user}{hidden}@{place}")
            }
            None => rest.to_owned(),
        };
        let shown = match shown.split_once('?') {
            Some((place, query)) if query.to_ascii_lowercase().contains("password") => {
                format!("{place}?…")
            }
            _ => shown,
        };
        format!("{scheme}://{shown}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_never_shows_its_password() {
        let cases = [
            (
                "postgres://ada:s3cret@db/flags",
                "postgres://ada:…@db/flags",
            ),
            (
                "postgres://ada:s3cret@/@db/flags?sslmode=require",
                "postgres://ada:…@db/flags?sslmode=require",
            ),
            (
                "postgres://db/flags?user=ada&password=s3cret",
                "postgres://db/flags?…",
            ),
            ("postgres://ada@db/flags", "postgres://ada@db/flags"),
            ("sqlite:data/peekaboo.db", "sqlite:data/peekaboo.db"),
            ("mysql:s3cret", "…"),
        ];
        for (whole, shown) in cases {
            assert_eq!(DatabaseUrl::redact(whole), shown);
            if let Ok(url) = DatabaseUrl::read(whole) {
                assert!(!format!("{url} {url:?}").contains("s3cret"), "{whole}");
            }
        }
    }

    #[test]
    fn a_database_url_names_a_database() {
        for text in ["", "flags", "mysql://db/flags", "sqlite:", "sqlite://"] {
            assert!(DatabaseUrl::read(text).is_err(), "{text}");
        }
        assert!(DatabaseUrl::read("postgresql://db/flags").is_ok());
    }
}
