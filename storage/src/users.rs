//! People: their accounts.

use std::fmt;

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::UserId;
use crate::check::Checks;
use crate::database::{Transaction, fetch_one, fetch_optional};
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::id::Source;
use crate::search::{self, askable};
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
    /// As the caller made it, in PHC format; never shown. Empty where the person has no password.
    pub password_hash: String,
    /// When they last showed that they read mail at their address. Nobody can set it; only a mailed link does.
    pub email_verified_at: Option<OffsetDateTime>,
    /// The name of their time zone, as `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// Whether they run the hub.
    pub is_operator: bool,
    /// When the account was made.
    pub created_at: OffsetDateTime,
    /// When the account last changed.
    pub updated_at: OffsetDateTime,
}

impl User {
    /// The password's hash, of who has a password.
    pub fn password(&self) -> Option<&str> {
        Some(self.password_hash.as_str()).filter(|hash| !hash.is_empty())
    }
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
        "users.id, users.email, users.name, users.password_hash, users.email_verified_at, users.time_zone, \
         users.is_operator, users.created_at, users.updated_at"
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
        find(&mut self.read().await?, id).await
    }

    /// The account that signs in with an address, however its letters' case.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        find_by_email(&mut self.read().await?, email).await
    }

    /// Changes how a person is called and in which time zone they live.
    pub async fn update_profile(
        &self,
        id: UserId,
        name: &str,
        time_zone: Option<&str>,
        at: OffsetDateTime,
    ) -> Result<User> {
        let mut checks = Checks::default();
        checks.name(name);
        if let Some(zone) = time_zone {
            checks.time_zone(zone);
        }
        checks.done()?;
        let mut transaction = self.write().await?;
        let user = fetch_optional!(
            &mut transaction,
            User,
            concat!(
                "UPDATE users SET name = $2, folded_name = $5, time_zone = $3, updated_at = $4 WHERE id = $1 RETURNING ",
                user_columns!()
            ),
            id,
            name,
            time_zone,
            Stamp(at),
            search::fold(name),
        )?;
        let what = Entity::User;
        let user = user.ok_or(Error::NotFound { what })?;
        transaction.commit().await?;
        Ok(user)
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
            "INSERT INTO users (id, email, name, folded_name, password_hash, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING ",
            user_columns!()
        ),
        UserId::generate(at, source),
        &email,
        &user.name,
        search::fold(&user.name),
        &user.password_hash,
        Stamp(at),
    )
    .or_taken(Entity::User, &email)
}

/// The account of an identifier, in a transaction.
pub(crate) async fn find(transaction: &mut Transaction, id: UserId) -> Result<Option<User>> {
    let user = fetch_optional!(
        transaction,
        User,
        concat!("SELECT ", user_columns!(), " FROM users WHERE id = $1"),
        id
    )?;
    Ok(user)
}

/// The account that signs in with an address, in a transaction.
pub(crate) async fn find_by_email(
    transaction: &mut Transaction,
    email: &str,
) -> Result<Option<User>> {
    let user = fetch_optional!(
        transaction,
        User,
        concat!("SELECT ", user_columns!(), " FROM users WHERE email = $1"),
        askable(&fold(email)),
    )?;
    Ok(user)
}

/// An address as it is stored and looked up.
pub(crate) fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}
