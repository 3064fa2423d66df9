//! What changes a person's account: another password, another address, links by which a forgotten one is replaced.
//!
//! A link is a secret of 256 bits that works once and for a while; the database holds its hash. A person has one of each
//! purpose at a time, and everything that puts the account into other hands deletes them all.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};

use crate::acts::Act;
use crate::authority::require_operator;
use crate::check::Checks;
use crate::database::{Transaction, delete_oldest, execute, fetch_optional};
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::search::askable;
use crate::secret::{Secret, SecretHash};
use crate::sessions::delete_others;
use crate::stamp::{Stamp, truncate};
use crate::storage::Storage;
use crate::tasks::{MailTemplate, TaskPayload};
use crate::users::{self, fold, user_columns};
use crate::{Attribution, Origin, User, UserId};

/// How long a link to a new password works.
pub const RESET_LIFETIME: Duration = Duration::hours(1);

/// How long a link works that confirms an address.
pub const CONFIRMATION_LIFETIME: Duration = Duration::hours(24);

/// A link to a new password.
const RESET: &str = "reset";

/// A link that confirms another address.
const EMAIL: &str = "email";

/// The work of mailing a link to a new password to an address, if somebody has it.
///
/// It is queued whether or not anybody has the address, so that asking for it tells nothing, not even by how long it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPasswordReset {
    /// In lower case.
    email: String,
}

impl MailPasswordReset {
    /// Of the person with this address, however its letters' case.
    pub fn to(email: &str) -> Self {
        Self {
            email: fold(&askable(email)),
        }
    }
}

impl TaskPayload for MailPasswordReset {
    const KIND: &'static str = "account.reset";

    fn key(&self) -> Option<String> {
        Some(self.email.clone())
    }
}

/// A link to make.
struct NewLink<'a> {
    purpose: &'static str,
    /// The address that it confirms.
    email: Option<&'a str>,
    clears_second_factor: bool,
    expires_at: OffsetDateTime,
}

/// A link that is still good.
#[derive(Clone, Debug, FromRow)]
struct Link {
    user_id: UserId,
    email: Option<String>,
    clears_second_factor: bool,
}

impl Storage {
    /// Replaces a person's password and ends their other sessions; pending links go too.
    pub async fn change_password(
        &self,
        user: UserId,
        password_hash: &str,
        keep: Option<SecretHash>,
        by: &Attribution,
    ) -> Result<User> {
        let mut transaction = self.write().await?;
        let user = set_password(&mut transaction, user, password_hash, by.at).await?;
        delete_links(&mut transaction, user.id).await?;
        delete_others(&mut transaction, user.id, keep).await?;
        let act = Act::new("member.passwordChanged");
        self.finish(transaction, user, act, by).await
    }

    /// Mails a link to a new password to a person, in the caller's transaction; does nothing where nobody has the address.
    /// `dashboard` is where people open the dashboard.
    pub async fn mail_password_reset(
        &self,
        transaction: &mut Transaction,
        to: &MailPasswordReset,
        dashboard: &str,
        at: OffsetDateTime,
    ) -> Result<()> {
        let Some(user) = users::find_by_email(transaction, &to.email).await? else {
            return Ok(());
        };
        let link = NewLink {
            purpose: RESET,
            email: Some(&user.email),
            clears_second_factor: false,
            expires_at: truncate(at) + RESET_LIFETIME,
        };
        let secret = self.put_link(transaction, user.id, link).await?;
        let link = self.seal_link(&format!("{dashboard}/reset#{}", secret.expose()))?;
        let template = MailTemplate::PasswordReset { link };
        self.enqueue_mail(transaction, &user.email, template, at)
            .await?;
        // Nobody knows who asked.
        let by = Attribution::system("unknown", at);
        let act = Act::with("member.resetRequested", json!({ "mailed": true }));
        act.record(transaction, self.source(), &user, &by).await
    }

