//! Operators: people who run the hub. They look after organizations from outside and read nothing in them.

use crate::acts::Act;
use crate::database::{fetch_all, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::users::{fold, user_columns};
use crate::{Attribution, User};

impl Storage {
    /// Lets a person run the hub, or no longer.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nobody has the address.
    pub async fn set_operator(
        &self,
        email: &str,
        is_operator: bool,
        by: &Attribution,
    ) -> Result<User> {
        let mut transaction = self.write().await?;
        let user = fetch_optional!(
            &mut transaction,
            User,
            concat!(
                "UPDATE users SET is_operator = $2, updated_at = $3 WHERE email = $1 RETURNING ",
                user_columns!()
            ),
            fold(email),
            is_operator,
            Stamp(by.at),
        )?;
        let what = Entity::User;
        let user = user.ok_or(Error::NotFound { what })?;
        let action = if is_operator {
            "member.operatorAdded"
        } else {
            "member.operatorRemoved"
        };
        Act::new(action)
            .record(&mut transaction, self.source(), &user, by)
            .await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Everybody who runs the hub, by address.
    pub async fn operators(&self) -> Result<Vec<User>> {
        let operators = fetch_all!(
            &mut self.read().await?,
            User,
            concat!(
                "SELECT ",
                user_columns!(),
                " FROM users WHERE is_operator = TRUE ORDER BY email"
            )
        )?;
        Ok(operators)
    }
}
