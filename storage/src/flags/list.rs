//! Lists of flags: filtered, in several orders, by page, with their targeting in short.

use std::collections::{BTreeSet, HashMap};

use peekaboo_flags::{FlagType, Value};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, FromRow};
use time::OffsetDateTime;

use super::flag_columns;
use crate::database::{Transaction, fetch_all, fetch_count, on_either};
use crate::environments;
use crate::error::Result;
use crate::page::{Cursor, List, Page, invalid_cursor};
use crate::projects;
use crate::search::{askable, fold};
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::text_enum::text_enum;
use crate::{
    Environment, EnvironmentId, Flag, FlagId, FlagOverview, Key, OrganizationId, ProjectId,
    TargetingSummary,
};

/// Which flags to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlagFilter {
    /// Somewhere in the key, the name or the description, in either case of letters.
    pub search: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// Of this type.
    pub type_: Option<FlagType>,
    /// Archived ones, or the others.
    pub archived: Option<bool>,
    /// The list's order.
    pub sort: FlagSort,
}

text_enum! {
    /// The order of a list of flags; those that are equal stand by age.
    #[derive(Default)]
    pub enum FlagSort {
        /// By key, whatever the letters' case.
        #[default]
        Key = "key",
        /// By key, backwards.
        KeyDescending = "-key",
        /// By name, whatever the letters' case.
        Name = "name",
        /// By name, backwards.
        NameDescending = "-name",
        /// Oldest first.
        Created = "created",
        /// Newest first.
        CreatedDescending = "-created",
        /// Longest unchanged first.
        Updated = "updated",
        /// Last changed first.
        UpdatedDescending = "-updated",
    }
}

impl FlagSort {
    /// What is sorted by, as an index has it.
    fn expression(self) -> &'static str {
        match self {
            FlagSort::Key | FlagSort::KeyDescending => "lower(flags.key)",
            FlagSort::Name | FlagSort::NameDescending => "flags.folded_name",
            FlagSort::Created | FlagSort::CreatedDescending => "flags.created_at",
            FlagSort::Updated | FlagSort::UpdatedDescending => "flags.updated_at",
        }
    }

    fn is_by_time(self) -> bool {
        self.expression().ends_with("_at")
    }

    fn is_descending(self) -> bool {
        self.as_str().starts_with('-')
    }

    /// A flag's place in the list.
    fn cursor(self, flag: &Flag) -> Cursor {
        let place = match self {
            FlagSort::Key | FlagSort::KeyDescending => flag.key.folded(),
            FlagSort::Name | FlagSort::NameDescending => fold(&flag.name),
            FlagSort::Created | FlagSort::CreatedDescending => {
                flag.created_at.unix_timestamp_nanos().to_string()
            }
            FlagSort::Updated | FlagSort::UpdatedDescending => {
                flag.updated_at.unix_timestamp_nanos().to_string()
            }
        };
        Cursor::of_parts(&[&place, &flag.id])
    }
}

impl Storage {
    /// A project's flags with their targeting in short. How many match in all is answered beside.
    pub async fn flags(
        &self,
        organization: OrganizationId,
        project: &Key,
        filter: &FlagFilter,
        page: &Page,
    ) -> Result<(List<FlagOverview>, i64)> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        let flags = select(&mut transaction, project.id, filter, page).await?;
        let flags = page.list(flags, |flag| filter.sort.cursor(flag));
        let whole = page.cursor.is_none() && flags.next.is_none();
        let total = if whole {
            i64::try_from(flags.items.len()).unwrap_or(i64::MAX)
        } else {
            count(&mut transaction, project.id, filter).await?
        };
        let environments = environments::of_project(&mut transaction, project.id).await?;
        let mut summaries = summaries(&mut transaction, &flags.items, &environments).await?;
        let overviews = flags.map(|flag| FlagOverview {
            environments: summaries.remove(&flag.id).unwrap_or_default(),
            flag,
        });
        Ok((overviews, total))
    }
}

