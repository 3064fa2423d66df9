//! Codes of a second factor: those that a person's app shows (RFC 6238), and recovery codes for when the app is lost.

use peekaboo_storage::{Secret, SecretHash};
use time::OffsetDateTime;
use totp_rs::{Builder, Totp};

use crate::problem::Problem;

/// Bytes of a seed: as many as the hash that every app knows, SHA-1, uses (RFC 4226, section 4).
const SEED: usize = 20;

/// Recovery codes that a person gets.
const RECOVERY_CODES: usize = 10;

/// Characters of a recovery code: 60 bits, in two groups. Tries are counted like passwords.
const RECOVERY_CHARACTERS: usize = 12;

/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An app that shows codes, by the seed that it was given.
pub(crate) struct App(Totp);

impl App {
    /// A seed for a new app.
    pub(crate) fn seed() -> [u8; SEED] {
        rand::random()
    }

    /// The app that has a seed. `account` and `issuer` are what it shows beside the code.
    pub(crate) fn new(seed: &[u8], issuer: &str, account: &str) -> Result<Self, Problem> {
        let plain = |text: &str| text.replace(':', " ");
        let built = Builder::new()
            .with_secret(seed.to_vec())
            .with_account_name(plain(account))
            .with_issuer(Some(plain(issuer)))
            .build();
        built.map(Self).map_err(|error| {
            tracing::error!(%error, "a seed cannot be used");
            Problem::internal()
        })
    }

    /// The period that a code is of, if it is right now: the present one, or the one before or after, for clocks differ.
    /// Each period's code must be taken once only, which is for the caller to see to.
    pub(crate) fn step(&self, code: &str, now: OffsetDateTime) -> Option<i64> {
        let now = u64::try_from(now.unix_timestamp()).ok()?;
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        i64::try_from(self.0.check(&digits, now)?).ok()
    }

    /// The seed as people type it.
    pub(crate) fn secret(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The address that an app reads from a QR code.
    pub(crate) fn uri(&self) -> Result<String, Problem> {
        self.0.to_url().map_err(|error| {
            tracing::error!(%error, "an account cannot be named in an app");
            Problem::internal()
        })
    }
}

/// Makes recovery codes, such as `k3x9m2-7qwd4f`.
pub(crate) fn recovery_codes() -> Vec<String> {
    let code = || {
        let bytes: [u8; RECOVERY_CHARACTERS] = rand::random();
        let mut code: String = bytes
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
            .collect();
        code.insert(RECOVERY_CHARACTERS / 2, '-');
        code
    };
    std::iter::repeat_with(code).take(RECOVERY_CODES).collect()
}

/// What is stored of a recovery code, however it was typed; none of what cannot be one.
pub(crate) fn recovery_hash(code: &str) -> Option<SecretHash> {
    let characters = code.chars().filter(char::is_ascii_alphanumeric);
    let folded = characters.map(|character| match character.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    });
    let code: String = folded.collect();
    (code.len() == RECOVERY_CHARACTERS).then(|| Secret::new(code).hash())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six digits.
        let app = App::new(b"12345678901234567890", "Peek-a-boo", "ada@example.com").unwrap();
        let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        assert_eq!(app.step("287082", at(59)), Some(1));
        assert_eq!(app.step("081 804", at(1_111_111_109)), Some(37_037_036));
        assert_eq!(app.step("081805", at(1_111_111_109)), None);
    }

    #[test]
    fn a_code_is_right_for_a_period_before_and_after_its_own() {
        let app = App::new(&App::seed(), "Peek-a-boo", "ada@example.com").unwrap();
        let code = app.0.generate(1_795_435_200).to_string();
        let at =
            |seconds: i64| NOW - Duration::seconds(NOW.unix_timestamp() - 1_795_435_200 - seconds);
        for seconds in [-30, 0, 59] {
            assert!(app.step(&code, at(seconds)).is_some(), "{seconds}");
        }
        assert_eq!(app.step(&code, at(-31)), None);
        assert_eq!(app.step(&code, at(60)), None);
    }

    #[test]
    fn an_app_reads_who_and_where() {
        let app = App::new(b"12345678901234567890", "Peek-a-boo", "ada@example.com").unwrap();
        let uri = app.uri().unwrap();
        assert!(uri.starts_with("otpauth://totp/Peek-a-boo:ada"), "{uri}");
        assert!(uri.contains(&app.secret()), "{uri}");
    }

    #[test]
    fn a_recovery_code_is_the_same_however_it_is_typed() {
        let codes = recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let typed = codes[0].to_uppercase().replace('-', " ").replace('0', "O");
        assert_eq!(recovery_hash(&typed), recovery_hash(&codes[0]));
        assert_ne!(recovery_hash(&codes[1]), recovery_hash(&codes[0]));
        for other in ["", "-", "123456", "null"] {
            assert_eq!(recovery_hash(other), None);
        }
    }
}
