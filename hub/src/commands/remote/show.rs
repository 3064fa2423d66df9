//! A plan, as people read it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use peekaboo_flags::{Kind, Value};
use peekaboo_migrate::{Action, Change, Difference, Plan, Subject};

/// How many characters of a value are shown; `--json` has all.
const SHOWN: usize = 120;

/// How many of what stays are named.
const NAMED: usize = 10;

/// A plan for a place, with styles.
pub(in crate::commands) fn show(plan: &Plan, place: &str) -> String {
    let mut text = String::new();
    if plan.is_empty() {
        let _ = writeln!(text, "No changes: {place} matches the file.");
    } else {
        let _ = writeln!(text, "{place}:\n");
        for change in &plan.changes {
            show_change(&mut text, change);
        }
        let _ = writeln!(text, "\n{}.", counts(plan));
    }
    if !plan.kept.is_empty() {
        let _ = writeln!(text, "{}", kept(&plan.kept));
    }
    text
}

fn show_change(text: &mut String, change: &Change) {
    let (sign, color, about) = match change.action {
        Action::Create => ('+', AnsiColor::Green, ""),
        Action::Update => ('~', AnsiColor::Yellow, ""),
        Action::Archive => ('~', AnsiColor::Yellow, " (archived)"),
        Action::Restore => ('~', AnsiColor::Yellow, " (no longer archived)"),
        Action::Delete => ('-', AnsiColor::Red, ""),
    };
    let everywhere = match (change.action, change.subject.kind) {
        (Action::Delete, Kind::Flag) => " (in every environment)",
        _ => "",
    };
    let subject = &change.subject;
    let style = Style::new().fg_color(Some(color.into()));
    let _ = writeln!(
        text,
        "  {style}{sign} {subject}{about}{everywhere}{style:#}"
    );
    for difference in &change.differences {
        show_difference(text, difference, change.action == Action::Create);
    }
}

/// What a new flag does not have is not worth a line.
fn show_difference(text: &mut String, difference: &Difference, new: bool) {
    let place = difference.pointer.trim_start_matches('/');
    let (before, after) = (difference.before.as_ref(), difference.after.as_ref());
    let line = match (before, after) {
        (None, Some(after)) if new && is_nothing(after) => return,
        (None, Some(after)) if new => format!("{place}: {}", short(after)),
        (None, Some(after)) => format!("{place}: + {}", short(after)),
        (Some(before), None) => format!("{place}: - {}", short(before)),
        (Some(before), Some(after)) => format!("{place}: {} → {}", short(before), short(after)),
        (None, None) => return,
    };
    let _ = writeln!(text, "      {line}");
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn counts(plan: &Plan) -> String {
    let counts = [
        (Action::Create, "to create"),
        (Action::Update, "to change"),
        (Action::Archive, "to archive"),
        (Action::Restore, "to restore"),
        (Action::Delete, "to delete"),
    ];
    let counts = counts.into_iter().filter_map(|(action, what)| {
        let count = plan.count(action);
        (count > 0).then(|| format!("{count} {what}"))
    });
    format!("Plan: {}", counts.collect::<Vec<_>>().join(", "))
}

fn kept(subjects: &[Subject]) -> String {
    let named: Vec<_> = subjects
        .iter()
        .take(NAMED)
        .map(ToString::to_string)
        .collect();
    let more = match subjects.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "Only on the hub, kept: {}{more}. Use --prune to delete them.",
        named.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use serde_json::json;

    use super::*;

    fn plan() -> Plan {
        let difference = |pointer: &str, before: Option<Value>, after: Option<Value>| Difference {
            pointer: pointer.to_owned(),
            before,
            after,
        };
        let change = |subject, action, differences| Change {
            subject,
            action,
            differences,
        };
        Plan {
            changes: vec![
                change(
                    Subject::flag("new"),
                    Action::Create,
                    vec![
                        difference("/enabled", None, Some(json!(true))),
                        difference("/rules", None, Some(json!([]))),
                    ],
                ),
                change(
                    Subject::flag("theme"),
                    Action::Update,
                    vec![
                        difference("/enabled", Some(json!(false)), Some(json!(true))),
                        difference("/rules/nordics/when/values", None, Some(json!("FI"))),
                        difference(
                            "/description",
                            Some(json!("x".repeat(200))),
                            Some(json!("")),
                        ),
                    ],
                ),
                change(Subject::flag("old"), Action::Delete, Vec::new()),
            ],
            kept: vec![Subject::segment("beta")],
            steps: Vec::new(),
        }
    }

    #[test]
    fn a_plan_is_shown_flag_by_flag() {
        let shown = show(&plan(), "acme/shop/production");
        let long = "x".repeat(119);
        assert_eq!(
            strip_str(&shown).to_string(),
            format!(
                "acme/shop/production:\n\n\
                 \x20 + flag new\n\
                 \x20     enabled: true\n\
                 \x20 ~ flag theme\n\
                 \x20     enabled: false → true\n\
                 \x20     rules/nordics/when/values: + \"FI\"\n\
                 \x20     description: \"{long}… → \"\"\n\
                 \x20 - flag old (in every environment)\n\
                 \nPlan: 1 to create, 1 to change, 1 to delete.\n\
                 Only on the hub, kept: segment beta. Use --prune to delete them.\n"
            )
        );
    }

    #[test]
    fn creations_are_green_and_deletions_are_red() {
        let shown = show(&plan(), "here");
        assert!(shown.contains("\u{1b}[32m+ flag new\u{1b}[0m"), "{shown}");
        assert!(shown.contains("\u{1b}[31m- flag old"), "{shown}");
    }

    #[test]
    fn no_change_is_said_in_a_line() {
        assert_eq!(
            show(&Plan::default(), "here"),
            "No changes: here matches the file.\n"
        );
    }
}
