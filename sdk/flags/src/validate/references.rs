//! What flags and segments refer to: unknown names, cycles, chains that are too long, and who depends on whom.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Pointer, Problem};
use crate::model::{
    Condition, Flag, MAX_CONDITION_DEPTH, MAX_NESTING, Prerequisite, Rule, Ruleset, Segment,
};

/// A flag or a segment, by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject<'a> {
    /// The flag of this key.
    Flag(&'a str),
    /// The segment of this key.
    Segment(&'a str),
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Flag(key) => write!(f, "flag {key}"),
            Subject::Segment(key) => write!(f, "segment {key}"),
        }
    }
}

/// Flag or segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A flag.
    Flag,
    /// A segment.
    Segment,
}

/// Someone who refers to a flag or a segment, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependent {
    /// What refers.
    pub kind: Kind,
    /// Its key.
    pub key: String,
    /// JSON Pointer within it, `/prerequisites/0` or `/rules/1/when/all/0`.
    pub pointer: String,
    /// The variations that it counts on, where it refers to a flag.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variations: Vec<String>,
}

/// A flag or a segment that another refers to, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// What is referred to.
    pub kind: Kind,
    /// Its key.
    pub key: String,
    /// JSON Pointer within what refers: `/prerequisites/0` or `/rules/1/when/all/0`.
    pub pointer: String,
    /// The variations that are counted on, where it is a flag.
    pub variations: Vec<String>,
}

/// What a flag with these prerequisites and rules refers to, in the order of the pointers' places.
pub fn flag_dependencies(prerequisites: &[Prerequisite], rules: &[Rule]) -> Vec<Dependency> {
    let mut found = Vec::new();
    targeting_references(prerequisites, rules, &mut |at, reference| {
        found.push(reference.dependency(at));
    });
    found
}

/// What a segment with this condition refers to, in the order of the pointers' places.
pub fn segment_dependencies(when: &Condition) -> Vec<Dependency> {
    let mut found = Vec::new();
    when_references(when, &mut |at, reference| {
        found.push(reference.dependency(at));
    });
    found
}

/// Who refers to a flag or a segment: while there is anyone, it cannot be deleted.
pub fn dependents(ruleset: &Ruleset, subject: Subject<'_>) -> Vec<Dependent> {
    let mut found = Vec::new();
    for (from, definition) in definitions(ruleset, None) {
        let (kind, key) = match from {
            Subject::Flag(key) => (Kind::Flag, key),
            Subject::Segment(key) => (Kind::Segment, key),
        };
        definition.references(&mut |at, reference| {
            if reference.subject() == subject {
                found.push(Dependent {
                    kind,
                    key: key.to_owned(),
                    pointer: at.as_str().to_owned(),
                    variations: reference.variations().to_vec(),
                });
            }
        });
    }
    found
}

/// What is wrong with a flag's references, were it saved into the ruleset; pointers are within the flag.
///
/// Reports names that do not exist, cycles and chains that pass through the flag, and variations that others count on
/// and that it would no longer have. What was wrong elsewhere before is not reported.
pub fn validate_flag_references(key: &str, flag: &Flag, ruleset: &Ruleset) -> Vec<Problem> {
    let candidate = (Subject::Flag(key), Definition::Flag(flag));
    let mut problems = validate_candidate(candidate, ruleset);
    let Some(present) = ruleset.flags.get(key) else {
        return problems;
    };
    for dependent in dependents(ruleset, Subject::Flag(key)) {
        // Its references to itself are checked as references.
        if dependent.kind == Kind::Flag && dependent.key == key {
            continue;
        }
        for name in &dependent.variations {
            if present.variations.contains_key(name) && !flag.variations.contains_key(name) {
                let (kind, by) = (dependent.kind, &dependent.key);
                let by = match kind {
                    Kind::Flag => Subject::Flag(by),
                    Kind::Segment => Subject::Segment(by),
                };
                problems.push(Problem::new(
                    "/variations",
                    "variation_in_use",
                    format!(
                        "variation {name:?} is needed by {by} ({}); change that first",
                        dependent.pointer
                    ),
                ));
            }
        }
    }
    problems
}

/// What is wrong with a segment's references, were it saved into the ruleset; pointers are within the segment.
pub fn validate_segment_references(
    key: &str,
    segment: &Segment,
    ruleset: &Ruleset,
) -> Vec<Problem> {
    validate_candidate(
        (Subject::Segment(key), Definition::Segment(segment)),
        ruleset,
    )
}

/// What is wrong with any reference of a ruleset; pointers begin with `/flags/KEY` or `/segments/KEY`.
pub fn validate_references(ruleset: &Ruleset) -> Vec<Problem> {
    let definitions = definitions(ruleset, None);
    let graph = Graph::new(&definitions);
    let mut problems = Vec::new();
    for (&subject, &definition) in &definitions {
        let prefix = match subject {
            Subject::Flag(key) => {
                Pointer::default().within("flags", |at| at.within(key, |at| at.as_str().to_owned()))
            }
            Subject::Segment(key) => Pointer::default()
                .within("segments", |at| at.within(key, |at| at.as_str().to_owned())),
        };
        let own = check(subject, definition, &definitions, &graph);
        problems.extend(own.into_iter().map(|problem| Problem {
            pointer: prefix.clone() + &problem.pointer,
            ..problem
        }));
    }
    problems
}

