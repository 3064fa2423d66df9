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

/// Where a request came from. The address and the user agent prove nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// The address, as far as it can be trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the client calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The session that was used, by what lists of sessions call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Uuid>,
    /// The token that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Uuid>,
}

/// The most of a user agent that is kept, in characters.
const MAX_USER_AGENT: usize = 300;

impl Origin {
    /// A place, with a user agent of any length and with any characters.
    pub fn of(address: String, user_agent: Option<&str>) -> Self {
        Self {
            address: Some(address),
            user_agent: user_agent.map(shown),
            ..Self::default()
        }
    }
}

/// A user agent as it is kept: cut, and without what a database or a terminal stumbles over.
fn shown(user_agent: &str) -> String {
    let characters = user_agent.chars();
    let printable = characters.filter(|character| !character.is_control());
    printable.take(MAX_USER_AGENT).collect()
}

/// Stands behind every write: the audit log's actor, time, origin and comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Who.
    pub actor: Actor,
    /// From where; none where nobody sent a request.
    pub origin: Option<Origin>,
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

    /// The same from a place.
    #[must_use]
    pub fn from(self, origin: Origin) -> Self {
        Self {
            origin: Some(origin),
            ..self
        }
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
            origin: None,
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
            origin: None,
            at,
            comment: None,
        }
    }
}
