//! The part of an environment's ruleset that decides whether what a flag or a segment refers to is valid.
//!
//! A reference is valid when its target exists and it closes no cycle and no overlong chain. Only what the candidate
//! leads to and what leads to the candidate matters for that, which are a few definitions of ten thousand.

use std::collections::BTreeSet;

use peekaboo_flags::{Dependency, Kind, Ruleset, Subject};
use sqlx::FromRow;

use crate::database::{Transaction, fetch_all_with, parameters};
use crate::error::Result;
use crate::references::kind;
use crate::tenants;
use crate::{EnvironmentId, ProjectId};

/// Names in one statement.
const NAMES: usize = 500;

/// An environment, locked, and its project.
#[derive(Clone, Copy)]
pub(super) struct Locked {
    pub(super) project: ProjectId,
    pub(super) environment: EnvironmentId,
}

/// Flags and segments, by kind and key.
type Names = BTreeSet<(Kind, String)>;

#[derive(FromRow)]
struct Name {
    kind: String,
    key: String,
}

impl Name {
    fn read(self) -> (Kind, String) {
        let kind = match self.kind.as_str() {
            "flag" => Kind::Flag,
            _ => Kind::Segment,
        };
        (kind, self.key)
    }
}

/// The definitions around a candidate that has these dependencies, and those of `also`; the candidate's present one is
/// among them, if it has one.
pub(super) async fn surroundings(
    transaction: &mut Transaction,
    locked: Locked,
    candidate: Subject<'_>,
    dependencies: &[Dependency],
    also: impl IntoIterator<Item = (Kind, String)>,
) -> Result<Ruleset> {
    let candidate = match candidate {
        Subject::Flag(key) => (Kind::Flag, key.to_owned()),
        Subject::Segment(key) => (Kind::Segment, key.to_owned()),
    };
    let mut names = Names::new();
    names.insert(candidate.clone());
    names.extend(also);
    if !dependencies.is_empty() {
        let targets = dependencies.iter();
        let targets = targets.map(|dependency| (dependency.kind, dependency.key.clone()));
        names.extend(below(transaction, locked, targets.collect(), &candidate).await?);
        names.extend(above(transaction, locked, candidate).await?);
    }
    let of = |wanted: Kind| {
        let names = names.iter().filter(move |(kind, _)| *kind == wanted);
        names.map(|(_, key)| key.as_str()).collect::<Vec<_>>()
    };
    tenants::excerpt(
        transaction,
        locked.project,
        locked.environment,
        &of(Kind::Flag),
        &of(Kind::Segment),
    )
    .await
}

/// The targets, and what they lead to up to the candidate.
async fn below(
    transaction: &mut Transaction,
    locked: Locked,
    targets: Names,
    candidate: &(Kind, String),
) -> Result<Names> {
    let mut seen = Names::from([candidate.clone()]);
    let mut frontier: Names = targets.difference(&seen).cloned().collect();
    while !frontier.is_empty() {
        let mut next = Names::new();
        for (from, keys) in by_kind(&frontier) {
            for keys in keys.chunks(NAMES) {
                let list = parameters(2, keys.len());
                let sql = match from {
                    Kind::Flag => format!(
                        "SELECT DISTINCT kind, target AS key FROM flag_references \
                         WHERE environment = $1 AND flag IN {list}"
                    ),
                    Kind::Segment => format!(
                        "SELECT DISTINCT kind, target AS key FROM segment_references \
                         WHERE project = $1 AND segment IN {list}"
                    ),
                };
                let scope = match from {
                    Kind::Flag => locked.environment.as_uuid(),
                    Kind::Segment => locked.project.as_uuid(),
                };
                let found = fetch_all_with!(transaction, Name, sql, query => keys
                    .iter()
                    .fold(query.bind(scope), |query, key| query.bind(*key)))?;
                next.extend(found.into_iter().map(Name::read));
            }
        }
        seen.extend(frontier);
        frontier = next.difference(&seen).cloned().collect();
    }
    Ok(seen)
}

/// What leads to the candidate. Of those that refer to one thing, all that are referred to themselves, and one more: each
/// of the others ends a chain that is just as long.
async fn above(
    transaction: &mut Transaction,
    locked: Locked,
    candidate: (Kind, String),
) -> Result<Names> {
    let mut seen = Names::new();
    let mut frontier = Names::from([candidate]);
    while !frontier.is_empty() {
        let mut next = Names::new();
        for (target, keys) in by_kind(&frontier) {
            for keys in keys.chunks(NAMES) {
                let list = parameters(4, keys.len());
                let sql = format!(
                    "SELECT 'flag' AS kind, min(flag) AS key FROM flag_references \
                     WHERE environment = $1 AND kind = $3 AND target IN {list} GROUP BY target \
                     UNION SELECT 'segment' AS kind, min(segment) AS key FROM segment_references \
                     WHERE project = $2 AND kind = $3 AND target IN {list} GROUP BY target \
                     UNION SELECT 'flag' AS kind, flag AS key FROM flag_references AS used \
                     WHERE environment = $1 AND kind = $3 AND target IN {list} AND (EXISTS (\
                       SELECT 1 FROM flag_references WHERE environment = $1 AND kind = 'flag' AND target = used.flag) \
                     OR EXISTS (\
                       SELECT 1 FROM segment_references WHERE project = $2 AND kind = 'flag' AND target = used.flag)) \
                     UNION SELECT 'segment' AS kind, segment AS key FROM segment_references AS used \
                     WHERE project = $2 AND kind = $3 AND target IN {list} AND (EXISTS (\
                       SELECT 1 FROM flag_references WHERE environment = $1 AND kind = 'segment' AND target = used.segment) \
                     OR EXISTS (\
                       SELECT 1 FROM segment_references WHERE project = $2 AND kind = 'segment' AND target = used.segment))"
                );
                let found = fetch_all_with!(transaction, Name, sql, query => keys
                .iter()
                .fold(
                    query.bind(locked.environment).bind(locked.project).bind(kind(target)),
                    |query, key| query.bind(*key),
                ))?;
                next.extend(found.into_iter().map(Name::read));
            }
        }
        seen.extend(frontier);
        frontier = next.difference(&seen).cloned().collect();
    }
    Ok(seen)
}

/// The keys of each kind, where there are any.
fn by_kind(names: &Names) -> impl Iterator<Item = (Kind, Vec<&str>)> {
    [Kind::Flag, Kind::Segment]
        .into_iter()
        .filter_map(|wanted| {
            let keys: Vec<&str> = names
                .iter()
                .filter(|(kind, _)| *kind == wanted)
                .map(|(_, key)| key.as_str())
                .collect();
            (!keys.is_empty()).then_some((wanted, keys))
        })
}
