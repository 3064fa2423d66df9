//! What mails say.

use peekaboo_storage::MailTemplate;

/// The words of a mail.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) body: String,
}

impl Words {
    pub(super) fn of(template: &MailTemplate) -> Option<Self> {
        match template {
            MailTemplate::Test { dashboard } => {
                let from = match dashboard {
                    Some(url) => format!("It was sent by the hub at {url}."),
                    None => "It was sent with `peekaboo mail test`.".to_owned(),
                };
                Some(Self {
                    subject: "Peek-a-boo can send mail".to_owned(),
                    body: format!(
                        "This is a test message. {from}\n\nYou can ignore it: nothing has changed.\n"
                    ),
                })
            }
            // One that only newer versions know.
            _ => None,
        }
    }
}
