//! Every organization of the hub with how much of it there is, for who runs the hub: numbers, and nothing of what is in it.

use sqlx::FromRow;
use time::{Duration, OffsetDateTime};

use crate::Organization;
use crate::database::fetch_all;
use crate::error::Result;
use crate::organizations::organization_columns;
use crate::page::{Cursor, List, Page};
use crate::search::{self, askable};
use crate::stamp::Stamp;
use crate::storage::Storage;

/// The time over which evaluations are added up.
const RECENT: Duration = Duration::days(30);

/// An organization, from outside.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OrganizationOverview {
    /// Which.
    #[sqlx(flatten)]
    pub organization: Organization,
    /// How much of it there is.
    #[sqlx(flatten)]
    pub used: OrganizationUse,
}

/// How much of the hub an organization uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct OrganizationUse {
    /// People who belong to it.
    pub members: i64,
    /// Its projects.
    pub projects: i64,
    /// Their environments.
    pub environments: i64,
    /// Their flags, archived ones too.
    pub flags: i64,
    /// Evaluations that applications reported in the last 30 days.
    pub evaluations: i64,
}

impl Storage {
    /// The organizations by key; with `search`, those whose key or name contains it.
    pub async fn organization_overviews(
        &self,
        search: Option<&str>,
        at: OffsetDateTime,
        page: &Page,
    ) -> Result<List<OrganizationOverview>> {
        let after: Option<String> = page.cursor()?;
        let search = search.map(|text| askable(&search::fold(text)));
        let overviews = fetch_all!(
            &mut self.read().await?,
            OrganizationOverview,
            concat!(
                "SELECT ",
                organization_columns!(),
                ", (SELECT count(*) FROM memberships WHERE memberships.organization = organizations.id) AS members, \
                 (SELECT count(*) FROM projects WHERE projects.organization = organizations.id \
                  AND projects.deleted_at IS NULL) AS projects, \
                 (SELECT count(*) FROM environments WHERE environments.organization = organizations.id \
                  AND environments.deleted_at IS NULL) AS environments, \
                 (SELECT count(*) FROM flags JOIN projects ON projects.id = flags.project \
                  WHERE projects.organization = organizations.id AND projects.deleted_at IS NULL) AS flags, \
                 (SELECT CAST(COALESCE(SUM(usage_days.count), 0) AS BIGINT) FROM usage_days \
                  JOIN environments ON environments.id = usage_days.environment \
                  WHERE environments.organization = organizations.id AND usage_days.day >= $3) AS evaluations \
                 FROM organizations WHERE organizations.deleted_at IS NULL AND ($1 IS NULL OR organizations.key > $1) \
                 AND ($4 IS NULL OR replace(organizations.key, $4, '') <> organizations.key \
                      OR replace(lower(organizations.name), $4, '') <> lower(organizations.name)) \
                 ORDER BY organizations.key LIMIT $2"
            ),
            after,
            page.fetch(),
            Stamp(at - RECENT),
            search,
        )?;
        Ok(page.list(overviews, |overview| Cursor::of(&overview.organization.key)))
    }
}