    /// Makes a link to a new password, for somebody who runs the hub to hand over; it replaces one that was made before.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not run the hub; [`Error::NotFound`] when nobody has the address.
    pub async fn create_password_reset(
        &self,
        email: &str,
        clears_second_factor: bool,
        by: &Attribution,
    ) -> Result<Secret> {
        let mut transaction = self.write().await?;
        require_operator(&mut transaction, &by.actor).await?;
        let what = Entity::User;
        let user = users::find_by_email(&mut transaction, email).await?;
        let user = user.ok_or(Error::NotFound { what })?;
        let link = NewLink {
            purpose: RESET,
            email: None,
            clears_second_factor,
            expires_at: truncate(by.at) + RESET_LIFETIME,
        };
        let secret = self.put_link(&mut transaction, user.id, link).await?;
        let details = json!({ "mailed": false, "clearsSecondFactor": clears_second_factor });
        Act::with("member.resetRequested", details)
            .record(&mut transaction, self.source(), &user, by)
            .await?;
        transaction.commit().await?;
        Ok(secret)
    }

    /// Whether a link to a new password still works: what is asked before a slow hash is made.
    pub async fn is_password_reset(&self, secret: SecretHash, at: OffsetDateTime) -> Result<bool> {
        let link = find_link(&mut self.read().await?, secret, RESET, at).await?;
        Ok(link.is_some())
    }

    /// Replaces a forgotten password by a link, which works once. Every session ends, and every other link.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is unknown, expired or used.
    pub async fn reset_password(
        &self,
        secret: SecretHash,
        password_hash: &str,
        origin: Origin,
        at: OffsetDateTime,
    ) -> Result<User> {
        let mut transaction = self.write().await?;
        let link = spend_link(&mut transaction, secret, RESET, at).await?;
        let user = set_password(&mut transaction, link.user_id, password_hash, at).await?;
        if link.email.as_ref() == Some(&user.email) {
            verify_email(&mut transaction, user.id, at).await?;
        }
        if link.clears_second_factor {
            clear_second_factor(&mut transaction, user.id).await?;
        }
        delete_links(&mut transaction, user.id).await?;
        delete_others(&mut transaction, user.id, None).await?;
        let details = json!({ "clearedSecondFactor": link.clears_second_factor });
        let act = Act::with("member.passwordReset", details);
        let by = Attribution::user(user.id, user.name.clone(), at).from(origin);
        self.finish(transaction, user, act, &by).await
    }

