//! What flags and segments refer to, as rows: written in the transaction that changes the targeting or the segment.
//!
//! The rows say the same as the rulesets, so that a dependent is found by an index instead of by reading every ruleset.
//! An archived flag is in no ruleset and has no rows. `referenced_version` is the version whose references are recorded:
//! a node of the previous release raises the version and records nothing, and [`refresh`] makes up for it before
//! anything relies on the rows. Call it with the environments locked.

use peekaboo_flags::model::{Prerequisite, Rule};
use peekaboo_flags::{Dependency, Kind, flag_dependencies, segment_dependencies};
use sqlx::FromRow;
use sqlx::types::Json;

use crate::database::{Transaction, execute, execute_with, fetch_all, parameter_rows, parameters};
use crate::error::Result;
use crate::{EnvironmentId, FlagId, ProjectId, Segment, SegmentId, SubjectKey, Targeting};

/// Rows of targeting whose references are recorded at once: their rules are in memory meanwhile.
const CHUNK: i64 = 500;

/// Rows in one statement, well below both databases' bounds on parameters.
const ROWS: usize = 500;

/// What a targeting refers to.
pub(crate) fn of_targeting(targeting: &Targeting) -> Vec<Dependency> {
    flag_dependencies(&targeting.prerequisites, &targeting.rules)
}

/// What a segment refers to.
pub(crate) fn of_segment(segment: &Segment) -> Vec<Dependency> {
    segment_dependencies(&segment.when)
}

/// Replaces what is recorded of a flag in one environment.
pub(crate) async fn record_flag(
    transaction: &mut Transaction,
    environment: EnvironmentId,
    flag: &SubjectKey,
    dependencies: &[Dependency],
) -> Result<()> {
    execute!(
        transaction,
        "DELETE FROM flag_references WHERE environment = $1 AND flag = $2",
        environment,
        flag,
    )?;
    let rows: Vec<_> = dependencies
        .iter()
        .map(|dependency| (flag.as_str(), dependency))
        .collect();
    insert_flags(transaction, environment, &rows).await
}

/// Deletes what is recorded of a flag, in every environment of its project.
pub(crate) async fn forget_flag(
    transaction: &mut Transaction,
    project: ProjectId,
    flag: &SubjectKey,
) -> Result<()> {
    execute!(
        transaction,
        "DELETE FROM flag_references WHERE flag = $2 \
         AND environment IN (SELECT id FROM environments WHERE project = $1)",
        project,
        flag,
    )?;
    Ok(())
}

/// Gives an environment the references of another one, whose targeting it got.
pub(crate) async fn copy(
    transaction: &mut Transaction,
    from: EnvironmentId,
    to: EnvironmentId,
) -> Result<()> {
    execute!(
        transaction,
        "INSERT INTO flag_references (environment, flag, place, kind, target, variations) \
         SELECT $1, flag, place, kind, target, variations FROM flag_references WHERE environment = $2",
        to,
        from,
    )?;
    Ok(())
}

/// Replaces what is recorded of a segment.
pub(crate) async fn record_segment(
    transaction: &mut Transaction,
    project: ProjectId,
    segment: &SubjectKey,
    dependencies: &[Dependency],
) -> Result<()> {
    forget_segment(transaction, project, segment).await?;
    for dependency in dependencies {
        execute!(
            transaction,
            "INSERT INTO segment_references (project, segment, place, kind, target, variations) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            project,
            segment,
            &dependency.pointer,
            kind(dependency.kind),
            &dependency.key,
            Json(&dependency.variations),
        )?;
    }
    Ok(())
}

/// Deletes what is recorded of a segment.
pub(crate) async fn forget_segment(
    transaction: &mut Transaction,
    project: ProjectId,
    segment: &SubjectKey,
) -> Result<()> {
    execute!(
        transaction,
        "DELETE FROM segment_references WHERE project = $1 AND segment = $2",
        project,
        segment,
    )?;
    Ok(())
}

