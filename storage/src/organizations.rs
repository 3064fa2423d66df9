//! Organisations: the tenants.

use peekaboo_policy::{BuiltIn, Permission};
use serde_json::{Value, json};
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::audit_record::Record;
use crate::check::Checks;
use crate::database::{Transaction, execute, fetch_one, fetch_optional};
use crate::error::{Current, Entity, Error, OrTaken as _, Result};
use crate::grants::Giving;
use crate::idempotency::{Answered, IdempotentRequest};
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::users::{self, user_columns};
use crate::{
    Attribution, Grantee, Hint, Key, NewUser, Organization, OrganizationId, SecretHash, User,
    UserId,
};

/// The columns of [`Organization`].
macro_rules! organization_columns {
    () => {
        "organizations.id, organizations.key, organizations.name, organizations.revision, \
         organizations.requires_second_factor, organizations.suspended_at, organizations.created_at, \
         organizations.updated_at"
    };
}

pub(crate) use organization_columns;

impl Organization {
    fn document(&self) -> Value {
        json!({ "key": self.key, "name": self.name })
    }

    fn record(&self, action: &'static str) -> Record<'_> {
        Record::of_organization(action, "organization", self.key.as_str())
    }
}

/// An organisation to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrganization {
    /// Its key, for ever.
    pub key: Key,
    /// For people.
    pub name: String,
}

impl NewOrganization {
    /// Whether an organisation can be made of this, but for a key that is taken.
    pub fn check(&self) -> Result<()> {
        let mut checks = Checks::default();
        checks.name(&self.name);
        checks.done()
    }
}

impl Storage {
    /// Whether nobody has an account yet, so that the first visitor is to set up the installation.
    pub async fn setup_required(&self) -> Result<bool> {
        Ok(!any_user(&mut self.read().await?).await?)
    }

