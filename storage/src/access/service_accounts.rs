//! Service accounts: machines' members.

use peekaboo_policy::Permission;
use serde_json::{Value, json};

use super::names;
use crate::audit_record::Record;
use crate::check;
use crate::database::{Transaction, execute, fetch_all, fetch_count, fetch_one, fetch_optional};
use crate::error::{Current, Entity, Error, Result};
use crate::grants;
use crate::idempotency::{Answered, IdempotentRequest};
use crate::once::once;
use crate::page::{Cursor, List, Page};
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::{
    Attribution, GrantRecord, Grantee, NewPrincipal, OrganizationId, PrincipalPatch,
    ServiceAccount, ServiceAccountId,
};

/// Service accounts of an organization.
const MAX_SERVICE_ACCOUNTS: usize = 500;

/// The columns of [`ServiceAccount`].
macro_rules! service_account_columns {
    () => {
        "id, organization, name, description, version, created_at, updated_at"
    };
}

fn document(account: &ServiceAccount) -> Value {
    json!({ "id": account.id, "name": account.name, "description": account.description })
}

impl Storage {
    /// An organization's service accounts with their grants, newest first.
    pub async fn service_accounts(
        &self,
        organization: OrganizationId,
        page: &Page,
    ) -> Result<List<(ServiceAccount, Vec<GrantRecord>)>> {
        let after: Option<ServiceAccountId> = page.cursor()?;
        let mut transaction = self.read().await?;
        let accounts = fetch_all!(
            &mut transaction,
            ServiceAccount,
            concat!(
                "SELECT ",
                service_account_columns!(),
                " FROM service_accounts WHERE organization = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
            ),
            organization,
            after,
            page.fetch(),
        )?;
        let holder = |account: &ServiceAccount| Grantee::ServiceAccount(account.id);
        let accounts = grants::with_each(&mut transaction, organization, accounts, holder).await?;
        Ok(page.list(accounts, |(account, _)| Cursor::of(&account.id)))
    }

    /// A service account with its grants.
    pub async fn service_account(
        &self,
        organization: OrganizationId,
        id: ServiceAccountId,
    ) -> Result<Option<(ServiceAccount, Vec<GrantRecord>)>> {
        let mut transaction = self.read().await?;
        let account = find(&mut transaction, organization, id).await?;
        let Some(account) = account else {
            return Ok(None);
        };
        let grantee = Grantee::ServiceAccount(id);
        let own = grants::of_grantee(&mut transaction, organization, grantee).await?;
        Ok(Some((account, own)))
    }

    /// Makes a service account that has no grants and no tokens.
    pub async fn create_service_account(
        &self,
        organization: OrganizationId,
        new: NewPrincipal,
        by: &Attribution,
    ) -> Result<ServiceAccount> {
        let mut change = self.change(organization, by).await?;
        let account = create(&mut change, new).await?;
        change.commit().await?;
        Ok(account)
    }

    /// Makes a service account once, however often its request is sent.
    pub async fn create_service_account_once(
        &self,
        organization: OrganizationId,
        new: NewPrincipal,
        by: &Attribution,
        request: IdempotentRequest<ServiceAccount>,
    ) -> Result<Answered<ServiceAccount>> {
        once!(self, organization, by, request, |change| create(
            change, new
        ))
    }