impl Storage {
    /// Every tag of a project's flags once, in order; archived flags count.
    pub async fn flag_tags(
        &self,
        organization: OrganizationId,
        project: &Key,
    ) -> Result<Vec<String>> {
        #[derive(FromRow)]
        struct Tags {
            tags: Json<Vec<String>>,
        }
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        // Each database takes a list of JSON apart in its own words; there are few different ones.
        let lists = fetch_all!(
            &mut transaction,
            Tags,
            "SELECT DISTINCT tags FROM flags WHERE project = $1",
            project.id,
        )?;
        let tags: BTreeSet<String> = lists.into_iter().flat_map(|list| list.tags.0).collect();
        Ok(tags.into_iter().collect())
    }
}

/// The condition that a column holds some text, case and all: `LIKE` disregards case on SQLite and not on Postgres, and
/// each database has its own name for finding a position; both can replace.
macro_rules! holds {
    ($column:literal, $parameter:literal) => {
        concat!("replace(", $column, ", ", $parameter, ", '') <> ", $column)
    };
}

/// The condition that a column of text in lower case matches a pattern in lower case, for which `LIKE` does the same on
/// both databases. It costs half of what replacing does.
macro_rules! like {
    ($column:literal, $parameter:literal) => {
        concat!($column, " LIKE ", $parameter, " ESCAPE '!'")
    };
}

/// The parameters of a filter's conditions, from `$2` on.
struct Conditions {
    sql: String,
    search: Option<String>,
    tag: Option<String>,
    type_: Option<&'static str>,
}

impl Conditions {
    fn of(filter: &FlagFilter) -> Self {
        let search = filter.search.as_deref().map(str::trim);
        let search = search.filter(|search| !search.is_empty());
        let search = search.map(|search| anywhere(&askable(&fold(search))));
        // As JSON text it stands in quotes, so that no tag is found within another.
        let tag = filter
            .tag
            .as_ref()
            .map(|tag| Value::from(tag.as_str()).to_string());
        let type_ = filter.type_.map(FlagType::as_str);
        let mut sql = "flags.project = $1".to_owned();
        if search.is_some() {
            sql += concat!(
                " AND (",
                like!("lower(flags.key)", "$2"),
                " OR ",
                like!("flags.folded_name", "$2"),
                " OR ",
                like!("flags.folded_description", "$2"),
                ")"
            );
        }
        if tag.is_some() {
            sql += concat!(" AND ", holds!("CAST(flags.tags AS TEXT)", "$3"));
        }
        if type_.is_some() {
            sql += " AND flags.type = $4";
        }
        match filter.archived {
            Some(true) => sql += " AND flags.archived_at IS NOT NULL",
            Some(false) => sql += " AND flags.archived_at IS NULL",
            None => {}
        }
        Conditions {
            sql,
            search,
            tag,
            type_,
        }
    }
}

