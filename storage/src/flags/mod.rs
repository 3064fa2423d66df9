//! Flags: what is the same in every environment.

mod list;
mod overview;

use serde_json::{Value, json};

use crate::database::{Transaction, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::{Flag, ProjectId, SubjectKey};

pub use list::{FlagFilter, FlagSort};
pub(crate) use overview::overview;

/// The columns of [`Flag`].
macro_rules! flag_columns {
    () => {
        "flags.id, flags.project, flags.key, flags.name, flags.description, flags.type, flags.variations, flags.tags, \
         flags.client_visible, flags.track, flags.metadata, flags.salt, flags.archived_at, flags.version, \
         flags.created_at, flags.updated_at"
    };
}

pub(crate) use flag_columns;

impl Flag {
    /// The definition as the audit log keeps it.
    pub(crate) fn document(&self) -> Value {
        json!({
            "key": self.key,
            "name": self.name,
            "description": self.description,
            "type": self.type_,
            "variations": self.variations,
            "tags": self.tags,
            "clientVisible": self.client_visible,
            "track": self.track,
            "metadata": self.metadata,
            "archived": self.archived_at.is_some(),
        })
    }
}

/// A flag, if it exists.
pub(crate) async fn find(
    transaction: &mut Transaction,
    project: ProjectId,
    key: &SubjectKey,
) -> Result<Option<Flag>> {
    let flag = fetch_optional!(
        transaction,
        Flag,
        concat!(
            "SELECT ",
            flag_columns!(),
            " FROM flags WHERE project = $1 AND key = $2"
        ),
        project,
        key,
    )?;
    Ok(flag)
}

/// A flag that must exist.
pub(crate) async fn expect(
    transaction: &mut Transaction,
    project: ProjectId,
    key: &SubjectKey,
) -> Result<Flag> {
    let what = Entity::Flag;
    let found = find(transaction, project, key).await?;
    found.ok_or(Error::NotFound { what })
}
