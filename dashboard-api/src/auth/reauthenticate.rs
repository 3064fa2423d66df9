//! Showing who one is: a password, and a code where the account has a second factor.

use peekaboo_storage::{Attribution, SecondFactor, User};

use super::device::Device;
use crate::ApiState;
use crate::guard::{App, recovery_hash};
use crate::problem::Problem;

/// What apps call this hub.
pub(crate) const ISSUER: &str = "Peek-a-boo";

/// What somebody showed was not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lacking {
    /// The password is wrong, or there is none.
    Password,
    /// The password is right, and a code is needed.
    Code,
    /// The code is wrong, or was used before.
    RightCode,
}

impl Lacking {
    /// As the audit log says it.
    fn reason(self) -> Option<&'static str> {
        match self {
            Self::Password => Some("password"),
            Self::RightCode => Some("code"),
            // Asking for the code is half of signing in.
            Self::Code => None,
        }
    }
}

/// Checks a password and, where the account has a second factor, a code: of the app, or a recovery code, which is used up.
///
/// Takes as long for an account that does not exist. A failure is recorded where there is somebody to tell.
pub(crate) async fn check(
    state: &ApiState,
    user: Option<&User>,
    password: String,
    code: Option<&str>,
    device: &Device,
) -> Result<Result<(), Lacking>, Problem> {
    let hash = user.and_then(User::password).map(str::to_owned);
    let right = state.passwords().verify(password, hash).await?;
    let Some(user) = user else {
        return Ok(Err(Lacking::Password));
    };
    let checked = if right {
        check_code(state, user, code, device).await?
    } else {
        Err(Lacking::Password)
    };
    if let Err(lacking) = checked
        && let Some(reason) = lacking.reason()
    {
        state
            .storage()
            .record_failed_sign_in(user, reason, device.origin.clone(), state.now())
            .await?;
    }
    Ok(checked)
}

async fn check_code(
    state: &ApiState,
    user: &User,
    code: Option<&str>,
    device: &Device,
) -> Result<Result<(), Lacking>, Problem> {
    let factor = state.storage().second_factor(user.id).await?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else {
        return Ok(Ok(()));
    };
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return Ok(Err(Lacking::Code));
    };
    let right = is_code(state, user, &factor, code, device).await?;
    Ok(if right {
        Ok(())
    } else {
        Err(Lacking::RightCode)
    })
}

async fn is_code(
    state: &ApiState,
    user: &User,
    factor: &SecondFactor,
    code: &str,
    device: &Device,
) -> Result<bool, Problem> {
    let storage = state.storage();
    let app = App::new(&factor.seed, ISSUER, &user.email)?;
    if let Some(step) = app.step(code, state.now()) {
        return Ok(storage.spend_code(user.id, step).await?);
    }
    let Some(hash) = recovery_hash(code) else {
        return Ok(false);
    };
    let by = Attribution::user(user.id, user.name.clone(), state.now()).from(device.origin.clone());
    Ok(storage.spend_recovery_code(user, hash, &by).await?)
}

/// Asks somebody who is signed in for their password again, before something that the holder of a stolen session must not
/// do. `pointer` is the field that holds it.
pub(crate) async fn confirm_password(
    state: &ApiState,
    user: &User,
    pointer: &str,
    password: String,
    device: &Device,
) -> Result<(), Problem> {
    state.throttle().confirm(device.ip, &user.email)?;
    let hash = user.password().map(str::to_owned);
    if state.passwords().verify(password, hash).await? {
        return Ok(());
    }
    state
        .storage()
        .record_failed_sign_in(user, "password", device.origin.clone(), state.now())
        .await?;
    Err(Problem::field(pointer, "wrong", "the password is wrong"))
}

/// The same with a code, where the account has a second factor.
pub(crate) async fn confirm(
    state: &ApiState,
    user: &User,
    password: String,
    code: Option<&str>,
    device: &Device,
) -> Result<(), Problem> {
    state.throttle().confirm(device.ip, &user.email)?;
    match check(state, Some(user), password, code, device).await? {
        Ok(()) => Ok(()),
        Err(Lacking::Password) => Err(Problem::field(
            "/password",
            "wrong",
            "the password is wrong",
        )),
        Err(Lacking::Code) => Err(Problem::field(
            "/code",
            "required",
            "enter the code from your authenticator app, or a recovery code",
        )),
        Err(Lacking::RightCode) => Err(Problem::field(
            "/code",
            "wrong",
            "the code is wrong or was already used; wait for the next one",
        )),
    }
}
