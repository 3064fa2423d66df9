//! What is done to an organization as a whole, by its owners and by who runs the hub.

use peekaboo_policy::Permission;
use serde_json::json;

use crate::audit_record::Record;
use crate::authority::require_operator;
use crate::database::{execute, fetch_all};
use crate::deletion::mark_organization;
use crate::error::Result;
use crate::organizations::held;
use crate::stamp::Stamp;
use crate::storage::{Change, Storage};
use crate::usage::erase_person;
use crate::{Attribution, EnvironmentId, Organization, OrganizationId};

impl Storage {
    /// Says whether people need a second factor to enter an organization. Who has none is kept out from the commit on.
    pub async fn require_second_factor(
        &self,
        organization: OrganizationId,
        required: bool,
        by: &Attribution,
    ) -> Result<Organization> {
        let mut change = self.change(organization, by).await?;
        change.require(Permission::OrganizationSecurity).await?;
        let before = held(&mut change).await?;
        if before.requires_second_factor == required {
            return Ok(before);
        }
        execute!(
            &mut change.transaction,
            "UPDATE organizations SET requires_second_factor = $2 WHERE id = $1",
            organization,
            required,
        )?;
        let after = held(&mut change).await?;
        let state = |required: bool| Some(json!({ "requiresSecondFactor": required }));
        change.record(
            record(&after, "organization.securityUpdated"),
            state(!required),
            state(required),
        );
        change.commit().await?;
        Ok(after)
    }

    /// Keeps an organization's members and tokens out, or lets them in again. Applications go on with what they have.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied) for who does not run the hub.
    pub async fn suspend_organization(
        &self,
        organization: OrganizationId,
        suspended: bool,
        by: &Attribution,
    ) -> Result<Organization> {
        let mut change = self.change(organization, by).await?;
        require_operator(&mut change.transaction, &by.actor).await?;
        let before = held(&mut change).await?;
        if before.suspended_at.is_some() == suspended {
            return Ok(before);
        }
        execute!(
            &mut change.transaction,
            "UPDATE organizations SET suspended_at = $2 WHERE id = $1",
            organization,
            suspended.then_some(Stamp(by.at)),
        )?;
        let after = held(&mut change).await?;
        let action = if suspended {
            "organization.suspended"
        } else {
            "organization.resumed"
        };
        change.record(record(&after, action), None, None);
        change.commit().await?;
        Ok(after)
    }

    /// Deletes an organization: nobody finds it any more, and its applications are turned away. Its rows go in the
    /// background. People keep their accounts.
    pub async fn delete_organization(
        &self,
        organization: OrganizationId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        change.require(Permission::OrganizationDelete).await?;
        self.delete(change).await
    }

    /// The same from outside, by who runs the hub.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied) for who does not run the hub.
    pub async fn delete_operated_organization(
        &self,
        organization: OrganizationId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        require_operator(&mut change.transaction, &by.actor).await?;
        self.delete(change).await
    }

    async fn delete(&self, mut change: Change<'_>) -> Result<()> {
        let (organization, by) = (change.organization, change.by);
        // The last entry of the chain: its hash outlives the organization.
        let deleted = held(&mut change).await?;
        change.record(record(&deleted, "organization.deleted"), None, None);
        mark_organization(&mut change.transaction, organization, by.at).await?;
        self.enqueue_deletion(&mut change.transaction, by.at)
            .await?;
        change.commit().await
    }

    /// Notes that everything in an organization is taken along; returns the organization.
    pub async fn note_export(
        &self,
        organization: OrganizationId,
        by: &Attribution,
    ) -> Result<Organization> {
        let mut change = self.change(organization, by).await?;
        change.require(Permission::OrganizationExport).await?;
        let organization = held(&mut change).await?;
        change.record(record(&organization, "organization.exported"), None, None);
        change.commit().await?;
        Ok(organization)
    }

    /// Forgets what one person of the organization's applications was served and did, in every environment; returns how
    /// many rows that were. Sums by the day, which name nobody, stay.
    pub async fn erase_person(
        &self,
        organization: OrganizationId,
        targeting_key: &str,
        by: &Attribution,
    ) -> Result<u64> {
        #[derive(sqlx::FromRow)]
        struct Row {
            id: EnvironmentId,
        }
        let mut change = self.change(organization, by).await?;
        change.require(Permission::UsageErase).await?;
        let environments = fetch_all!(
            &mut change.transaction,
            Row,
            "SELECT id FROM environments WHERE organization = $1 ORDER BY id",
            organization,
        )?;
        let mut erased = 0;
        for Row { id } in environments {
            erased += erase_person(&mut change.transaction, id, targeting_key).await?;
        }
        let organization = held(&mut change).await?;
        // Whose it was is what nobody is to know any more.
        let record = record(&organization, "organization.personErased");
        change.record(record, None, None);
        change.commit().await?;
        Ok(erased)
    }
}

fn record<'a>(organization: &'a Organization, action: &'static str) -> Record<'a> {
    Record {
        action,
        project: None,
        environment: None,
        kind: "organization",
        key: organization.key.as_str(),
        restored: None,
    }
}
