//! Sends password reset links by email to people who request one and have an account.

use peekaboo_storage::MailPasswordReset;

use crate::failure::Failure;
use crate::work::{Chunk, DatabaseTask, Step};

/// The work of mailing a link to a new password.
#[derive(Clone, Debug)]
pub struct PasswordResets {
    /// Where people open the dashboard.
    pub dashboard: String,
}

impl DatabaseTask for PasswordResets {
    type Payload = MailPasswordReset;
    type Progress = ();

    async fn step(&self, chunk: Chunk<'_, MailPasswordReset, ()>) -> Result<Step<()>, Failure> {
        let Chunk {
            storage,
            transaction,
            payload,
            at,
            ..
        } = chunk;
        storage
            .mail_password_reset(transaction, payload, &self.dashboard, at)
            .await?;
        Ok(Step::Done)
    }
}
