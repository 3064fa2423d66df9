//! The person whose account it is.

use peekaboo_storage::User;

use crate::ApiState;
use crate::auth::Principal;
use crate::problem::Problem;

/// The account of who is signed in, as it is now: what decides over it must not be a moment old.
pub(super) async fn person(state: &ApiState, principal: &Principal) -> Result<User, Problem> {
    let id = principal.person()?.id;
    let user = state.storage().user(id).await?;
    user.ok_or_else(|| {
        Problem::unauthenticated("this account no longer exists; sign in with another one")
    })
}
