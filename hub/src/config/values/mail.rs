//! The settings of mail: where a server is, and who mail is from.

use peekaboo_tasks::mail::{Mailbox, SmtpUrl};

use crate::config::value::Value;

impl Value for SmtpUrl {
    const KIND: &'static str = "URL";

    fn read(text: &str) -> Result<Self, String> {
        text.trim()
            .parse()
            .map_err(|error: peekaboo_tasks::mail::InvalidSmtpUrl| error.to_string())
    }

    fn write(&self) -> String {
        self.to_string()
    }

    /// Hides user and password, and everything where the parts cannot be separated.
    fn redact(text: &str) -> String {
        match Self::read(text) {
            Ok(url) => url.to_string(),
            Err(_) if text.is_empty() => String::new(),
            Err(_) => "…".to_owned(),
        }
    }
}

impl Value for Mailbox {
    const KIND: &'static str = "email address";

    fn read(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| {
            "is not an email address; write for example flags@example.com, or \
             Feature flags <flags@example.com>"
                .to_owned()
        })
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_never_shows_who_signs_in() {
        for text in [
            "smtps://ada:s3cret@mail.example.com",
            "smtps://ada:s3cret@mail.example.com/x",
        ] {
            assert!(!SmtpUrl::redact(text).contains("s3cret"), "{text}");
        }
        let shown = SmtpUrl::redact("smtps://ada:s3cret@mail.example.com");
        assert_eq!(shown, "smtps://mail.example.com:465");
        assert_eq!(SmtpUrl::read(&shown).expect("a URL").write(), shown);
    }

    #[test]
    fn mail_is_from_an_address_with_or_without_a_name() {
        for text in ["flags@example.com", "Feature flags <flags@example.com>"] {
            let mailbox = Mailbox::read(text).expect(text);
            assert_eq!(Mailbox::read(&mailbox.write()).expect(text), mailbox);
        }
        assert!(Mailbox::read("flags").is_err());
    }
}
