//! People: their accounts.

use std::fmt;

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::UserId;
use crate::check::Checks;
use crate::database::{Transaction, execute, fetch_one, fetch_optional};
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::id::Source;
use crate::search::askable;
use crate::stamp::{Stamp, truncate};
use crate::storage::Storage;

/// A person who signs in.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct User {
    /// Identifies them.
    pub id: UserId,
    /// In lower case, once in the whole installation.
    pub email: String,
    /// For people.
    pub name: String,
    /// As the caller made it, in PHC format; never shown.
    pub password_hash: String,
    /// When the account was made.
    pub created_at: OffsetDateTime,
    /// When the account last changed.
    pub updated_at: OffsetDateTime,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The columns of [`User`], by name: `*` would break statements that are prepared while a newer version migrates.
macro_rules! user_columns {
    () => {
        "users.id, users.email, users.name, users.password_hash, users.created_at, users.updated_at"
    };
}

pub(crate) use user_columns;

/// An account to make.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Kept in lower case.
    pub email: String,
    /// For people.
    pub name: String,
    /// The password's slow hash in PHC format.
    pub password_hash: String,
}

impl NewUser {
    /// Whether an account can be made of this, but for an email that is taken: what is asked first where making one costs.
    pub fn check(&self) -> Result<()> {
        let mut checks = Checks::default();
        checks.email("/email", &fold(&self.email));
        checks.name(&self.name);
        checks.done()
    }
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewUser(…)")
    }
}

impl Storage {
    /// Makes an account that belongs to no organisation yet.
    pub async fn create_user(&self, user: NewUser, at: OffsetDateTime) -> Result<User> {
        let mut transaction = self.write().await?;
        let user = insert(&mut transaction, self.source(), user, at).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// An account.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        let user = fetch_optional!(
            &mut self.read().await?,
            User,
            concat!("SELECT ", user_columns!(), " FROM users WHERE id = $1"),
            id
        )?;
        Ok(user)
    }

    /// The account that signs in with an address, however its letters' case.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let user = fetch_optional!(
            &mut self.read().await?,
            User,
            concat!("SELECT ", user_columns!(), " FROM users WHERE email = $1"),
            askable(&fold(email)),
        )?;
        Ok(user)
    }

    /// Changes a person's name.
    pub async fn rename_user(&self, id: UserId, name: &str, at: OffsetDateTime) -> Result<User> {
        let mut checks = Checks::default();
        checks.name(name);
        checks.done()?;
        let mut transaction = self.write().await?;
        let user = fetch_optional!(
            &mut transaction,
            User,
            concat!(
                "UPDATE users SET name = $2, updated_at = $3 WHERE id = $1 RETURNING ",
                user_columns!()
            ),
            id,
            name,
            Stamp(at),
        )?;
        let what = Entity::User;
        let user = user.ok_or(Error::NotFound { what })?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Keeps another hash of a person's password: a new one's, or the same one's with stronger parameters.
    pub async fn set_password_hash(
        &self,
        id: UserId,
        password_hash: &str,
        at: OffsetDateTime,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        let updated = execute!(
            &mut transaction,
            "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1",
            id,
            password_hash,
            Stamp(at),
        )?;
        if updated == 0 {
            let what = Entity::User;
            return Err(Error::NotFound { what });
        }
        Ok(transaction.commit().await?)
    }
}

pub(crate) async fn insert(
    transaction: &mut Transaction,
    source: &Source,
    user: NewUser,
    at: OffsetDateTime,
) -> Result<User> {
    let email = fold(&user.email);
    user.check()?;
    let at = truncate(at);
    fetch_one!(
        transaction,
        User,
        concat!(
            "INSERT INTO users (id, email, name, password_hash, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $5) RETURNING ",
            user_columns!()
        ),
        UserId::generate(at, source),
        &email,
        user.name,
        user.password_hash,
        Stamp(at),
    )
    .or_taken(Entity::User, &email)
}

/// An address as it is stored and looked up.
fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}