    /// Keeps the hash of a one-time code that allows the setup. Several may be kept: each node prints its own.
    pub async fn add_setup_code(&self, code: SecretHash, at: OffsetDateTime) -> Result<()> {
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "INSERT INTO setup_codes (hash, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            code,
            Stamp(at),
        )?;
        Ok(transaction.commit().await?)
    }

    /// Makes the installation's first organisation and its owner, who also runs the hub, spending the setup code.
    ///
    /// A code that was not printed, or that somebody was faster to spend, is not found; nor is any once somebody has an
    /// account.
    pub async fn set_up_with_code(
        &self,
        code: SecretHash,
        organization: NewOrganization,
        owner: NewUser,
        at: OffsetDateTime,
    ) -> Result<(Organization, User)> {
        let mut transaction = self.write().await?;
        // Deleting locks the code: of two visitors at once the second finds it gone.
        let found = execute!(
            &mut transaction,
            "DELETE FROM setup_codes WHERE hash = $1",
            code
        )?;
        if found == 0 || any_user(&mut transaction).await? {
            let what = Entity::SetupCode;
            return Err(Error::NotFound { what });
        }
        execute!(&mut transaction, "DELETE FROM setup_codes")?;
        let made = self
            .found(&mut transaction, organization, owner, at)
            .await?;
        let (organization, owner) = made;
        let owner = fetch_one!(
            &mut transaction,
            User,
            concat!(
                "UPDATE users SET is_operator = TRUE WHERE id = $1 RETURNING ",
                user_columns!()
            ),
            owner.id,
        )?;
        transaction.commit().await?;
        self.announce(&organization);
        Ok((organization, owner))
    }

    /// Makes an organisation and an account that owns it, at once: for operators, demonstrations and tests.
    pub async fn set_up(
        &self,
        organization: NewOrganization,
        owner: NewUser,
        at: OffsetDateTime,
    ) -> Result<(Organization, User)> {
        let mut transaction = self.write().await?;
        let made = self
            .found(&mut transaction, organization, owner, at)
            .await?;
        transaction.commit().await?;
        self.announce(&made.0);
        Ok(made)
    }

    /// Makes an organisation that an account will own.
    pub async fn create_organization(
        &self,
        organization: NewOrganization,
        owner: UserId,
        by: &Attribution,
    ) -> Result<Organization> {
        let mut transaction = self.write().await?;
        let organization = self
            .insert_organization(&mut transaction, organization, owner, by)
            .await?;
        transaction.commit().await?;
        self.announce(&organization);
        Ok(organization)
    }

    /// Creates an organization once, however often its request is sent.
    pub async fn create_organization_once(
        &self,
        organization: NewOrganization,
        owner: UserId,
        by: &Attribution,
        request: IdempotentRequest<Organization>,
    ) -> Result<Answered<Organization>> {
        let mut transaction = self.write().await?;
        if let Some(answer) = request.key.claim(&mut transaction, by.at).await? {
            return Ok(Answered::Again(answer));
        }
        let organization = self
            .insert_organization(&mut transaction, organization, owner, by)
            .await?;
        let answer = request.keep(&mut transaction, &organization).await?;
        transaction.commit().await?;
        self.announce(&organization);
        Ok(Answered::First(organization, answer))
    }

    async fn found(
        &self,
        transaction: &mut Transaction,
        organization: NewOrganization,
        owner: NewUser,
        at: OffsetDateTime,
    ) -> Result<(Organization, User)> {
        let owner = users::insert(transaction, self.source(), owner, at).await?;
        let by = Attribution::user(owner.id, owner.name.clone(), at);
        let organization = self
            .insert_organization(transaction, organization, owner.id, &by)
            .await?;
        Ok((organization, owner))
    }

    async fn insert_organization(
        &self,
        transaction: &mut Transaction,
        organization: NewOrganization,
        owner: UserId,
        by: &Attribution,
    ) -> Result<Organization> {
        organization.check()?;
        let at = truncate(by.at);
        let organization = fetch_one!(
            transaction,
            Organization,
            concat!(
                "INSERT INTO organizations (id, key, name, revision, created_at, updated_at) \
                 VALUES ($1, $2, $3, 1, $4, $4) RETURNING ",
                organization_columns!()
            ),
            OrganizationId::generate(at, self.source()),
            &organization.key,
            organization.name,
            Stamp(at),
        )
        .or_taken(Entity::Organization, &organization.key)?;
        execute!(
            transaction,
            "INSERT INTO memberships (organization, user_id, joined_at) VALUES ($1, $2, $3)",
            organization.id,
            owner,
            Stamp(at),
        )?;
        Giving::everywhere(Grantee::Member(owner), BuiltIn::Owner)
            .insert(transaction, self.source(), organization.id, at)
            .await?;
        let record = organization.record("organization.created");
        let after = Some(organization.document());
        record.write(transaction, self.source(), organization.id, by, None, after);
        Ok(organization)
    }

    fn announce(&self, organization: &Organization) {
        self.inner.feeds.announce(Hint::Organization {
            organization: organization.id,
            revision: organization.revision,
        });
    }

    /// An organisation.
    pub async fn organization(&self, key: &Key) -> Result<Option<Organization>> {
        let organization = fetch_optional!(
            &mut self.read().await?,
            Organization,
            concat!(
                "SELECT ",
                organization_columns!(),
                " FROM organizations WHERE key = $1 AND deleted_at IS NULL"
            ),
            key,
        )?;
        Ok(organization)
    }

    /// An organisation, by its identifier.
    pub async fn organization_by_id(&self, id: OrganizationId) -> Result<Option<Organization>> {
        find(&mut self.read().await?, id).await
    }

    /// Changes an organisation's name.
    pub async fn rename_organization(
        &self,
        id: OrganizationId,
        name: &str,
        expected_revision: Option<i64>,
        by: &Attribution,
    ) -> Result<Organization> {
        let mut checks = Checks::default();
        checks.name(name);
        checks.done()?;
        let mut change = self.change(id, by).await?;
        change.require(Permission::OrganizationUpdate).await?;
        let mut before = held(&mut change).await?;
        // Beginning the change raised it.
        before.revision -= 1;
        if expected_revision.is_some_and(|expected| expected != before.revision) {
            let current = Box::new(Current::Organization(before));
            return Err(Error::VersionConflict { current });
        }
        if before.name == name {
            return Ok(before);
        }
        let after = fetch_one!(
            &mut change.transaction,
            Organization,
            concat!(
                "UPDATE organizations SET name = $2, updated_at = $3 WHERE id = $1 RETURNING ",
                organization_columns!()
            ),
            id,
            name,
            Stamp(by.at),
        )?;
        let record = after.record("organization.updated");
        change.record(record, Some(before.document()), Some(after.document()));
        change.commit().await?;
        Ok(after)
    }
}

/// The organization, which the change holds.
pub(crate) async fn held(change: &mut Change<'_>) -> Result<Organization> {
    let organization = fetch_one!(
        &mut change.transaction,
        Organization,
        concat!(
            "SELECT ",
            organization_columns!(),
            " FROM organizations WHERE id = $1"
        ),
        change.organization,
    )?;
    Ok(organization)
}

/// An organization, if it exists.
pub(crate) async fn find(
    transaction: &mut Transaction,
    id: OrganizationId,
) -> Result<Option<Organization>> {
    let organization = fetch_optional!(
        transaction,
        Organization,
        concat!(
            "SELECT ",
            organization_columns!(),
            " FROM organizations WHERE id = $1 AND deleted_at IS NULL"
        ),
        id,
    )?;
    Ok(organization)
}

async fn any_user(transaction: &mut Transaction) -> Result<bool> {
    #[derive(FromRow)]
    struct Any {
        #[expect(dead_code, reason = "that there is one is enough")]
        id: UserId,
    }
    let user = fetch_optional!(transaction, Any, "SELECT id FROM users LIMIT 1")?;
    Ok(user.is_some())
}
