//! `docs/evaluation.md` says what the code does.

use std::fs;
use std::path::Path;

use peekaboo_flags::model::{BUCKETS, MAX_CONDITION_DEPTH, MAX_NESTING, Operator};
use peekaboo_flags::{ErrorCode, Limits, MAX_STEPS, MAX_VISITS, Reason};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evaluation.md");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// 16384 as 16,384.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(String::from_utf8_lossy)
        .collect();
    groups.join(",")
}

#[test]
fn every_limit_is_documented_with_its_default() {
    let page = page();
    let limits = serde_json::to_value(Limits::default()).expect("JSON");
    for (name, default) in limits.as_object().expect("an object") {
        let row = format!(
            "| `{name}` | {} |",
            grouped(default.as_u64().expect("a number"))
        );
        assert!(page.contains(&row), "docs/evaluation.md lacks {row}");
    }
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| `") && line.matches('|').count() == 4);
    let limit_rows = rows.filter(|line| {
        line.split('|')
            .nth(2)
            .is_some_and(|cell| cell.trim().starts_with(char::is_numeric))
    });
    assert_eq!(
        limit_rows.count(),
        limits.as_object().expect("an object").len(),
        "and no other limit"
    );
}

#[test]
fn every_operator_reason_and_error_is_documented() {
    let page = page();
    let reasons = [
        Reason::Static,
        Reason::Default,
        Reason::TargetingMatch,
        Reason::Split,
        Reason::Disabled,
        Reason::PrerequisiteFailed,
    ];
    let errors = [
        ErrorCode::FlagNotFound,
        ErrorCode::TargetingKeyMissing,
        ErrorCode::General,
    ];
    let names = Operator::ALL.iter().map(|op| op.as_str());
    let names = names
        .chain(reasons.map(Reason::as_str))
        .chain(errors.map(ErrorCode::as_str));
    for name in names {
        assert!(
            page.contains(&format!("`{name}`")),
            "docs/evaluation.md lacks {name}"
        );
    }
}

#[test]
fn the_bounds_of_the_format_are_those_documented() {
    let page = page().replace('\n', " ");
    for sentence in [
        format!("At most {MAX_NESTING} flags and segments"),
        format!(
            "enters at most {} flags and segments",
            grouped(MAX_VISITS.into())
        ),
        format!("Conditions nest at most {MAX_CONDITION_DEPTH} deep"),
        format!("at most {} steps", grouped(MAX_STEPS as u64)),
        format!("do not sum to {BUCKETS}"),
    ] {
        assert!(
            page.contains(&sentence),
            "docs/evaluation.md lacks: {sentence}"
        );
    }
}