    /// Mails a link to an address that a person wants to sign in with, and word of it to the present one. Whether
    /// somebody has that address already shows only to who confirms it.
    pub async fn request_email_change(
        &self,
        user: UserId,
        email: &str,
        dashboard: &str,
        by: &Attribution,
    ) -> Result<()> {
        let email = fold(email);
        let mut checks = Checks::default();
        checks.email("/email", &email);
        checks.done()?;
        let mut transaction = self.write().await?;
        let what = Entity::User;
        let user = users::find(&mut transaction, user).await?;
        let user = user.ok_or(Error::NotFound { what })?;
        let link = NewLink {
            purpose: EMAIL,
            email: Some(&email),
            clears_second_factor: false,
            expires_at: truncate(by.at) + CONFIRMATION_LIFETIME,
        };
        let secret = self.put_link(&mut transaction, user.id, link).await?;
        let link = self.seal_link(&format!("{dashboard}/confirm-email#{}", secret.expose()))?;
        let confirm = MailTemplate::ConfirmEmail { link };
        self.enqueue_mail(&mut transaction, &email, confirm, by.at)
            .await?;
        let notice = MailTemplate::EmailChange {
            email: email.clone(),
        };
        self.enqueue_mail(&mut transaction, &user.email, notice, by.at)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Gives a person the address that a link confirms. The link works for them only, and once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is not theirs, unknown, expired or used; [`Error::AlreadyExists`] when
    /// somebody has the address.
    pub async fn confirm_email(
        &self,
        user: UserId,
        secret: SecretHash,
        by: &Attribution,
    ) -> Result<User> {
        let mut transaction = self.write().await?;
        let link = spend_link(&mut transaction, secret, EMAIL, by.at).await?;
        let email = link.email.filter(|_| link.user_id == user);
        let what = Entity::AccountLink;
        let email = email.ok_or(Error::NotFound { what })?;
        let what = Entity::User;
        let before = users::find(&mut transaction, user).await?;
        let before = before.ok_or(Error::NotFound { what })?;
        let after = fetch_optional!(
            &mut transaction,
            User,
            concat!(
                "UPDATE users SET email = $2, email_verified_at = $3, updated_at = $3 WHERE id = $1 RETURNING ",
                user_columns!()
            ),
            user,
            &email,
            Stamp(by.at),
        )
        .or_taken(Entity::User, &email)?;
        let after = after.ok_or(Error::NotFound { what })?;
        delete_links(&mut transaction, user).await?;
        let act = Act::with(
            "member.emailChanged",
            json!({ "from": before.email, "to": email }),
        );
        self.finish(transaction, after, act, by).await
    }

    /// Deletes at most `limit` links that had expired before a time; returns how many. They did nothing any more.
    pub async fn forget_account_links(
        &self,
        transaction: &mut Transaction,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        let sql = "DELETE FROM account_links WHERE hash IN (\
               SELECT hash FROM account_links WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
        Ok(delete_oldest(transaction, sql, before, limit).await?)
    }

    /// Keeps the hash of a new link, in the place of one of the same purpose.
    async fn put_link(
        &self,
        transaction: &mut Transaction,
        user: UserId,
        new: NewLink<'_>,
    ) -> Result<Secret> {
        let secret = Secret::generate("", self.source());
        execute!(
            transaction,
            "INSERT INTO account_links (user_id, purpose, hash, email, clears_second_factor, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, purpose) DO UPDATE SET hash = excluded.hash, \
             email = excluded.email, clears_second_factor = excluded.clears_second_factor, \
             expires_at = excluded.expires_at",
            user,
            new.purpose,
            secret.hash(),
            new.email,
            new.clears_second_factor,
            Stamp(new.expires_at),
        )?;
        Ok(secret)
    }
}

async fn find_link(
    transaction: &mut Transaction,
    secret: SecretHash,
    purpose: &str,
    at: OffsetDateTime,
) -> Result<Option<Link>> {
    let link = fetch_optional!(
        transaction,
        Link,
        "SELECT user_id, email, clears_second_factor FROM account_links \
         WHERE hash = $1 AND purpose = $2 AND expires_at > $3",
        secret,
        purpose,
        Stamp(at),
    )?;
    Ok(link)
}

/// Deletes the link, which locks it: of two at once the second finds it gone.
async fn spend_link(
    transaction: &mut Transaction,
    secret: SecretHash,
    purpose: &str,
    at: OffsetDateTime,
) -> Result<Link> {
    let link = fetch_optional!(
        transaction,
        Link,
        "DELETE FROM account_links WHERE hash = $1 AND purpose = $2 AND expires_at > $3 \
         RETURNING user_id, email, clears_second_factor",
        secret,
        purpose,
        Stamp(at),
    )?;
    let what = Entity::AccountLink;
    link.ok_or(Error::NotFound { what })
}

async fn delete_links(transaction: &mut Transaction, user: UserId) -> Result<()> {
    execute!(
        transaction,
        "DELETE FROM account_links WHERE user_id = $1",
        user
    )?;
    Ok(())
}

async fn set_password(
    transaction: &mut Transaction,
    user: UserId,
    password_hash: &str,
    at: OffsetDateTime,
) -> Result<User> {
    let user = fetch_optional!(
        transaction,
        User,
        concat!(
            "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1 RETURNING ",
            user_columns!()
        ),
        user,
        password_hash,
        Stamp(at),
    )?;
    let what = Entity::User;
    user.ok_or(Error::NotFound { what })
}

/// Notes that a person reads mail at their address.
pub(crate) async fn verify_email(
    transaction: &mut Transaction,
    user: UserId,
    at: OffsetDateTime,
) -> Result<()> {
    execute!(
        transaction,
        "UPDATE users SET email_verified_at = $2 WHERE id = $1",
        user,
        Stamp(at),
    )?;
    Ok(())
}

/// Takes a person's second factor away, with their recovery codes.
pub(crate) async fn clear_second_factor(transaction: &mut Transaction, user: UserId) -> Result<()> {
    execute!(
        transaction,
        "DELETE FROM second_factors WHERE user_id = $1",
        user
    )?;
    execute!(
        transaction,
        "DELETE FROM recovery_codes WHERE user_id = $1",
        user
    )?;
    Ok(())
}
