//! Second factors: the seed of the codes that a person's app shows, and codes for when the app is lost.
//!
//! A seed must be read to check a code, so it is encrypted with the hub's secret key; recovery codes are hashed. What a
//! code is, and whether it is right, is not known here.

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::accounts::clear_second_factor;
use crate::acts::Act;
use crate::database::{Transaction, execute, fetch_all, fetch_one, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::secret::SecretHash;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::users;
use crate::{Attribution, User, UserId};

/// A person's second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// What the codes are made from.
    pub seed: Vec<u8>,
    /// When a code first showed that the person's app has the seed; none while it is being set up.
    pub confirmed_at: Option<OffsetDateTime>,
    /// The period of the code that was used last.
    pub last_step: i64,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
}

#[derive(FromRow)]
struct Row {
    seed: Vec<u8>,
    confirmed_at: Option<OffsetDateTime>,
    last_step: i64,
    recovery_codes: i64,
}

#[derive(FromRow)]
struct Seed {
    user_id: UserId,
    seed: Vec<u8>,
}

impl Storage {
    /// A person's second factor, also one that is not confirmed yet.
    ///
    /// # Errors
    /// [`Error::Keyring`] when the seed cannot be decrypted.
    pub async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>> {
        let row = fetch_optional!(
            &mut self.read().await?,
            Row,
            "SELECT seed, confirmed_at, last_step, \
             (SELECT count(*) FROM recovery_codes WHERE recovery_codes.user_id = second_factors.user_id) AS recovery_codes \
             FROM second_factors WHERE user_id = $1",
            user,
        )?;
        row.map(|row| {
            Ok(SecondFactor {
                seed: self.keyring().open(&purpose(user), &row.seed)?,
                confirmed_at: row.confirmed_at,
                last_step: row.last_step,
                recovery_codes: row.recovery_codes,
            })
        })
        .transpose()
    }

    /// Keeps a seed that the person's app is to show codes of. It counts once it is confirmed; until then the next one
    /// replaces it.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] when the person has a second factor; [`Error::Keyring`] when the hub has no secret key.
    pub async fn begin_second_factor(
        &self,
        user: UserId,
        seed: &[u8],
        at: OffsetDateTime,
    ) -> Result<()> {
        let sealed = self.keyring().seal(&purpose(user), seed, self.source())?;
        let mut transaction = self.write().await?;
        let begun = execute!(
            &mut transaction,
            "INSERT INTO second_factors (user_id, seed, last_step, created_at) VALUES ($1, $2, 0, $3) \
             ON CONFLICT (user_id) DO UPDATE SET seed = excluded.seed, last_step = 0, created_at = excluded.created_at \
             WHERE second_factors.confirmed_at IS NULL",
            user,
            &sealed,
            Stamp(at),
        )?;
        if begun == 0 {
            let (what, key) = (Entity::SecondFactor, "app".to_owned());
            return Err(Error::AlreadyExists { what, key });
        }
        Ok(transaction.commit().await?)
    }

    /// Turns a second factor on, whose code of a period was just shown, with its recovery codes. From then on nobody
    /// signs in as the person without one.
    pub async fn confirm_second_factor(
        &self,
        user: UserId,
        step: i64,
        recovery_codes: &[SecretHash],
        by: &Attribution,
    ) -> Result<User> {
        let mut transaction = self.write().await?;
        let confirmed = execute!(
            &mut transaction,
            "UPDATE second_factors SET confirmed_at = $2, last_step = $3 WHERE user_id = $1 AND confirmed_at IS NULL",
            user,
            Stamp(by.at),
            step,
        )?;
        if confirmed == 0 {
            let what = Entity::SecondFactor;
            return Err(Error::NotFound { what });
        }
        replace_recovery_codes(&mut transaction, user, recovery_codes).await?;
        let user = expect(&mut transaction, user).await?;
        let act = Act::new("member.secondFactorEnabled");
        self.finish(transaction, user, act, by).await
    }

    /// Notes that the code of a period was used; false when it, or a later one, was used before.
    pub async fn spend_code(&self, user: UserId, step: i64) -> Result<bool> {
        let mut transaction = self.write().await?;
        let spent = execute!(
            &mut transaction,
            "UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2",
            user,
            step,
        )?;
        transaction.commit().await?;
        Ok(spent == 1)
    }

