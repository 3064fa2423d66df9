//! A change of an organization that is made once, however often its request is sent.

use crate::error::Result;
use crate::idempotency::{Answer, IdempotencyKey};
use crate::storage::{Change, Storage};
use crate::{Attribution, OrganizationId};

/// What becomes of a request before its effect.
pub(crate) enum Claim<'a> {
    /// It is carried out now, in this change.
    First(Change<'a>),
    /// It was carried out before, and answered like this.
    Again(Answer),
}

impl Storage {
    /// Begins a change, unless the request was answered before. The claim comes first in the change's transaction.
    pub(crate) async fn claim<'a>(
        &'a self,
        organization: OrganizationId,
        by: &'a Attribution,
        key: &IdempotencyKey,
    ) -> Result<Claim<'a>> {
        let mut transaction = self.write().await?;
        if let Some(answer) = key.claim(&mut transaction, by.at).await? {
            return Ok(Claim::Again(answer));
        }
        let change = self.change_in(transaction, organization, by).await?;
        Ok(Claim::First(change))
    }
}

/// Has an effect on an organization once, and keeps the answer with it: `|change| effect` is called with a
/// `&mut Change`.
macro_rules! once {
    ($storage:expr, $organization:expr, $by:expr, $request:expr, |$change:ident| $effect:expr) => {{
        let mut change = match $storage.claim($organization, $by, &$request.key).await? {
            crate::once::Claim::First(change) => change,
            crate::once::Claim::Again(answer) => {
                return Ok(crate::idempotency::Answered::Again(answer));
            }
        };
        let $change = &mut change;
        let created = $effect.await?;
        let answer = $request.keep(&mut change.transaction, &created).await?;
        change.commit().await?;
        Ok(crate::idempotency::Answered::First(created, answer))
    }};
}
pub(crate) use once;
