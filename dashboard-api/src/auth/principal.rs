//! Who a credential stands for.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use peekaboo_storage::{
    Actor, ActorKind, ApiToken, Attribution, Error as StorageError, Origin, SecretHash, SessionId,
    TokenBearer, User,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::credential::Credential;
use super::device::Device;
use crate::ApiState;
use crate::guard::{Identity, Who};
use crate::problem::Problem;

/// Somebody, with where they belong.
#[derive(Debug, Clone)]
pub(crate) struct Principal {
    /// What they showed.
    pub credential: Credential,
    /// Who they are.
    pub identity: Arc<Identity>,
    /// Where their request came from, as the audit log says it.
    origin: Origin,
}

impl Principal {
    /// Who the same credential stands for now; `None` when it is no longer valid.
    pub(crate) async fn refreshed(&self, state: &ApiState) -> Result<Option<Self>, StorageError> {
        let hash = self.credential.secret().hash();
        let identity = identify(state, &self.credential, hash, state.now()).await?;
        if identity.is_none() {
            state.known().forget(hash);
        }
        Ok(identity.map(|identity| Self {
            credential: self.credential.clone(),
            identity: Arc::new(identity),
            origin: self.origin.clone(),
        }))
    }

    /// The person, for what tokens cannot do.
    pub(crate) fn person(&self) -> Result<&User, Problem> {
        match &self.identity.who {
            Who::Person(user) => Ok(user),
            Who::Machine { .. } => Err(Problem::forbidden(
                "this needs a signed-in person; tokens cannot do it",
            )),
        }
    }

    /// The id of the person or the token.
    pub(crate) fn id(&self) -> Uuid {
        match &self.identity.who {
            Who::Person(user) => user.id.as_uuid(),
            Who::Machine { id, .. } => id.as_uuid(),
        }
    }

    /// As the audit log names them.
    pub(crate) fn actor(&self) -> Actor {
        match &self.identity.who {
            Who::Person(user) => Actor {
                kind: ActorKind::User,
                id: Some(user.id.as_uuid()),
                name: user.name.clone(),
            },
            Who::Machine { id, name } => Actor {
                kind: ActorKind::Token,
                id: Some(id.as_uuid()),
                name: name.clone(),
            },
        }
    }

    /// Stands behind a write.
    pub(crate) fn attribution(&self, state: &ApiState, comment: Option<String>) -> Attribution {
        Attribution {
            actor: self.actor(),
            origin: Some(self.origin.clone()),
            at: state.now(),
            comment,
        }
    }
}

impl FromRequestParts<ApiState> for Principal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let credential = Credential::of(&parts.headers)
            .ok_or_else(|| Problem::unauthenticated("sign in, or send a token"))?;
        let hash = credential.secret().hash();
        let now = state.now();
        let identity = match identify(state, &credential, hash, now).await {
            Ok(Some(identity)) => {
                let identity = Arc::new(identity);
                state.known().remember(hash, identity.clone(), now);
                identity
            }
            Ok(None) => {
                state.known().forget(hash);
                return Err(Problem::unauthenticated(match credential {
                    Credential::Session(_) => "the session has ended; sign in again",
                    Credential::Token(_) => {
                        "the token is unknown, expired or revoked; create a new one"
                    }
                }));
            }
            Err(error) if error.is_temporary() => {
                let grace = state.config().credential_grace;
                let known = state.known().recall(hash, now, grace);
                known.ok_or_else(|| Problem::from(error))?
            }
            Err(error) => return Err(error.into()),
        };
        let origin = origin(parts, state, &credential, &identity);
        Ok(Self {
            credential,
            identity,
            origin,
        })
    }
}

/// Where a request came from, and with which session or token.
fn origin(parts: &Parts, state: &ApiState, credential: &Credential, identity: &Identity) -> Origin {
    let place = Device::of(parts, state.config()).origin;
    match (credential, &identity.who) {
        (Credential::Token(_), Who::Machine { id, .. }) => Origin {
            token: Some(id.as_uuid()),
            ..place
        },
        (Credential::Session(secret), _) => Origin {
            session: Some(SessionId::of(secret.hash()).as_uuid()),
            ..place
        },
        (Credential::Token(_), Who::Person(_)) => place,
    }
}

async fn identify(
    state: &ApiState,
    credential: &Credential,
    hash: SecretHash,
    now: OffsetDateTime,
) -> Result<Option<Identity>, StorageError> {
    let storage = state.storage();
    match credential {
        Credential::Session(_) => {
            let lifetime = state.config().session_lifetime();
            let Some(session) = storage.session(hash, now, lifetime).await? else {
                return Ok(None);
            };
            Ok(Some(Identity {
                memberships: storage.memberships(session.user.id).await?,
                who: Who::Person(session.user),
                expires_at: Some(session.expires_at),
                second_factor: session.second_factor,
            }))
        }
        Credential::Token(_) => {
            let Some(found) = storage.find_api_token(hash, now).await? else {
                return Ok(None);
            };
            Ok(Some(Identity {
                who: Who::Machine {
                    id: found.token.id,
                    name: name(&found.token),
                },
                memberships: vec![found.membership],
                expires_at: found.token.expires_at,
                second_factor: false,
            }))
        }
    }
}

/// The name that the audit log shows for a token.
fn name(token: &ApiToken) -> String {
    match &token.bearer {
        TokenBearer::ServiceAccount { name, .. } if *name != token.name => {
            format!("{name} ({})", token.name)
        }
        _ => token.name.clone(),
    }
}
