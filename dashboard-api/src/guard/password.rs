//! Passwords: argon2id with the parameters that OWASP recommends, a few at a time.
//!
//! A hash is meant to be slow and large. Whoever signs in can therefore keep the machine busy, so no more than a few
//! run at once, no more than a few wait, and the rest are told to come back.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Memory in KiB, passes and lanes: OWASP's first choice for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const MIN_PASSWORD: usize = 10;
const MAX_PASSWORD: usize = 1_024;

/// Belongs to no password anybody knows. Checked where there is no account, so that an unknown e-mail takes as long.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$cGVla2Fib28uc2FsdC4uLg$wLrDrOdqYQf6y0XVqQk7m4l9d4rJ8mJ5YwXQ0m5V3nE";

/// Hashes and checks passwords.
#[derive(Debug, Clone)]
pub(crate) struct Passwords {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl Passwords {
    /// At most so many at once, and so many that wait.
    pub(crate) fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            running: Arc::new(Semaphore::new(at_once)),
            admitted: Arc::new(Semaphore::new(at_once + waiting)),
        }
    }

    /// What is stored of a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Problem> {
        self.slowly(move || hash_password(&password))
            .await?
            .map_err(|error| {
                tracing::error!(%error, "a password could not be hashed");
                Problem::internal()
            })
    }

    /// Whether the password is the one that was hashed. `None`, for an account that does not exist, takes as long and
    /// is never true.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Problem> {
        self.slowly(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(NOBODYS);
            let matches = PasswordHash::new(hash).is_ok_and(|parsed| {
                argon2id().is_ok_and(|argon2| {
                    argon2.verify_password(password.as_bytes(), &parsed).is_ok()
                })
            });
            matches && known
        })
        .await
    }

    async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let Ok(_admitted) = self.admitted.clone().try_acquire_owned() else {
            metrics::counter!("peekaboo_http_password_hashes_refused_total").increment(1);
            return Err(Problem::unavailable(
                "busy",
                "too many people are signing in at the moment; try again soon",
                1,
            ));
        };
        let permit = self.running.clone().acquire_owned().await;
        let task = tokio::task::spawn_blocking(move || {
            // Held by the thread, not by the request: one that goes away leaves its hash running.
            let _permit = permit;
            work()
        });
        task.await.map_err(|error| {
            tracing::error!(%error, "hashing a password failed");
            Problem::internal()
        })
    }
}

/// Refuses a password that is too short or too long. Long rather than intricate, as NIST advises.
pub(crate) fn check_password(pointer: &str, password: &str) -> Result<(), Problem> {
    let characters = password.chars().count();
    if characters < MIN_PASSWORD {
        return Err(Problem::field(
            pointer,
            "too_short",
            format!("a password must have at least {MIN_PASSWORD} characters"),
        ));
    }
    if characters > MAX_PASSWORD {
        return Err(Problem::field(
            pointer,
            "too_long",
            format!("a password must have at most {MAX_PASSWORD} characters"),
        ));
    }
    Ok(())
}

/// What is stored of a password, at once and on this thread: for commands, not for requests.
pub fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    let hash = argon2id()?.hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

fn argon2id() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_its_own_and_no_other() {
        let passwords = Passwords::new(1, 1);
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let check = |password: &str| passwords.verify(password.to_owned(), Some(hash.clone()));
        assert!(check("correct horse").await.unwrap());
        assert!(!check("correct hors").await.unwrap());
    }

    #[test]
    fn nobodys_hash_costs_as_much_as_anybodys() {
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        let anybodys = hash_password("anything").unwrap();
        let anybodys = PasswordHash::new(&anybodys).unwrap();
        assert_eq!(nobodys.algorithm, anybodys.algorithm);
        assert_eq!(nobodys.params, anybodys.params);
        assert_eq!(
            nobodys.hash.map(|hash| hash.len()),
            anybodys.hash.map(|hash| hash.len())
        );
    }

    #[tokio::test]
    async fn one_more_than_may_wait_is_told_to_come_back() {
        let passwords = Passwords::new(1, 0);
        let running = passwords.admitted.clone().try_acquire_owned().unwrap();
        let refused = passwords.hash("anything".to_owned()).await.unwrap_err();
        assert_eq!(refused.status.as_u16(), 503);
        assert_eq!(refused.retry_after, Some(1));
        drop(running);
        passwords.hash("anything".to_owned()).await.unwrap();
    }
}