/// Records the references of segments that an older node wrote.
pub(crate) async fn refresh_segments(
    transaction: &mut Transaction,
    project: ProjectId,
) -> Result<()> {
    #[derive(FromRow)]
    struct Row {
        id: SegmentId,
        key: SubjectKey,
        #[sqlx(json)]
        condition: peekaboo_flags::model::Condition,
    }
    let rows = fetch_all!(
        transaction,
        Row,
        "SELECT id, key, condition FROM segments WHERE project = $1 AND referenced_version <> version",
        project,
    )?;
    for row in rows {
        let dependencies = segment_dependencies(&row.condition);
        record_segment(transaction, project, &row.key, &dependencies).await?;
        execute!(
            transaction,
            "UPDATE segments SET referenced_version = version WHERE id = $1",
            row.id,
        )?;
    }
    Ok(())
}

/// Records the references of every targeting in an environment that an older node wrote. Costs an indexed look when
/// there is none.
pub(crate) async fn refresh(
    transaction: &mut Transaction,
    environment: EnvironmentId,
) -> Result<()> {
    while refresh_chunk(transaction, environment).await? {}
    Ok(())
}

/// Records the references of some of them; whether there may be more.
pub(crate) async fn refresh_chunk(
    transaction: &mut Transaction,
    environment: EnvironmentId,
) -> Result<bool> {
    #[derive(FromRow)]
    struct Row {
        flag: FlagId,
        key: SubjectKey,
        archived: bool,
        #[sqlx(json)]
        prerequisites: Vec<Prerequisite>,
        #[sqlx(json)]
        rules: Vec<Rule>,
    }
    let rows = fetch_all!(
        transaction,
        Row,
        "SELECT flags.id AS flag, flags.key, flags.archived_at IS NOT NULL AS archived, \
         flag_environments.prerequisites, flag_environments.rules \
         FROM flag_environments JOIN flags ON flags.id = flag_environments.flag \
         WHERE flag_environments.environment = $1 \
         AND flag_environments.referenced_version <> flag_environments.version LIMIT $2",
        environment,
        CHUNK,
    )?;
    if rows.is_empty() {
        return Ok(false);
    }
    let keys = parameters(2, rows.len());
    let delete = format!("DELETE FROM flag_references WHERE environment = $1 AND flag IN {keys}");
    execute_with!(transaction, delete, query => rows
        .iter()
        .fold(query.bind(environment), |query, row| query.bind(&row.key)))?;
    let dependencies: Vec<_> = rows
        .iter()
        .filter(|row| !row.archived)
        .flat_map(|row| {
            let found = flag_dependencies(&row.prerequisites, &row.rules);
            found
                .into_iter()
                .map(|dependency| (row.key.as_str(), dependency))
        })
        .collect();
    let dependencies: Vec<_> = dependencies
        .iter()
        .map(|(flag, dependency)| (*flag, dependency))
        .collect();
    insert_flags(transaction, environment, &dependencies).await?;
    let mark = format!(
        "UPDATE flag_environments SET referenced_version = version WHERE environment = $1 AND flag IN {keys}"
    );
    execute_with!(transaction, mark, query => rows
        .iter()
        .fold(query.bind(environment), |query, row| query.bind(row.flag)))?;
    Ok(i64::try_from(rows.len()).is_ok_and(|count| count >= CHUNK))
}

async fn insert_flags(
    transaction: &mut Transaction,
    environment: EnvironmentId,
    rows: &[(&str, &Dependency)],
) -> Result<()> {
    for rows in rows.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO flag_references (environment, flag, place, kind, target, variations) VALUES {}",
            parameter_rows(1, 6, rows.len())
        );
        execute_with!(transaction, sql, query => rows
        .iter()
        .fold(query, |query, (flag, dependency)| {
            query
                .bind(environment)
                .bind(*flag)
                .bind(&dependency.pointer)
                .bind(kind(dependency.kind))
                .bind(&dependency.key)
                .bind(Json(&dependency.variations))
        }))?;
    }
    Ok(())
}

/// A kind as the rows have it.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "flag",
        Kind::Segment => "segment",
    }
}