fn validate_candidate(candidate: (Subject<'_>, Definition<'_>), ruleset: &Ruleset) -> Vec<Problem> {
    let definitions = definitions(ruleset, Some(candidate));
    check(
        candidate.0,
        candidate.1,
        &definitions,
        &Graph::new(&definitions),
    )
}

/// Reports one subject's unknown references, and the cycle or the overlong chain that it is part of.
fn check(
    subject: Subject<'_>,
    definition: Definition<'_>,
    definitions: &Definitions<'_>,
    graph: &Graph<'_>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let cycle = graph.cycle(subject);
    definition.references(&mut |at, reference| {
        let target = reference.subject();
        let field = match reference {
            Reference::Flag { .. } => "flag",
            Reference::Segment(_) => "segment",
        };
        let Some(&definition) = definitions.get(&target) else {
            let (code, kind) = match target {
                Subject::Flag(_) => ("unknown_flag", "flag"),
                Subject::Segment(_) => ("unknown_segment", "segment"),
            };
            let message =
                format!("there is no {target} here; create it first, or name an existing {kind}");
            problems.push(at.within(field, |at| Problem::new(at.as_str(), code, message)));
            return;
        };
        if let Some(cycle) = &cycle
            && cycle.get(1) == Some(&target)
        {
            let path: Vec<_> = cycle.iter().map(ToString::to_string).collect();
            let message = format!(
                "this closes a cycle: {}; break it at one of these",
                path.join(" → ")
            );
            problems.push(at.within(field, |at| Problem::new(at.as_str(), "cycle", message)));
        }
        let Definition::Flag(flag) = definition else {
            return;
        };
        for (index, name) in reference.variations().iter().enumerate() {
            if flag.variations.contains_key(name) {
                continue;
            }
            let known: Vec<_> = flag.variations.keys().map(String::as_str).collect();
            let message = format!(
                "{target} has no variation {name:?}; it has {}",
                known.join(", ")
            );
            problems.push(at.within("variations", |at| {
                at.within(index, |at| {
                    Problem::new(at.as_str(), "unknown_variation", message)
                })
            }));
        }
    });
    if let Some(&length) = graph.chains.get(&subject)
        && length > MAX_NESTING
    {
        let message = format!(
            "{subject} is part of a chain of {length} flags and segments that refer to each other; \
             at most {MAX_NESTING} can be evaluated"
        );
        problems.push(Problem::new("", "chain_too_long", message));
    }
    problems
}

#[derive(Clone, Copy)]
enum Definition<'a> {
    Flag(&'a Flag),
    Segment(&'a Segment),
}

#[derive(Clone, Copy)]
pub(crate) enum Reference<'a> {
    Flag {
        key: &'a str,
        variations: &'a [String],
    },
    Segment(&'a str),
}

type Definitions<'a> = BTreeMap<Subject<'a>, Definition<'a>>;

fn definitions<'a>(
    ruleset: &'a Ruleset,
    candidate: Option<(Subject<'a>, Definition<'a>)>,
) -> Definitions<'a> {
    let flags = ruleset
        .flags
        .iter()
        .map(|(key, flag)| (Subject::Flag(key), Definition::Flag(flag)));
    let segments = ruleset
        .segments
        .iter()
        .map(|(key, segment)| (Subject::Segment(key), Definition::Segment(segment)));
    flags.chain(segments).chain(candidate).collect()
}

impl<'a> Reference<'a> {
    pub(crate) fn subject(self) -> Subject<'a> {
        match self {
            Reference::Flag { key, .. } => Subject::Flag(key),
            Reference::Segment(key) => Subject::Segment(key),
        }
    }

    fn variations(self) -> &'a [String] {
        match self {
            Reference::Flag { variations, .. } => variations,
            Reference::Segment(_) => &[],
        }
    }

    fn dependency(self, at: &Pointer) -> Dependency {
        let (kind, key) = match self.subject() {
            Subject::Flag(key) => (Kind::Flag, key),
            Subject::Segment(key) => (Kind::Segment, key),
        };
        Dependency {
            kind,
            key: key.to_owned(),
            pointer: at.as_str().to_owned(),
            variations: self.variations().to_vec(),
        }
    }
}

