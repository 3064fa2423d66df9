//! An invitation as the API shows it, and how it is sent.

use peekaboo_policy::BuiltIn;
use peekaboo_storage::{Delivery, Secret};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiState;
use crate::model::RoleSchema;
use crate::problem::Problem;

/// An invitation that nobody has accepted yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// Whom it is for.
    pub email: String,
    /// The role that they get.
    #[schema(value_type = RoleSchema)]
    pub role: BuiltIn,
    /// How its link was sent.
    pub delivery: InvitationDelivery,
    /// Who sent it last.
    pub invited_by: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last sent.
    #[serde(with = "time::serde::rfc3339")]
    pub sent_at: OffsetDateTime,
    /// From when on it cannot be accepted, unless it is sent again.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// How an invitation's link gets to whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum InvitationDelivery {
    /// By mail.
    Mail,
    /// It is in the answer, for the inviter to pass on.
    Link,
}

/// An invitation that was sent just now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SentInvitation {
    /// The invitation.
    #[serde(flatten)]
    pub details: Invitation,
    /// The link to pass on. It is shown only now, and null where it was mailed.
    #[schema(required)]
    pub link: Option<String>,
}

impl InvitationDelivery {
    /// What was asked for; by default mail, where the hub sends mail.
    pub(super) fn choose(asked: Option<Self>, state: &ApiState) -> Result<Delivery<'_>, Problem> {
        match (asked, state.mailed_links()) {
            (None | Some(Self::Mail), Some(dashboard)) => Ok(Delivery::Mail { dashboard }),
            (None, None) | (Some(Self::Link), _) => Ok(Delivery::Link),
            (Some(Self::Mail), None) => Err(Problem::conflict(
                "no_mail",
                "this hub does not send email; omit `delivery` to get a link",
            )),
        }
    }
}

impl SentInvitation {
    pub(super) fn new(
        invitation: peekaboo_storage::Invitation,
        secret: &Secret,
        dashboard: &str,
    ) -> Self {
        let link = format!("{dashboard}/invite#{}", secret.expose());
        let details = Invitation::from(invitation);
        Self {
            link: (details.delivery == InvitationDelivery::Link).then_some(link),
            details,
        }
    }
}

impl From<peekaboo_storage::Invitation> for Invitation {
    fn from(invitation: peekaboo_storage::Invitation) -> Self {
        Self {
            id: invitation.id.as_uuid(),
            email: invitation.email,
            role: invitation.role,
            delivery: if invitation.mailed {
                InvitationDelivery::Mail
            } else {
                InvitationDelivery::Link
            },
            invited_by: invitation.inviter.name,
            created_at: invitation.created_at,
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at,
        }
    }
}
