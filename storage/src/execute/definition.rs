//! Checks of a flag's definition, and of its targeting against it.

use std::collections::BTreeSet;

use peekaboo_flags::{Problem as FlagProblem, validate_flag};

use crate::check::Checks;
use crate::error::{Problem, Result};
use crate::{Flag, Key, Limits, Targeting};

/// The longest tag, in characters.
const MAX_TAG: usize = 50;

/// Puts tags in the form that is stored: trimmed, sorted, each once.
pub(super) fn tidy_tags(tags: &[String]) -> Vec<String> {
    let tags: BTreeSet<&str> = tags.iter().map(|tag| tag.trim()).collect();
    tags.into_iter().map(str::to_owned).collect()
}

/// Everything wrong with a definition on its own.
pub(super) fn check(flag: &Flag, limits: &Limits) -> Result<()> {
    let mut checks = Checks::default();
    checks.name(&flag.name);
    checks.description(&flag.description);
    check_tags(&mut checks, &flag.tags, limits.tags);
    check_variations(&mut checks, flag);
    checks.text("/salt", &flag.salt);
    let problems = problems(flag, &Targeting::disabled(&flag.variations), limits);
    checks.extend(problems.into_iter().filter(is_of_definition));
    checks.done()
}

/// What is wrong with a flag's targeting on its own; pointers are within the targeting.
pub(super) fn check_targeting(flag: &Flag, targeting: &Targeting, limits: &Limits) -> Vec<Problem> {
    let problems = problems(flag, targeting, limits);
    let mut checks = Checks::default();
    checks.extend(
        problems
            .into_iter()
            .filter(|problem| !is_of_definition(problem)),
    );
    if let Ok(json) = serde_json::to_value(targeting) {
        checks.json("", &json);
    }
    match checks.done() {
        Err(crate::Error::Invalid(problems)) => problems,
        _ => Vec::new(),
    }
}

/// The problem, as one of an environment where the definition is what is being written.
pub(super) fn in_environment(environment: &Key, problem: Problem) -> Problem {
    if problem.pointer.starts_with("/variations") {
        let detail = format!("{} (in {environment})", problem.detail);
        return Problem { detail, ..problem };
    }
    let pointer = format!("/environments/{environment}{}", problem.pointer);
    Problem { pointer, ..problem }
}

fn check_tags(checks: &mut Checks, tags: &[String], max: usize) {
    if tags.len() > max {
        checks.problem("/tags", "limit_exceeded", format!("at most {max} tags"));
    }
    for (index, tag) in tags.iter().enumerate() {
        let plain = |char: char| !char.is_control() && char != '"' && char != '\\';
        if tag.is_empty() || tag.chars().count() > MAX_TAG || !tag.chars().all(plain) {
            let detail =
                format!("a tag is 1 to {MAX_TAG} characters, without quotes or backslashes");
            checks.problem(&format!("/tags/{index}"), "malformed", detail);
        }
    }
}

fn check_variations(checks: &mut Checks, flag: &Flag) {
    let mut keys = BTreeSet::new();
    for (index, variation) in flag.variations.iter().enumerate() {
        let at = format!("/variations/{index}");
        if !keys.insert(&variation.key) {
            let detail = format!("another variation has the key {:?}", variation.key);
            checks.problem(&format!("{at}/key"), "duplicate", detail);
        }
        checks.text(&format!("{at}/key"), &variation.key);
        checks.json(&format!("{at}/value"), &variation.value);
        for (field, text) in [
            ("name", &variation.name),
            ("description", &variation.description),
        ] {
            checks.text(
                &format!("{at}/{field}"),
                text.as_deref().unwrap_or_default(),
            );
        }
    }
}

/// What `peekaboo_flags` finds, with variations pointed to by their place in the list.
fn problems(flag: &Flag, targeting: &Targeting, limits: &Limits) -> Vec<FlagProblem> {
    let candidate = targeting.ruleset_flag(flag, 1);
    let problems = validate_flag(&candidate, &limits.flags).err();
    let mut problems = problems.unwrap_or_default();
    for problem in &mut problems {
        let Some(rest) = problem.pointer.strip_prefix("/variations/") else {
            continue;
        };
        let place = flag
            .variations
            .iter()
            .enumerate()
            .find_map(|(index, variation)| {
                let name = variation.key.replace('~', "~0").replace('/', "~1");
                let below = rest.strip_prefix(name.as_str())?;
                let whole = below.is_empty() || below.starts_with('/');
                whole.then(|| format!("/variations/{index}{below}"))
            });
        if let Some(pointer) = place {
            problem.pointer = pointer;
        }
    }
    problems
}

fn is_of_definition(problem: &FlagProblem) -> bool {
    let (pointer, salt) = (&problem.pointer, "/salt");
    ["/variations", "/metadata"]
        .iter()
        .any(|part| pointer.starts_with(part))
        || pointer == salt
}
