//! Segments: named groups of contexts, the same in every environment of a project.

use serde_json::{Value, json};

use crate::database::{Transaction, fetch_all, fetch_optional};
use crate::error::Result;
use crate::page::{Cursor, List, Page, invalid_cursor};
use crate::projects;
use crate::search::{askable, fold};
use crate::storage::Storage;
use crate::{Key, OrganizationId, ProjectId, Segment, SegmentId, SubjectKey};

/// The columns of [`Segment`].
macro_rules! segment_columns {
    () => {
        "segments.id, segments.project, segments.key, segments.name, segments.description, segments.attribute, \
         segments.included, segments.excluded, segments.condition, segments.version, segments.created_at, \
         segments.updated_at"
    };
}

impl Segment {
    /// The segment as the audit log keeps it.
    pub(crate) fn document(&self) -> Value {
        json!({
            "key": self.key,
            "name": self.name,
            "description": self.description,
            "attribute": self.attribute,
            "included": self.included,
            "excluded": self.excluded,
            "when": self.when,
        })
    }
}

impl Storage {
    /// A project's segments, by key whatever the letters' case; with `search`, those that have it in the key or the name.
    pub async fn segments(
        &self,
        organization: OrganizationId,
        project: &Key,
        search: Option<&str>,
        page: &Page,
    ) -> Result<List<Segment>> {
        let after: Option<[String; 2]> = page.parts()?;
        let (place, id) = match after {
            Some([place, id]) => (
                Some(place),
                Some(id.parse::<SegmentId>().map_err(|_| invalid_cursor())?),
            ),
            None => (None, None),
        };
        let search = search.map(str::trim).filter(|search| !search.is_empty());
        let search = search.map(|search| askable(&fold(search)));
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        let segments = fetch_all!(
            &mut transaction,
            Segment,
            concat!(
                "SELECT ",
                segment_columns!(),
                " FROM segments WHERE project = $1 AND (lower(key), id) > (COALESCE($2, ''), $3) \
                 AND ($4 IS NULL OR replace(lower(key), $4, '') <> lower(key) \
                 OR replace(folded_name, $4, '') <> folded_name) ORDER BY lower(key), id LIMIT $5"
            ),
            project.id,
            place,
            id,
            search,
            page.fetch(),
        )?;
        Ok(page.list(segments, |segment| {
            Cursor::of_parts(&[&segment.key.folded(), &segment.id])
        }))
    }

    /// A segment.
    pub async fn segment(
        &self,
        organization: OrganizationId,
        project: &Key,
        key: &SubjectKey,
    ) -> Result<Option<Segment>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        find(&mut transaction, project.id, key).await
    }
}

/// A segment, if it exists.
pub(crate) async fn find(
    transaction: &mut Transaction,
    project: ProjectId,
    key: &SubjectKey,
) -> Result<Option<Segment>> {
    by_key(transaction, project, key.as_str()).await
}

/// A segment, if it exists, by what may be a key.
pub(crate) async fn by_key(
    transaction: &mut Transaction,
    project: ProjectId,
    key: &str,
) -> Result<Option<Segment>> {
    let segment = fetch_optional!(
        transaction,
        Segment,
        concat!(
            "SELECT ",
            segment_columns!(),
            " FROM segments WHERE project = $1 AND key = $2"
        ),
        project,
        key,
    )?;
    Ok(segment)
}

/// Every segment of a project.
pub(crate) async fn all(transaction: &mut Transaction, project: ProjectId) -> Result<Vec<Segment>> {
    let segments = fetch_all!(
        transaction,
        Segment,
        concat!(
            "SELECT ",
            segment_columns!(),
            " FROM segments WHERE project = $1"
        ),
        project,
    )?;
    Ok(segments)
}
