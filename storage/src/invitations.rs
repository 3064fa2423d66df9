//! Invitations: how people come into an organization that they do not belong to yet.
//!
//! An invitation is a secret link that works once, until it expires, and that is bound to an address, an organization and
//! a role, which its holder cannot change. Accepting always requires the link; an account with the same address is not
//! enough.
//!
//! The role is given by the inviter. So it is asked again when the invitation is accepted whether they can still give it.

use peekaboo_policy::{BuiltIn, Permission, Scope};
use serde_json::{Value, json};
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::accounts::verify_email;
use crate::audit_record::Record;
use crate::authority::Authority;
use crate::check::{self, Checks};
use crate::database::{Transaction, delete_oldest, execute, fetch_all, fetch_one, fetch_optional};
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::grants;
use crate::idempotency::{Answered, IdempotentRequest};
use crate::members;
use crate::once::once;
use crate::organizations::organization_columns;
use crate::page::{Cursor, List, Page};
use crate::secret::{Secret, SecretHash};
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::tasks::MailTemplate;
use crate::users::{self, fold};
use crate::{
    Actor, ActorKind, Attribution, InvitationId, NewUser, Organization, OrganizationId, Origin,
    User, UserId,
};

/// How long an invitation can be accepted after it was sent.
pub const INVITATION_LIFETIME: Duration = Duration::hours(72);

/// An invitation that waits to be accepted, or has expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Identifies it.
    pub id: InvitationId,
    /// Whom it is for; in lower case.
    pub email: String,
    /// What they will be.
    pub role: BuiltIn,
    /// Whether its link went out by mail, so that only who reads that mailbox has it.
    pub mailed: bool,
    /// Who invites.
    pub inviter: Actor,
    /// When it was first sent.
    pub created_at: OffsetDateTime,
    /// When it was last sent.
    pub sent_at: OffsetDateTime,
    /// From when on nobody can accept it.
    pub expires_at: OffsetDateTime,
}

/// An invitation to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// Whom it is for.
    pub email: String,
    /// What they will be.
    pub role: BuiltIn,
}

/// How an invitation gets to whom it is for. The link is `DASHBOARD/invite#SECRET`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery<'a> {
    /// By mail. `dashboard` is where people open the dashboard.
    Mail {
        /// The dashboard's address.
        dashboard: &'a str,
    },
    /// By hand, from the inviter.
    Link,
}

/// What the holder of an invitation's link learns of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvitation {
    /// Where to.
    pub organization: Organization,
    /// Its particulars.
    pub invitation: Invitation,
}

/// Who accepts an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitee {
    /// A person with an account, which has the invitation's address.
    Known(UserId),
    /// Somebody without one. The address of their account is the invitation's.
    New {
        /// What they are called.
        name: String,
        /// The password's slow hash in PHC format.
        password_hash: String,
    },
}

#[derive(FromRow)]
struct Row {
    id: InvitationId,
    email: String,
    role: String,
    mailed: bool,
    inviter_kind: ActorKind,
    inviter_id: Option<Uuid>,
    inviter_name: String,
    created_at: OffsetDateTime,
    sent_at: OffsetDateTime,
    expires_at: OffsetDateTime,
}

/// The columns of an invitation.
macro_rules! invitation_columns {
    () => {
        "id, email, role, mailed, inviter_kind, inviter_id, inviter_name, created_at, sent_at, expires_at"
    };
}

#[derive(FromRow)]
struct Target {
    organization: OrganizationId,
}

impl Row {
    fn read(self) -> Result<Invitation> {
        let row = self;
        Ok(Invitation {
            id: row.id,
            email: row.email,
            role: grants::built_in(&row.role)?,
            mailed: row.mailed,
            inviter: Actor {
                kind: row.inviter_kind,
                id: row.inviter_id,
                name: row.inviter_name,
            },
            created_at: row.created_at,
            sent_at: row.sent_at,
            expires_at: row.expires_at,
        })
    }
}

impl Invitation {
    fn document(&self) -> Value {
        json!({ "role": self.role, "mailed": self.mailed })
    }