    /// Changes a service account's name or description.
    pub async fn update_service_account(
        &self,
        organization: OrganizationId,
        id: ServiceAccountId,
        patch: PrincipalPatch,
        expected_version: Option<i64>,
        by: &Attribution,
    ) -> Result<ServiceAccount> {
        let mut change = self.change(organization, by).await?;
        change.require(Permission::ServiceAccountManage).await?;
        let before = expect(&mut change, id).await?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            let current = Box::new(Current::ServiceAccount(before));
            return Err(Error::VersionConflict { current });
        }
        let given = (patch.name, patch.description);
        let (name, description) = names::changed(given, (&before.name, &before.description))?;
        if name == before.name && description == before.description {
            return Ok(before);
        }
        let after = fetch_one!(
            &mut change.transaction,
            ServiceAccount,
            concat!(
                "UPDATE service_accounts SET name = $2, description = $3, version = version + 1, updated_at = $4 \
                 WHERE id = $1 RETURNING ",
                service_account_columns!()
            ),
            id,
            name,
            description,
            Stamp(by.at),
        )?;
        let record =
            Record::of_organization("serviceAccount.updated", "serviceAccount", &after.name);
        change.record(record, Some(document(&before)), Some(document(&after)));
        change.commit().await?;
        Ok(after)
    }

    /// Deletes a service account: its tokens open nothing any more. The actor needs what its grants give.
    pub async fn delete_service_account(
        &self,
        organization: OrganizationId,
        id: ServiceAccountId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let authority = change.require(Permission::ServiceAccountManage).await?;
        let account = expect(&mut change, id).await?;
        authority.require_to_confer_each(&granted(&mut change, id).await?)?;
        delete(&mut change, &account).await?;
        change.commit().await
    }
}

/// Deletes an account with its tokens and grants.
pub(super) async fn delete(change: &mut Change<'_>, account: &ServiceAccount) -> Result<()> {
    execute!(
        &mut change.transaction,
        "DELETE FROM service_accounts WHERE id = $1",
        account.id
    )?;
    let record = Record::of_organization("serviceAccount.deleted", "serviceAccount", &account.name);
    change.record(record, Some(document(account)), None);
    Ok(())
}

/// What the account's tokens may do.
pub(super) async fn granted(
    change: &mut Change<'_>,
    id: ServiceAccountId,
) -> Result<Vec<GrantRecord>> {
    let (organization, grantee) = (change.organization, Grantee::ServiceAccount(id));
    grants::of_grantee(&mut change.transaction, organization, grantee).await
}

async fn create(change: &mut Change<'_>, new: NewPrincipal) -> Result<ServiceAccount> {
    change.require(Permission::ServiceAccountManage).await?;
    let id = ServiceAccountId::generate(change.by.at, change.storage.source());
    insert(change, id, new).await
}

pub(super) async fn insert(
    change: &mut Change<'_>,
    id: ServiceAccountId,
    new: NewPrincipal,
) -> Result<ServiceAccount> {
    names::check(&new.name, &new.description)?;
    let count = fetch_count!(
        &mut change.transaction,
        "SELECT count(*) FROM service_accounts WHERE organization = $1",
        change.organization,
    )?;
    check::limit(count, "serviceAccounts", MAX_SERVICE_ACCOUNTS)?;
    let at = truncate(change.by.at);
    let account = fetch_one!(
        &mut change.transaction,
        ServiceAccount,
        concat!(
            "INSERT INTO service_accounts (id, organization, name, description, version, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, 1, $5, $5) RETURNING ",
            service_account_columns!()
        ),
        id,
        change.organization,
        new.name,
        new.description,
        Stamp(at),
    )?;
    let record = Record::of_organization("serviceAccount.created", "serviceAccount", &account.name);
    change.record(record, None, Some(document(&account)));
    Ok(account)
}

async fn find(
    transaction: &mut Transaction,
    organization: OrganizationId,
    id: ServiceAccountId,
) -> Result<Option<ServiceAccount>> {
    let found = fetch_optional!(
        transaction,
        ServiceAccount,
        concat!(
            "SELECT ",
            service_account_columns!(),
            " FROM service_accounts WHERE organization = $1 AND id = $2"
        ),
        organization,
        id,
    )?;
    Ok(found)
}

pub(super) async fn expect(
    change: &mut Change<'_>,
    id: ServiceAccountId,
) -> Result<ServiceAccount> {
    let found = find(&mut change.transaction, change.organization, id).await?;
    let what = Entity::ServiceAccount;
    found.ok_or(Error::NotFound { what })
}
