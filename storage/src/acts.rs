//! What people do with their accounts, as the organizations that they belong to learn of it.
//!
//! An account belongs to no organization, but an organization's audit log must show what happened to its members' accounts.
//! Each act is therefore recorded in every organization of the person, in the act's own transaction.

use serde_json::Value;
use sqlx::FromRow;

use crate::audit_record::Record;
use crate::database::{Transaction, fetch_all};
use crate::error::Result;
use crate::id::Source;
use crate::storage::{Storage, raise_organization};
use crate::{Attribution, Hint, OrganizationId, User, UserId};

/// An act, as the audit logs will say it.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) action: &'static str,
    pub(crate) details: Option<Value>,
}

impl Act {
    pub(crate) fn new(action: &'static str) -> Self {
        Self {
            action,
            details: None,
        }
    }

    pub(crate) fn with(action: &'static str, details: Value) -> Self {
        Self {
            action,
            details: Some(details),
        }
    }

    /// Records it in each organization of the person.
    pub(crate) async fn record(
        self,
        transaction: &mut Transaction,
        source: &Source,
        user: &User,
        by: &Attribution,
    ) -> Result<()> {
        for organization in organizations(transaction, user.id).await? {
            let record = Record {
                action: self.action,
                project: None,
                environment: None,
                kind: "member",
                key: &user.email,
                restored: None,
            };
            record.write(
                transaction,
                source,
                organization,
                by,
                None,
                self.details.clone(),
            );
        }
        Ok(())
    }
}

/// The hints by which every node looks again who may follow the person's organizations; to be sent after the commit.
#[must_use]
pub(crate) struct Looks(Vec<Hint>);

impl Looks {
    /// Raises the revision of each organization of a person: what they held open there, such as an event stream, is
    /// decided anew on every node.
    pub(crate) async fn at_organizations_of(
        transaction: &mut Transaction,
        user: UserId,
    ) -> Result<Self> {
        let mut hints = Vec::new();
        // In their order, so that no two such transactions wait for each other.
        for organization in organizations(transaction, user).await? {
            let revision = raise_organization(transaction, organization).await?;
            hints.push(Hint::Organization {
                organization,
                revision,
            });
        }
        Ok(Self(hints))
    }

    pub(crate) fn announce(self, storage: &Storage) {
        for hint in self.0 {
            storage.inner.feeds.announce(hint);
        }
    }
}

impl Storage {
    /// Records an act, has everything decided anew that the person holds open, and commits.
    pub(crate) async fn finish(
        &self,
        mut transaction: Transaction,
        user: User,
        act: Act,
        by: &Attribution,
    ) -> Result<User> {
        let looks = Looks::at_organizations_of(&mut transaction, user.id).await?;
        act.record(&mut transaction, self.source(), &user, by)
            .await?;
        transaction.commit().await?;
        looks.announce(self);
        Ok(user)
    }
}

/// The organizations of a person, in the order of their identifiers.
async fn organizations(transaction: &mut Transaction, user: UserId) -> Result<Vec<OrganizationId>> {
    #[derive(FromRow)]
    struct Row {
        id: OrganizationId,
    }
    let rows = fetch_all!(
        transaction,
        Row,
        "SELECT organization AS id FROM memberships WHERE user_id = $1 ORDER BY organization",
        user,
    )?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
