//! Checks of what people write, each problem with its field. Flags and segments have their own in `peekaboo_flags`.

use email_address::EmailAddress;

use crate::error::{Error, Problem, Result};

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 5_000;

/// The longest email address, in characters: what fits a path of SMTP (RFC 5321, section 4.5.3.1.3).
const MAX_EMAIL: usize = 254;

/// Collects every problem of what was written.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<Problem>);

impl Checks {
    pub(crate) fn problem(&mut self, pointer: &str, code: &'static str, detail: impl Into<String>) {
        self.0.push(Problem::new(pointer, code, detail));
    }

    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = impl Into<Problem>>) {
        self.0.extend(problems.into_iter().map(Into::into));
    }

    /// A name, at `/name`: shown in lists, so of one line and not empty.
    pub(crate) fn name(&mut self, name: &str) {
        if name.trim().is_empty() {
            self.problem("/name", "required", "give it a name");
        } else if name.chars().any(char::is_control) {
            self.problem("/name", "malformed", "a name is one line of text");
        }
        self.length("/name", name, MAX_NAME);
    }

    /// A description, at `/description`: any lines of text.
    pub(crate) fn description(&mut self, description: &str) {
        self.text("/description", description);
        self.length("/description", description, MAX_DESCRIPTION);
    }

    /// Text without the one character that Postgres cannot hold.
    pub(crate) fn text(&mut self, pointer: &str, text: &str) {
        if text.contains('\0') {
            self.problem(
                pointer,
                "malformed",
                "text cannot hold the character U+0000",
            );
        }
    }

    /// The same of all text in a JSON value, its names included.
    pub(crate) fn json(&mut self, pointer: &str, value: &serde_json::Value) {
        if holds_nul(value) {
            self.problem(
                pointer,
                "malformed",
                "text cannot hold the character U+0000",
            );
        }
    }

    /// A CSS color of the form `#rrggbb`, at `/color`.
    pub(crate) fn color(&mut self, color: &str) {
        let digits = color.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            self.problem("/color", "malformed", "write a color as #rrggbb");
        }
    }

    /// An email address, in its stored form. The mailer applies the same rule, so what is stored can be sent to.
    pub(crate) fn email(&mut self, pointer: &str, email: &str) {
        self.length(pointer, email, MAX_EMAIL);
        let well_formed = email.rsplit_once('@').is_some_and(|(local, domain)| {
            EmailAddress::is_valid_local_part(local) && EmailAddress::is_valid_domain(domain)
        });
        if !well_formed && email.len() <= MAX_EMAIL {
            let detail =
                format!("{email:?} is not an email address; write for example ada@example.com");
            self.problem(pointer, "malformed", detail);
        }
    }

    /// The name of a time zone, at `/timeZone`. Only its form is checked: clients know which zones exist.
    pub(crate) fn time_zone(&mut self, zone: &str) {
        let known =
            |character: char| character.is_ascii_alphanumeric() || "/_+-".contains(character);
        if zone.is_empty() || zone.len() > 64 || !zone.chars().all(known) {
            let detail = "write a time zone by its name, for example Europe/Berlin";
            self.problem("/timeZone", "malformed", detail);
        }
    }

    fn length(&mut self, pointer: &str, text: &str, max: usize) {
        if text.chars().count() > max {
            self.problem(pointer, "too_long", format!("at most {max} characters"));
        }
    }

    pub(crate) fn done(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.0))
        }
    }
}

fn holds_nul(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(holds_nul),
        serde_json::Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

/// Refuses one more than there may be.
pub(crate) fn limit(count: i64, limit: &'static str, max: usize) -> Result<()> {
    if usize::try_from(count).unwrap_or(usize::MAX) < max {
        Ok(())
    } else {
        Err(Error::LimitExceeded { limit, max })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_problem_is_told_at_once() {
        let mut checks = Checks::default();
        checks.name("  ");
        checks.description("a\0b");
        checks.color("red");
        checks.email("/email", "nobody");
        checks.json("/value", &json!({"a": ["\0"]}));
        let Err(Error::Invalid(problems)) = checks.done() else {
            panic!("all of it is wrong")
        };
        let pointers: Vec<_> = problems
            .iter()
            .map(|problem| problem.pointer.as_str())
            .collect();
        assert_eq!(
            pointers,
            ["/name", "/description", "/color", "/email", "/value"]
        );
    }

    #[test]
    fn what_people_write_as_a_rule_passes() {
        let mut checks = Checks::default();
        checks.name("Åsa's flags ✓");
        checks.description("Two\nlines");
        checks.color("#12aBef");
        checks.email("/email", "ada@example.com");
        checks.done().expect("nothing is wrong");
    }

    #[test]
    fn an_address_that_mail_cannot_be_sent_to_is_refused_and_named() {
        for address in [
            "nobody",
            "@x",
            "a@",
            "a b@x",
            "a@b,c@d",
            "<script>@x",
            "a@b\n",
        ] {
            let mut checks = Checks::default();
            checks.email("/to", address);
            let refused = checks.done().expect_err(address).to_string();
            let expected = format!(
                "invalid: /to: {address:?} is not an email address; write for example ada@example.com"
            );
            assert_eq!(refused, expected);
        }
        for address in [
            "ada+flags@example.com",
            "ada@localhost",
            "åsa@bücher.example",
        ] {
            let mut checks = Checks::default();
            checks.email("/to", address);
            checks.done().expect(address);
        }
        let mut checks = Checks::default();
        checks.email("/to", &format!("{}@x", "a".repeat(300)));
        let refused = checks.done().expect_err("it is too long").to_string();
        assert_eq!(refused, "invalid: /to: at most 254 characters");
    }
}