    fn record(&self, action: &'static str) -> Record<'_> {
        Record {
            action,
            project: None,
            environment: None,
            kind: "member",
            key: &self.email,
            restored: None,
        }
    }
}

impl Storage {
    /// An organization's invitations, by address; those that have expired too.
    pub async fn invitations(
        &self,
        organization: OrganizationId,
        page: &Page,
    ) -> Result<List<Invitation>> {
        let after: Option<String> = page.cursor()?;
        let rows = fetch_all!(
            &mut self.read().await?,
            Row,
            concat!(
                "SELECT ",
                invitation_columns!(),
                " FROM invitations WHERE organization = $1 AND ($2 IS NULL OR email > $2) ORDER BY email LIMIT $3"
            ),
            organization,
            after,
            page.fetch(),
        )?;
        let invitations = rows.into_iter().map(Row::read).collect::<Result<_>>()?;
        Ok(page.list(invitations, |invitation: &Invitation| {
            Cursor::of(&invitation.email)
        }))
    }

    /// Invites somebody; returns the secret of the link. An invitation of the same address that has expired is replaced.
    ///
    /// The actor needs everything that the role gives. It is asked again when the invitation is accepted.
    ///
    /// # Errors
    /// [`Error::Refused`] where the actor cannot give the role; [`Error::AlreadyExists`] for who is a member, or invited
    /// already.
    pub async fn invite(
        &self,
        organization: OrganizationId,
        new: NewInvitation,
        delivery: Delivery<'_>,
        by: &Attribution,
    ) -> Result<(Invitation, Secret)> {
        let mut change = self.change(organization, by).await?;
        let sent = insert(&mut change, new, delivery).await?;
        change.commit().await?;
        Ok(sent)
    }

    /// Invites somebody once, however often the request is sent.
    pub async fn invite_once(
        &self,
        organization: OrganizationId,
        new: NewInvitation,
        delivery: Delivery<'_>,
        by: &Attribution,
        request: IdempotentRequest<(Invitation, Secret)>,
    ) -> Result<Answered<(Invitation, Secret)>> {
        once!(self, organization, by, request, |change| insert(
            change, new, delivery
        ))
    }

    /// Sends an invitation again, with another link and for as long as the first time. The link that was sent before
    /// does not work any more, and the actor becomes the inviter.
    pub async fn resend_invitation(
        &self,
        organization: OrganizationId,
        id: InvitationId,
        delivery: Delivery<'_>,
        by: &Attribution,
    ) -> Result<(Invitation, Secret)> {
        let mut change = self.change(organization, by).await?;
        let at = truncate(by.at);
        let secret = Secret::generate("", self.source());
        let row = fetch_optional!(
            &mut change.transaction,
            Row,
            concat!(
                "UPDATE invitations SET hash = $3, mailed = $4, inviter_kind = $5, inviter_id = $6, inviter_name = $7, \
                 sent_at = $8, expires_at = $9 WHERE organization = $1 AND id = $2 RETURNING ",
                invitation_columns!()
            ),
            organization,
            id,
            secret.hash(),
            matches!(delivery, Delivery::Mail { .. }),
            by.actor.kind,
            by.actor.id,
            &by.actor.name,
            Stamp(at),
            Stamp(at + INVITATION_LIFETIME),
        )?;
        let invitation = row.ok_or_else(missing)?.read()?;
        // The actor gives the role now.
        require_to_invite(&mut change, invitation.role).await?;
        send(
            &mut change,
            &invitation,
            &secret,
            delivery,
            "member.invitedAgain",
        )
        .await?;
        change.commit().await?;
        Ok((invitation, secret))
    }

    /// Takes an invitation back: nobody can accept it any more. The actor needs everything that its role gives.
    pub async fn revoke_invitation(
        &self,
        organization: OrganizationId,
        id: InvitationId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let row = fetch_optional!(
            &mut change.transaction,
            Row,
            concat!(
                "DELETE FROM invitations WHERE organization = $1 AND id = $2 RETURNING ",
                invitation_columns!()
            ),
            organization,
            id,
        )?;
        let invitation = row.ok_or_else(missing)?.read()?;
        require_to_invite(&mut change, invitation.role).await?;
        let record = invitation.record("member.invitationRevoked");
        let before = Some(invitation.document());
        change.record(record, before, None);
        change.commit().await
    }

