//! Who a person is at identity providers: by issuer and subject, which never change, and never by an address, which does.

use crate::database::{execute, fetch_optional};
use crate::error::{Entity, OrTaken as _, Result};
use crate::stamp::{Stamp, truncate};
use crate::storage::Storage;
use crate::users::user_columns;
use crate::{Attribution, IdentityId, User, UserId};

impl Storage {
    /// Links a subject of an identity provider to a person.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`](crate::Error::AlreadyExists) when it is linked, to whomever.
    pub async fn add_identity(
        &self,
        user: UserId,
        issuer: &str,
        subject: &str,
        by: &Attribution,
    ) -> Result<IdentityId> {
        let at = truncate(by.at);
        let id = IdentityId::generate(at, self.source());
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "INSERT INTO identities (id, user_id, issuer, subject, created_at) VALUES ($1, $2, $3, $4, $5)",
            id,
            user,
            issuer,
            subject,
            Stamp(at),
        )
        .or_taken(Entity::Identity, subject)?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The person that a subject of an identity provider is linked to.
    pub async fn user_by_identity(&self, issuer: &str, subject: &str) -> Result<Option<User>> {
        let user = fetch_optional!(
            &mut self.read().await?,
            User,
            concat!(
                "SELECT ",
                user_columns!(),
                " FROM users JOIN identities ON identities.user_id = users.id \
                 WHERE identities.issuer = $1 AND identities.subject = $2"
            ),
            issuer,
            subject,
        )?;
        Ok(user)
    }
}
