//! Flags: what is the same in every environment.

mod list;

use std::collections::BTreeMap;

use peekaboo_flags::{FlagType, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, FromRow, Type};
use time::OffsetDateTime;

use crate::database::{Transaction, fetch_optional};
use crate::environments;
use crate::error::{Entity, Error, Result};
use crate::projects;
use crate::storage::Storage;
use crate::targeting::TargetingSummary;
use crate::{FlagId, Key, OrganizationId, ProjectId};

pub use list::{FlagFilter, FlagSort};

/// A flag's definition: what is the same in every environment.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Flag {
    /// Identifies it.
    pub id: FlagId,
    /// Where it belongs.
    pub project: ProjectId,
    /// Its key, for ever.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// The type of every variation's value, for ever.
    #[sqlx(rename = "type", try_from = "StoredType")]
    pub type_: FlagType,
    /// In the order that people gave them.
    #[sqlx(json)]
    pub variations: Vec<Variation>,
    /// To find it by; sorted, each once.
    #[sqlx(json)]
    pub tags: Vec<String>,
    /// Whether client keys see its value.
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    pub track: bool,
    /// Seeds its splits, in every environment alike.
    pub salt: String,
    /// An archived flag is in no ruleset.
    pub archived_at: Option<OffsetDateTime>,
    /// Rises by one with every change of the definition: its entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its definition last changed.
    pub updated_at: OffsetDateTime,
}

/// One of the values that a flag can serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variation {
    /// What rules call it.
    pub key: String,
    /// What applications get.
    pub value: Value,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A flag as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagOverview {
    /// The definition.
    pub flag: Flag,
    /// In the project's order of environments.
    pub environments: Vec<TargetingSummary>,
}

/// The columns of [`Flag`].
macro_rules! flag_columns {
    () => {
        "flags.id, flags.project, flags.key, flags.name, flags.description, flags.type, flags.variations, flags.tags, \
         flags.client_visible, flags.track, flags.salt, flags.archived_at, flags.version, flags.created_at, \
         flags.updated_at"
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
            "archived": self.archived_at.is_some(),
        })
    }

    /// The variations as a ruleset has them.
    pub(crate) fn variation_map(&self) -> BTreeMap<String, Value> {
        let variations = self.variations.iter();
        variations
            .map(|variation| (variation.key.clone(), variation.value.clone()))
            .collect()
    }
}

impl Storage {
    /// A flag with its targeting in short.
    pub async fn flag(
        &self,
        organization: OrganizationId,
        project: &Key,
        key: &Key,
    ) -> Result<Option<FlagOverview>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        let Some(flag) = find(&mut transaction, project.id, key).await? else {
            return Ok(None);
        };
        overview(&mut transaction, flag).await.map(Some)
    }
}

/// A flag, if it exists.
pub(crate) async fn find(
    transaction: &mut Transaction,
    project: ProjectId,
    key: &Key,
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
    key: &Key,
) -> Result<Flag> {
    let what = Entity::Flag;
    let found = find(transaction, project, key).await?;
    found.ok_or(Error::NotFound { what })
}

/// A flag's definition with its targeting in short.
pub(crate) async fn overview(transaction: &mut Transaction, flag: Flag) -> Result<FlagOverview> {
    let environments = environments::of_project(transaction, flag.project).await?;
    let flags = std::slice::from_ref(&flag);
    let mut summaries = list::summaries(transaction, flags, &environments).await?;
    Ok(FlagOverview {
        environments: summaries.remove(&flag.id).unwrap_or_default(),
        flag,
    })
}

/// A name or a description as it is sorted and searched by.
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// A flag's type as its column holds it.
pub(crate) struct StoredType(FlagType);

impl From<StoredType> for FlagType {
    fn from(stored: StoredType) -> FlagType {
        stored.0
    }
}

impl<DB: Database> Type<DB> for StoredType
where
    str: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <str as Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <str as Type<DB>>::compatible(ty)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for StoredType
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let text = <&'r str as Decode<'r, DB>>::decode(value)?;
        let type_ = Value::from(text);
        Ok(StoredType(serde_json::from_value(type_)?))
    }
}