    /// What a link invites to; none for one that is unknown, expired, used or taken back.
    pub async fn open_invitation(
        &self,
        secret: SecretHash,
        at: OffsetDateTime,
    ) -> Result<Option<OpenInvitation>> {
        let mut transaction = self.read().await?;
        let Some(target) = find_target(&mut transaction, secret, at).await? else {
            return Ok(None);
        };
        let organization = fetch_one!(
            &mut transaction,
            Organization,
            concat!(
                "SELECT ",
                organization_columns!(),
                " FROM organizations WHERE id = $1"
            ),
            target.organization,
        )?;
        let row = fetch_one!(
            &mut transaction,
            Row,
            concat!(
                "SELECT ",
                invitation_columns!(),
                " FROM invitations WHERE hash = $1"
            ),
            secret,
        )?;
        Ok(Some(OpenInvitation {
            organization,
            invitation: row.read()?,
        }))
    }

    /// Accepts an invitation, which then is gone.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is unknown, expired, used or taken back. [`Error::Denied`] for another
    /// account than the invitation's, and when the inviter cannot give the role any more. [`Error::AlreadyExists`] for
    /// who is a member, and for a new account whose address somebody has.
    pub async fn accept_invitation(
        &self,
        secret: SecretHash,
        invitee: Invitee,
        origin: Origin,
        at: OffsetDateTime,
    ) -> Result<User> {
        let mut transaction = self.write().await?;
        let target = find_target(&mut transaction, secret, at).await?;
        let organization = target.ok_or_else(missing)?.organization;
        // Locks the organization: who accepts second finds the invitation gone, and roles stay as they are meanwhile.
        let nobody = Attribution::system("invitation", at);
        let mut change = self.change_in(transaction, organization, &nobody).await?;
        let row = fetch_optional!(
            &mut change.transaction,
            Row,
            concat!(
                "DELETE FROM invitations WHERE hash = $1 AND expires_at > $2 RETURNING ",
                invitation_columns!()
            ),
            secret,
            Stamp(at),
        )?;
        let invitation = row.ok_or_else(missing)?.read()?;
        refuse_excess(&mut change, &invitation).await?;
        let mut user = enter(&mut change, &invitation, invitee, at).await?;
        if invitation.mailed {
            verify_email(&mut change.transaction, user.id, at).await?;
            user.email_verified_at = Some(truncate(at));
        }
        let by = Attribution::user(user.id, user.name.clone(), at).from(origin);
        members::insert(&mut change, &user, Some(invitation.role)).await?;
        let after = json!({ "role": invitation.role, "invitedBy": invitation.inviter.name });
        invitation.record("member.joined").write(
            &mut change.transaction,
            self.source(),
            organization,
            &by,
            None,
            Some(after),
        );
        change.commit().await?;
        Ok(user)
    }