    /// Uses a recovery code up; false when the person has no such code, or used it before.
    pub async fn spend_recovery_code(
        &self,
        user: &User,
        code: SecretHash,
        by: &Attribution,
    ) -> Result<bool> {
        let mut transaction = self.write().await?;
        let spent = execute!(
            &mut transaction,
            "DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2",
            user.id,
            code,
        )?;
        if spent == 0 {
            return Ok(false);
        }
        Act::new("member.recoveryCodeUsed")
            .record(&mut transaction, self.source(), user, by)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Replaces a person's recovery codes.
    pub async fn replace_recovery_codes(
        &self,
        user: UserId,
        codes: &[SecretHash],
        by: &Attribution,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        replace_recovery_codes(&mut transaction, user, codes).await?;
        let user = expect(&mut transaction, user).await?;
        Act::new("member.recoveryCodesReplaced")
            .record(&mut transaction, self.source(), &user, by)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Turns a second factor off.
    ///
    /// # Errors
    /// [`Error::Denied`] while an organization of the person requires one.
    pub async fn remove_second_factor(&self, user: UserId, by: &Attribution) -> Result<User> {
        #[derive(FromRow)]
        struct Requiring {
            name: String,
        }
        let mut transaction = self.write().await?;
        let requiring = fetch_optional!(
            &mut transaction,
            Requiring,
            "SELECT organizations.name FROM memberships JOIN organizations ON organizations.id = memberships.organization \
             WHERE memberships.user_id = $1 AND organizations.requires_second_factor = TRUE \
             ORDER BY organizations.key LIMIT 1",
            user,
        )?;
        if let Some(Requiring { name }) = requiring {
            return Err(Error::Denied(format!(
                "{name} requires a second factor; leave that organization first"
            )));
        }
        clear_second_factor(&mut transaction, user).await?;
        let user = expect(&mut transaction, user).await?;
        let act = Act::new("member.secondFactorDisabled");
        self.finish(transaction, user, act, by).await
    }

    /// Encrypts every seed anew that an older secret key has encrypted; returns how many.
    ///
    /// # Errors
    /// [`Error::Keyring`] when one cannot be decrypted; those before it are done.
    pub async fn reseal_second_factors(&self) -> Result<u64> {
        let seeds = fetch_all!(
            &mut self.read().await?,
            Seed,
            "SELECT user_id, seed FROM second_factors"
        )?;
        let mut resealed = 0;
        for Seed { user_id, seed } in seeds {
            if self.keyring().is_current(&seed) {
                continue;
            }
            let purpose = purpose(user_id);
            let opened = self.keyring().open(&purpose, &seed)?;
            let sealed = self.keyring().seal(&purpose, &opened, self.source())?;
            let mut transaction = self.write().await?;
            // One that was replaced meanwhile is sealed with the present key.
            resealed += execute!(
                &mut transaction,
                "UPDATE second_factors SET seed = $3 WHERE user_id = $1 AND seed = $2",
                user_id,
                &seed,
                &sealed,
            )?;
            transaction.commit().await?;
        }
        Ok(resealed)
    }

    /// How many people have a second factor: what cannot be read any more without the secret key.
    pub async fn second_factors(&self) -> Result<i64> {
        #[derive(FromRow)]
        struct Count {
            count: i64,
        }
        let count = fetch_one!(
            &mut self.read().await?,
            Count,
            "SELECT count(*) AS count FROM second_factors"
        )?;
        Ok(count.count)
    }
}

/// What a seed is sealed for.
fn purpose(user: UserId) -> String {
    format!("second factor of {user}")
}

async fn expect(transaction: &mut Transaction, user: UserId) -> Result<User> {
    let what = Entity::User;
    users::find(transaction, user)
        .await?
        .ok_or(Error::NotFound { what })
}

async fn replace_recovery_codes(
    transaction: &mut Transaction,
    user: UserId,
    codes: &[SecretHash],
) -> Result<()> {
    execute!(
        transaction,
        "DELETE FROM recovery_codes WHERE user_id = $1",
        user
    )?;
    for code in codes {
        execute!(
            transaction,
            "INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)",
            user,
            *code,
        )?;
    }
    Ok(())
}