impl<'a> Definition<'a> {
    fn references(self, visit: &mut impl FnMut(&mut Pointer, Reference<'a>)) {
        match self {
            Definition::Flag(flag) => flag_references(flag, visit),
            Definition::Segment(segment) => segment_references(segment, visit),
        }
    }
}

/// Visits everything that a flag refers to, with the pointer to the object that names it.
pub(crate) fn flag_references<'a>(
    flag: &'a Flag,
    visit: &mut impl FnMut(&mut Pointer, Reference<'a>),
) {
    targeting_references(&flag.prerequisites, &flag.rules, visit);
}

fn targeting_references<'a>(
    prerequisites: &'a [Prerequisite],
    rules: &'a [Rule],
    visit: &mut impl FnMut(&mut Pointer, Reference<'a>),
) {
    let mut at = Pointer::default();
    for (index, prerequisite) in prerequisites.iter().enumerate() {
        let reference = Reference::Flag {
            key: &prerequisite.flag,
            variations: &prerequisite.variations,
        };
        at.within("prerequisites", |at| {
            at.within(index, |at| visit(at, reference));
        });
    }
    for (index, rule) in rules.iter().enumerate() {
        at.within("rules", |at| {
            at.within(index, |at| {
                at.within("when", |at| condition_references(&rule.when, 1, at, visit));
            });
        });
    }
}

/// Visits everything that a segment refers to.
pub(crate) fn segment_references<'a>(
    segment: &'a Segment,
    visit: &mut impl FnMut(&mut Pointer, Reference<'a>),
) {
    when_references(&segment.when, visit);
}

fn when_references<'a>(when: &'a Condition, visit: &mut impl FnMut(&mut Pointer, Reference<'a>)) {
    Pointer::default().within("when", |at| {
        condition_references(when, 1, at, visit);
    });
}

/// Goes no deeper than conditions may nest: what is below is never evaluated.
fn condition_references<'a>(
    condition: &'a Condition,
    depth: usize,
    at: &mut Pointer,
    visit: &mut impl FnMut(&mut Pointer, Reference<'a>),
) {
    if depth > MAX_CONDITION_DEPTH {
        return;
    }
    let (name, conditions) = match condition {
        Condition::All(conditions) => ("all", conditions),
        Condition::Any(conditions) => ("any", conditions),
        Condition::Not(condition) => {
            return at.within("not", |at| {
                condition_references(condition, depth + 1, at, visit);
            });
        }
        Condition::Segment(key) => return visit(at, Reference::Segment(key)),
        Condition::Flag { flag, variations } => {
            return visit(
                at,
                Reference::Flag {
                    key: flag,
                    variations,
                },
            );
        }
        Condition::Bucket(_) | Condition::Clause(_) => return,
    };
    at.within(name, |at| {
        for (index, condition) in conditions.iter().enumerate() {
            at.within(index, |at| {
                condition_references(condition, depth + 1, at, visit);
            });
        }
    });
}

/// Who refers to whom; walked without recursion, since its depth has no bound.
struct Graph<'a> {
    to: BTreeMap<Subject<'a>, BTreeSet<Subject<'a>>>,
    /// The length of the longest chain through each subject, but for those on a cycle or behind one.
    chains: BTreeMap<Subject<'a>, usize>,
}

impl<'a> Graph<'a> {
    fn new(definitions: &Definitions<'a>) -> Self {
        let mut to: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (&subject, &definition) in definitions {
            let references = to.entry(subject).or_default();
            definition.references(&mut |_, reference| {
                // References to what does not exist lead nowhere.
                if definitions.contains_key(&reference.subject()) {
                    references.insert(reference.subject());
                }
            });
        }
        let chains = chains(&to);
        Graph { to, chains }
    }

    /// The shortest way from a subject back to itself, both ends included.
    fn cycle(&self, start: Subject<'a>) -> Option<Vec<Subject<'a>>> {
        if self.chains.contains_key(&start) {
            return None;
        }
        let mut came_from = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for &next in &self.to[&at] {
                if next == start {
                    let mut path = vec![start];
                    let mut step = at;
                    while step != start {
                        path.push(step);
                        step = came_from[&step];
                    }
                    path.push(start);
                    path.reverse();
                    return Some(path);
                }
                came_from.entry(next).or_insert_with(|| {
                    queue.push_back(next);
                    at
                });
            }
        }
        None
    }
}

/// Longest chains by topological order (Kahn's), from both ends.
fn chains<'a>(to: &BTreeMap<Subject<'a>, BTreeSet<Subject<'a>>>) -> BTreeMap<Subject<'a>, usize> {
    let mut waiting: BTreeMap<_, usize> = BTreeMap::new();
    for &next in to.values().flatten() {
        *waiting.entry(next).or_default() += 1;
    }
    let mut order: Vec<_> = to
        .keys()
        .copied()
        .filter(|subject| !waiting.contains_key(subject))
        .collect();
    let mut above: BTreeMap<_, usize> = order.iter().map(|&subject| (subject, 1)).collect();
    let mut done = 0;
    while let Some(&at) = order.get(done) {
        done += 1;
        let height = above[&at];
        for &next in &to[&at] {
            let longest = above.entry(next).or_default();
            *longest = (*longest).max(height + 1);
            let count = waiting.entry(next).or_default();
            *count -= 1;
            if *count == 0 {
                order.push(next);
            }
        }
    }
    let mut below: BTreeMap<_, usize> = BTreeMap::new();
    for at in order.iter().rev() {
        let deepest = to[at].iter().filter_map(|next| below.get(next)).max();
        below.insert(*at, 1 + deepest.copied().unwrap_or(0));
    }
    below
        .into_iter()
        .map(|(subject, depth)| (subject, above[&subject] + depth - 1))
        .collect()
}