    /// Deletes at most `limit` invitations that had expired before a time; returns how many.
    pub async fn forget_invitations(
        &self,
        transaction: &mut Transaction,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        let sql = "DELETE FROM invitations WHERE id IN (\
               SELECT id FROM invitations WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
        Ok(delete_oldest(transaction, sql, before, limit).await?)
    }
}

fn missing() -> Error {
    let what = Entity::Invitation;
    Error::NotFound { what }
}

async fn insert(
    change: &mut Change<'_>,
    new: NewInvitation,
    delivery: Delivery<'_>,
) -> Result<(Invitation, Secret)> {
    let (organization, by) = (change.organization, change.by);
    let email = fold(&new.email);
    let mut checks = Checks::default();
    checks.email("/email", &email);
    checks.done()?;
    require_to_invite(change, new.role).await?;
    execute!(
        &mut change.transaction,
        "DELETE FROM invitations WHERE organization = $1 AND email = $2 AND expires_at <= $3",
        organization,
        &email,
        Stamp(by.at),
    )?;
    refuse_member(change, &email).await?;
    check_limit(change).await?;
    let at = truncate(by.at);
    let source = change.storage.source();
    let secret = Secret::generate("", source);
    let row = fetch_one!(
        &mut change.transaction,
        Row,
        concat!(
            "INSERT INTO invitations (id, organization, email, role, hash, mailed, inviter_kind, inviter_id, \
             inviter_name, created_at, sent_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11) RETURNING ",
            invitation_columns!()
        ),
        InvitationId::generate(at, source),
        organization,
        &email,
        new.role.as_str(),
        secret.hash(),
        matches!(delivery, Delivery::Mail { .. }),
        by.actor.kind,
        by.actor.id,
        &by.actor.name,
        Stamp(at),
        Stamp(at + INVITATION_LIFETIME),
    )
    .or_taken(Entity::Invitation, &email)?;
    let invitation = row.read()?;
    send(change, &invitation, &secret, delivery, "member.invited").await?;
    Ok((invitation, secret))
}

async fn find_target(
    transaction: &mut Transaction,
    secret: SecretHash,
    at: OffsetDateTime,
) -> Result<Option<Target>> {
    let target = fetch_optional!(
        transaction,
        Target,
        "SELECT organization FROM invitations WHERE hash = $1 AND expires_at > $2",
        secret,
        Stamp(at),
    )?;
    Ok(target)
}

/// Delivers an invitation and records the act.
async fn send(
    change: &mut Change<'_>,
    invitation: &Invitation,
    secret: &Secret,
    delivery: Delivery<'_>,
    action: &'static str,
) -> Result<()> {
    deliver(change, invitation, secret, delivery).await?;
    let after = Some(invitation.document());
    change.record(invitation.record(action), None, after);
    Ok(())
}

/// Queues the mail with the link, if it goes by mail.
async fn deliver(
    change: &mut Change<'_>,
    invitation: &Invitation,
    secret: &Secret,
    delivery: Delivery<'_>,
) -> Result<()> {
    #[derive(FromRow)]
    struct Named {
        name: String,
    }
    let Delivery::Mail { dashboard } = delivery else {
        return Ok(());
    };
    let Named { name: organization } = fetch_one!(
        &mut change.transaction,
        Named,
        "SELECT name FROM organizations WHERE id = $1",
        change.organization,
    )?;
    let (storage, at) = (change.storage, change.by.at);
    let template = MailTemplate::Invitation {
        organization,
        inviter: invitation.inviter.name.clone(),
        link: storage.seal_link(&format!("{dashboard}/invite#{}", secret.expose()))?,
    };
    storage
        .enqueue_mail(&mut change.transaction, &invitation.email, template, at)
        .await?;
    Ok(())
}

/// Refuses to offer a role to an actor who could not give it, or to take such an offer back.
async fn require_to_invite(change: &mut Change<'_>, role: BuiltIn) -> Result<()> {
    let authority = change.require(Permission::MemberInvite).await?;
    authority.require_to_confer(role.permissions(), &Scope::Organization)
}

async fn refuse_member(change: &mut Change<'_>, email: &str) -> Result<()> {
    let Some(user) = users::find_by_email(&mut change.transaction, email).await? else {
        return Ok(());
    };
    let found = members::find(&mut change.transaction, change.organization, user.id).await?;
    if found.is_some() {
        let (what, key) = (Entity::Member, user.email);
        return Err(Error::AlreadyExists { what, key });
    }
    Ok(())
}

async fn check_limit(change: &mut Change<'_>) -> Result<()> {
    #[derive(FromRow)]
    struct Count {
        count: i64,
    }
    let count = fetch_one!(
        &mut change.transaction,
        Count,
        "SELECT count(*) AS count FROM invitations WHERE organization = $1",
        change.organization,
    )?;
    let max = change.storage.limits().invitations;
    check::limit(count.count, "invitations", max)
}

/// Refuses an invitation whose inviter cannot give its role any more.
async fn refuse_excess(change: &mut Change<'_>, invitation: &Invitation) -> Result<()> {
    let authority = Authority::of(
        &mut change.transaction,
        change.organization,
        &invitation.inviter,
    )
    .await?;
    let permissions = invitation.role.permissions();
    let conferred = authority.require_to_confer(permissions, &Scope::Organization);
    conferred.map_err(|_| {
        Error::Denied(format!(
            "{} can no longer give the role {}; ask for a new invitation",
            invitation.inviter.name, invitation.role
        ))
    })
}

/// The account that accepts: one that has the invitation's address, or a new one with it.
async fn enter(
    change: &mut Change<'_>,
    invitation: &Invitation,
    invitee: Invitee,
    at: OffsetDateTime,
) -> Result<User> {
    match invitee {
        Invitee::Known(id) => {
            let what = Entity::User;
            let user = users::find(&mut change.transaction, id).await?;
            let user = user.ok_or(Error::NotFound { what })?;
            if user.email != invitation.email {
                return Err(Error::Denied(format!(
                    "this invitation is for {}; sign in with that address to accept it",
                    invitation.email
                )));
            }
            Ok(user)
        }
        Invitee::New {
            name,
            password_hash,
        } => {
            let new = NewUser {
                email: invitation.email.clone(),
                name,
                password_hash,
            };
            users::insert(&mut change.transaction, change.storage.source(), new, at).await
        }
    }
}
