//! Who did something, when, and what they said about it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::text_enum::text_enum;

text_enum! {
    /// What kind of actor made a change.
    pub enum ActorKind {
        /// A person, signed in.
        User = "user",
        /// A machine, by an API token.
        Token = "token",
        /// The hub itself, or its operator on the command line.
        System = "system",
    }
}

/// Who made a change; the name is kept as it was then, and outlives the actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// A person, a machine or the hub.
    pub kind: ActorKind,
    /// The user's or token's identifier; none for the system.
    pub id: Option<Uuid>,
    /// As shown in the audit log.
    pub name: String,
}

/// Stands behind every write: the audit log's actor, time and comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Who.
    pub actor: Actor,
    /// When, by the caller's clock; kept to the microsecond.
    pub at: OffsetDateTime,
    /// Why, in the actor's words.
    pub comment: Option<String>,
}

impl Attribution {
    /// Whether it is this person who acts, and not one of their tokens.
    pub(crate) fn is_user(&self, user: crate::UserId) -> bool {
        self.actor.kind == ActorKind::User && self.actor.id == Some(user.as_uuid())
    }

    /// A change by the hub or its operator.
    pub fn system(name: impl Into<String>, at: OffsetDateTime) -> Self {
        let actor = Actor {
            kind: ActorKind::System,
            id: None,
            name: name.into(),
        };
        Attribution {
            actor,
            at,
            comment: None,
        }
    }

    /// A change by a person.
    pub fn user(id: crate::UserId, name: impl Into<String>, at: OffsetDateTime) -> Self {
        let actor = Actor {
            kind: ActorKind::User,
            id: Some(id.as_uuid()),
            name: name.into(),
        };
        Attribution {
            actor,
            at,
            comment: None,
        }
    }
}
