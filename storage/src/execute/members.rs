//! Adding and removing single members of a segment.

use std::collections::HashSet;

use peekaboo_flags::Value;

use super::work::{Effect, Work};
use crate::check::Checks;
use crate::error::Result;
use crate::{Key, ListChange, SegmentMembers, SegmentPatch, SubjectKey};

impl Work<'_> {
    /// Changes a segment's lists; what they have already, or have not, stays as it is.
    pub(super) async fn update_segment_members(
        &mut self,
        project: &Key,
        key: &SubjectKey,
        members: SegmentMembers,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        check(&members)?;
        let patch = |segment: &crate::Segment| SegmentPatch {
            included: changed(&segment.included, members.included),
            excluded: changed(&segment.excluded, members.excluded),
            ..SegmentPatch::default()
        };
        self.change_segment(project, key, patch, expected_version)
            .await
    }
}

/// Refuses what is not a value of a list, and what is to come and to go at once.
fn check(members: &SegmentMembers) -> Result<()> {
    let mut checks = Checks::default();
    for (list, change) in [
        ("included", &members.included),
        ("excluded", &members.excluded),
    ] {
        let going: HashSet<String> = change.remove.iter().map(ToString::to_string).collect();
        for (index, value) in change.add.iter().enumerate() {
            let at = format!("/{list}/add/{index}");
            if !matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_)) {
                let detail = "a member is a string, a number or a boolean";
                checks.problem(&at, "malformed_value", detail);
            } else if going.contains(&value.to_string()) {
                let detail = "the same request removes this value; give it in one of the two";
                checks.problem(&at, "duplicate", detail);
            }
        }
    }
    checks.done()
}

/// The list with a change made; none where it is the same.
fn changed(list: &[Value], change: ListChange) -> Option<Vec<Value>> {
    let going: HashSet<String> = change.remove.iter().map(ToString::to_string).collect();
    let mut present: HashSet<String> = HashSet::with_capacity(list.len());
    let mut after: Vec<Value> = Vec::with_capacity(list.len());
    for value in list {
        let text = value.to_string();
        if !going.contains(&text) {
            present.insert(text);
            after.push(value.clone());
        }
    }
    let removes = after.len() < list.len();
    let before = after.len();
    after.extend(
        change
            .add
            .into_iter()
            .filter(|value| present.insert(value.to_string())),
    );
    (removes || after.len() > before).then_some(after)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list(values: &[&str]) -> Vec<Value> {
        values.iter().map(|value| json!(value)).collect()
    }

    #[test]
    fn members_come_last_and_go_where_they_are_each_once() {
        let change = ListChange {
            add: vec![json!("b"), json!("d"), json!("d"), json!(1)],
            remove: vec![json!("a"), json!("x")],
        };
        let after = changed(&list(&["a", "b", "c"]), change.clone()).expect("it changes");
        assert_eq!(after, [json!("b"), json!("c"), json!("d"), json!(1)]);
        assert_eq!(changed(&after, change), None, "again it is the same");
    }

    #[test]
    fn a_number_is_not_the_text_that_shows_it() {
        let change = ListChange {
            add: Vec::new(),
            remove: vec![json!(1)],
        };
        assert_eq!(changed(&list(&["1"]), change), None);
    }
}
