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
        if text
            .split_once("://")
            .is_some_and(|(_, rest)| is_ambiguous(rest))
        {
            return Err(
                "has an unescaped `@`, `/`, `?` or `#` in its user or password; write %40, %2F, %3F or %23 instead".to_owned(),
            );
        }
        let parsed = text.parse().map_err(
            |_| "is not a database URL; write postgres://USER:PASSWORD@HOST/NAME, or sqlite:PATH",
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
        if is_ambiguous(rest) {
            return format!("{scheme}://…");
        }
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

/// Whether an `@` stands where it does not end the credentials: they hold a character that ends the host for a parser of
/// URLs, which would connect to another host than its reader sees.
fn is_ambiguous(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, place) = rest.split_at(end);
    place.contains('@') || authority.matches('@').count() > 1
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
                "postgres://ada:s3cret@db/flags?sslmode=require",
                "postgres://ada:…@db/flags?sslmode=require",
            ),
            ("postgres://ada:s3cret@/@db/flags", "postgres://…"),
            ("postgres://ada:s3cret?@db/flags", "postgres://…"),
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
    fn an_unescaped_password_is_refused_before_it_names_another_host() {
        for text in [
            "postgres://ada:pass@word@db/flags",
            "postgres://ada:pass/word@db/flags",
            "postgres://ada:5432/word@db/flags",
            "postgres://ada:pass?word@db/flags",
            "postgres://ada:pass#word@db/flags",
        ] {
            let refused = DatabaseUrl::read(text).expect_err(text);
            assert!(refused.contains("%40"), "{text}: {refused}");
        }
        assert!(DatabaseUrl::read("postgres://ada:pass%40word@db/flags").is_ok());
    }

    #[test]
    fn a_database_url_names_a_database() {
        for text in ["", "flags", "mysql://db/flags", "sqlite:", "sqlite://"] {
            assert!(DatabaseUrl::read(text).is_err(), "{text}");
        }
        assert!(DatabaseUrl::read("postgresql://db/flags").is_ok());
    }
}