/// A pattern that text matches which holds this somewhere.
fn anywhere(text: &str) -> String {
    // Longer than any name or description, and within what SQLite takes for a pattern.
    let text = text.chars().take(10_000);
    let mut pattern = String::from("%");
    for char in text {
        if matches!(char, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(char);
    }
    pattern.push('%');
    pattern
}

async fn count(
    transaction: &mut Transaction,
    project: ProjectId,
    filter: &FlagFilter,
) -> Result<i64> {
    let conditions = Conditions::of(filter);
    let sql = format!("SELECT count(*) FROM flags WHERE {}", conditions.sql);
    let count = fetch_count!(
        transaction,
        AssertSqlSafe(sql),
        project,
        conditions.search,
        conditions.tag,
        conditions.type_,
    )?;
    Ok(count)
}

async fn select(
    transaction: &mut Transaction,
    project: ProjectId,
    filter: &FlagFilter,
    page: &Page,
) -> Result<Vec<Flag>> {
    let by = filter.sort.expression();
    let (order, sign) = if filter.sort.is_descending() {
        ("DESC", "<")
    } else {
        ("ASC", ">")
    };
    let after: Option<[String; 2]> = page.parts()?;
    let conditions = Conditions::of(filter);
    let (mut text, mut time, mut id) = (None, None, None);
    let mut beyond = String::new();
    if let Some([place, flag]) = after {
        id = Some(flag.parse::<FlagId>().map_err(|_| invalid_cursor())?);
        let parameter = if filter.sort.is_by_time() {
            time = Some(Stamp(parse_time(&place)?));
            "$6"
        } else {
            text = Some(place);
            "$5"
        };
        beyond = format!("AND ({by}, flags.id) {sign} ({parameter}, $7)");
    }
    let sql = format!(
        "SELECT {columns} FROM flags WHERE {conditions} {beyond} \
         ORDER BY {by} {order}, flags.id {order} LIMIT $8",
        columns = flag_columns!(),
        conditions = conditions.sql,
    );
    let flags = fetch_all!(
        transaction,
        Flag,
        AssertSqlSafe(sql),
        project,
        conditions.search,
        conditions.tag,
        conditions.type_,
        text,
        time,
        id,
        page.fetch(),
    )?;
    Ok(flags)
}

fn parse_time(nanoseconds: &str) -> Result<OffsetDateTime> {
    let nanoseconds = nanoseconds.parse().map_err(|_| invalid_cursor())?;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).map_err(|_| invalid_cursor())
}

#[derive(FromRow)]
struct SummaryRow {
    flag: FlagId,
    environment: EnvironmentId,
    enabled: bool,
    version: i64,
    rule_count: i64,
    target_count: i64,
    updated_at: OffsetDateTime,
    last_evaluated_at: Option<OffsetDateTime>,
}

/// The targeting of several flags in short, by one statement however many they are.
pub(super) async fn summaries(
    transaction: &mut Transaction,
    flags: &[Flag],
    environments: &[Environment],
) -> Result<HashMap<FlagId, Vec<TargetingSummary>>> {
    if flags.is_empty() {
        return Ok(HashMap::new());
    }
    let parameters: Vec<String> = (1..=flags.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT targeting.flag, targeting.environment, targeting.enabled, targeting.version, targeting.rule_count, \
         targeting.target_count, targeting.updated_at, flag_usage.last_evaluated_at \
         FROM flag_environments AS targeting JOIN flags ON flags.id = targeting.flag \
         LEFT JOIN flag_usage ON flag_usage.environment = targeting.environment AND flag_usage.flag = flags.key \
         WHERE targeting.flag IN ({})",
        parameters.join(", "),
    );
    let rows = on_either!(transaction, connection => {
        // Not kept prepared: each length is another statement.
        let query = sqlx::query_as::<_, SummaryRow>(AssertSqlSafe(sql)).persistent(false);
        flags.iter().fold(query, |query, flag| query.bind(flag.id)).fetch_all(connection)
    })?;
    let mut by_flag: HashMap<FlagId, HashMap<EnvironmentId, SummaryRow>> = HashMap::new();
    for row in rows {
        let own = by_flag.entry(row.flag).or_default();
        own.insert(row.environment, row);
    }
    let mut summaries = HashMap::with_capacity(flags.len());
    for (flag, mut rows) in by_flag {
        let in_order = environments.iter().filter_map(|environment| {
            let row = rows.remove(&environment.id)?;
            Some(row.summary(environment.key.clone()))
        });
        summaries.insert(flag, in_order.collect());
    }
    Ok(summaries)
}

impl SummaryRow {
    fn summary(self, environment: Key) -> TargetingSummary {
        TargetingSummary {
            environment,
            enabled: self.enabled,
            version: self.version,
            rule_count: self.rule_count,
            target_count: self.target_count,
            updated_at: self.updated_at,
            last_evaluated_at: self.last_evaluated_at,
        }
    }
}
