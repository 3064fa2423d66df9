//! Collects what an import makes, and leaves out what does not hold together.

use std::collections::BTreeSet;
use std::fmt;

use peekaboo_flags::model::{Prerequisite, Serve};
use peekaboo_flags::{FlagType, Kind, Value};

use super::condition;
use super::keys::Keys;
use super::outcome::Import;
use super::report::{Note, Omission, Report};
use crate::document::{
    Document, Fault, FlagDocument, Invalid, SegmentDocument, Targeting, Variation,
    check_references, unescape,
};
use crate::subject::Subject;

/// The longest text of a value that names its variation.
const MAX_LABEL: usize = 40;

/// Why something cannot be expressed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unsupported(pub(super) String);

impl Unsupported {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Unsupported(reason.into())
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What something became, or why it cannot be.
pub(super) type Kept<T> = Result<T, Unsupported>;

/// What is to be said of a flag while it is being turned into ours; each thing once.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeSet<String>);

impl Notes {
    pub(super) fn add(&mut self, message: impl Into<String>) {
        self.0.insert(message.into());
    }

    /// Percentages stay, the people behind them do not.
    pub(super) fn redrawn(&mut self, source: &str) {
        self.add(format!(
            "its percentages are kept, but people are assigned to them anew, because {source} uses another hash"
        ));
    }
}

/// Collects flags and segments.
#[derive(Debug)]
pub(super) struct Builder {
    document: Document,
    report: Report,
    keys: Keys,
}

impl Builder {
    /// Gives each name a key; `present` is what the hub has, where one is asked.
    pub(super) fn new<'a>(
        subjects: impl IntoIterator<Item = (Kind, &'a str)>,
        present: Option<&Document>,
    ) -> Self {
        Builder {
            document: Document::default(),
            report: Report::default(),
            keys: Keys::give(subjects, present),
        }
    }

    /// The key of a flag or segment of the source, if it has one.
    pub(super) fn key(&self, kind: Kind, name: &str) -> Option<&str> {
        self.keys.of(kind, name)
    }

    /// The key of a flag that another refers to.
    pub(super) fn flag_key(&self, name: &str) -> Kept<String> {
        self.expect(Kind::Flag, name)
    }

    /// The key of a segment that a flag refers to.
    pub(super) fn segment_key(&self, name: &str) -> Kept<String> {
        self.expect(Kind::Segment, name)
    }

    fn expect(&self, kind: Kind, name: &str) -> Kept<String> {
        if let Some(key) = self.key(kind, name) {
            return Ok(key.to_owned());
        }
        let subject = subject(kind, name);
        let omitted = self.report.omissions.iter();
        let is_omitted = omitted
            .into_iter()
            .any(|omission| omission.subject == subject);
        Err(Unsupported(if is_omitted {
            format!("it depends on {subject}, which was skipped")
        } else {
            format!("it depends on {subject}, which is missing in the file")
        }))
    }

    /// Something that concerns no flag of its own.
    pub(super) fn remark(&mut self, remark: impl Into<String>) {
        self.report.remarks.push(remark.into());
    }

    /// Leaves something out.
    pub(super) fn omit(&mut self, subject: Subject, reason: impl Into<String>) {
        let reason = reason.into();
        self.report.omissions.push(Omission { subject, reason });
    }

    /// Takes a flag in, or says why not.
    pub(super) fn flag(&mut self, name: &str, made: Kept<FlagDocument>, notes: Notes) {
        self.take(Kind::Flag, name, made, notes, |document, key, flag| {
            document.flags.insert(key, flag);
        });
    }

    /// Takes an archived flag in, or says why not.
    pub(super) fn archived(&mut self, name: &str, made: Kept<FlagDocument>, notes: Notes) {
        self.take(Kind::Flag, name, made, notes, |document, key, flag| {
            document.archived.insert(key, flag);
        });
    }

    /// Takes a segment in, or says why not.
    pub(super) fn segment(&mut self, name: &str, made: Kept<SegmentDocument>, notes: Notes) {
        self.take(
            Kind::Segment,
            name,
            made,
            notes,
            |document, key, segment| {
                document.segments.insert(key, segment);
            },
        );
    }

    fn take<T>(
        &mut self,
        kind: Kind,
        name: &str,
        made: Kept<T>,
        notes: Notes,
        insert: impl FnOnce(&mut Document, String, T),
    ) {
        // One without a key was left out when keys were given.
        let Some(key) = self.key(kind, name).map(str::to_owned) else {
            return;
        };
        match made {
            Err(reason) => self.omit(subject(kind, name), reason.0),
            Ok(made) => {
                let messages = notes.0.into_iter();
                self.report.notes.extend(messages.map(|message| Note {
                    subject: subject(kind, &key),
                    message,
                }));
                insert(&mut self.document, key, made);
            }
        }
    }

    /// Leaves out what a hub would refuse, and what depends on what was left out.
    pub(super) fn finish(mut self) -> Import {
        loop {
            let found = self.document.validate().err();
            let found = found.or_else(|| check_references(&self.document.ruleset()).err());
            let Some(Invalid(faults)) = found else { break };
            let before = self.report.omissions.len();
            for fault in faults {
                self.leave_out(&fault);
            }
            if self.report.omissions.len() == before {
                break;
            }
        }
        let Document {
            flags,
            archived,
            segments,
        } = &self.document;
        let renamed = self.keys.renamed().filter(|renaming| {
            let key = renaming.to.as_str();
            match renaming.subject.kind {
                Kind::Flag => flags.contains_key(key) || archived.contains_key(key),
                Kind::Segment => segments.contains_key(key),
            }
        });
        self.report.renamed = renamed.collect();
        self.report.notes.sort();
        self.report.omissions.sort();
        Import {
            document: self.document,
            report: self.report,
        }
    }

    /// Takes out the flag or segment that a fault is in.
    fn leave_out(&mut self, fault: &Fault) {
        let mut tokens = fault.pointer.splitn(4, '/').skip(1);
        let (Some(list), Some(key)) = (tokens.next(), tokens.next()) else {
            return;
        };
        let key = unescape(key);
        let key = key.as_str();
        let rest = tokens.next().unwrap_or_default();
        let (removed, kind) = match list {
            "flags" => (self.document.flags.remove(key).is_some(), Kind::Flag),
            "archived" => (self.document.archived.remove(key).is_some(), Kind::Flag),
            _ => (self.document.segments.remove(key).is_some(), Kind::Segment),
        };
        if !removed {
            return;
        }
        let subject = subject(kind, key);
        self.report.notes.retain(|note| note.subject != subject);
        let source = self.keys.source(&subject).cloned().unwrap_or(subject);
        let missing = fault.message.strip_prefix("there is no ");
        let missing = missing.and_then(|rest| rest.split_once(" here;"));
        let reason = match missing {
            Some((other, _)) => format!("it depends on {other}, which was skipped"),
            None => format!("{} ({rest})", fault.message),
        };
        self.omit(source, reason);
    }
}

fn subject(kind: Kind, key: &str) -> Subject {
    Subject {
        kind,
        key: key.to_owned(),
    }
}

/// The one type of some values.
pub(super) fn type_of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Kept<FlagType> {
    let mut found = Vec::new();
    for value in values {
        let type_ = match value {
            Value::Bool(_) => FlagType::Boolean,
            Value::String(_) => FlagType::String,
            Value::Number(_) => FlagType::Number,
            Value::Object(_) => FlagType::Object,
            Value::Null | Value::Array(_) => {
                return Err(Unsupported(format!(
                    "it can serve {value}; values must be booleans, strings, numbers or objects (put a list into an object)"
                )));
            }
        };
        if !found.contains(&type_) {
            found.push(type_);
        }
    }
    match found.as_slice() {
        [] => Err(Unsupported::new("it has no values")),
        [type_] => Ok(*type_),
        several => {
            let names: Vec<_> = several.iter().map(|one| one.as_str()).collect();
            Err(Unsupported(format!(
                "its values have several types ({}); a flag must have one type",
                names.join(", ")
            )))
        }
    }
}

/// Names values that have none: a switch is `on` and `off`, a short text or number names itself.
pub(super) fn named(values: &[Value]) -> Vec<Variation> {
    let mut variations: Vec<Variation> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let label = match value {
            Value::Bool(true) => Some("on".to_owned()),
            Value::Bool(false) => Some("off".to_owned()),
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let label = label.filter(|label| {
            let length = label.chars().count();
            let is_new = variations.iter().all(|variation| variation.key != *label);
            is_new && (1..=MAX_LABEL).contains(&length) && !label.chars().any(char::is_control)
        });
        let key = label.unwrap_or_else(|| format!("v{}", index + 1));
        variations.push(Variation::new(key, value.clone()));
    }
    variations
}

/// A flag that is on and serves one variation to all.
pub(super) fn flag(type_: FlagType, variations: Vec<Variation>, serve: &str) -> FlagDocument {
    FlagDocument {
        name: None,
        description: None,
        tags: None,
        type_,
        variations,
        client_visible: false,
        track: false,
        metadata: None,
        salt: None,
        targeting: Targeting {
            enabled: true,
            off_variation: None,
            prerequisites: Vec::new(),
            targets: Vec::new(),
            rules: Vec::new(),
            fallthrough: Serve::Variation(serve.to_owned()),
        },
    }
}

/// Needs another flag to serve one of some variations.
pub(super) fn prerequisite(flag: String, variations: Vec<String>) -> Prerequisite {
    Prerequisite { flag, variations }
}

/// Variations by weights of any sum; one that has them all needs no split.
pub(super) fn serve(by: &str, seed: Option<&str>, weights: &[(String, f64)]) -> Kept<Serve> {
    let shares: Vec<f64> = weights.iter().map(|(_, weight)| *weight).collect();
    let scaled = condition::scaled(&shares);
    let scaled = scaled.ok_or_else(|| {
        Unsupported::new("the weights of a split are all zero, or one is negative")
    })?;
    let names = weights.iter().map(|(name, _)| name.clone());
    let weights: Vec<_> = names.zip(scaled).collect();
    let mut some = weights.iter().filter(|(_, weight)| *weight > 0);
    if let (Some((only, _)), None) = (some.next(), some.next()) {
        return Ok(Serve::Variation(only.clone()));
    }
    Ok(Serve::Split(peekaboo_flags::model::Split {
        by: by.to_owned(),
        seed: seed.map(str::to_owned),
        weights,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dependents_of_a_skipped_flag_are_skipped() {
        let mut builder = Builder::new([(Kind::Flag, "Child"), (Kind::Flag, "Parent")], None);
        let switch = || flag(FlagType::Boolean, named(&[json!(true), json!(false)]), "on");
        let mut child = switch();
        let parent = builder.flag_key("Parent").expect("a key");
        child
            .targeting
            .prerequisites
            .push(prerequisite(parent, vec!["on".to_owned()]));
        builder.flag("Child", Ok(child), Notes::default());
        builder.flag("Parent", Err(Unsupported::new("reasons")), Notes::default());
        let Import { document, report } = builder.finish();
        assert_eq!(document, Document::default());
        assert!(report.notes.is_empty());
        let omissions: Vec<_> = report
            .omissions
            .iter()
            .map(|omission| omission.subject.key.as_str())
            .collect();
        assert_eq!(omissions, ["Child", "Parent"]);
        assert!(
            report.omissions[0]
                .reason
                .starts_with("it depends on flag Parent, which was skipped")
        );
    }

    #[test]
    fn values_name_their_variations_where_they_can() {
        let keys = |values: &[Value]| {
            let variations = named(values).into_iter();
            variations
                .map(|variation| variation.key)
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(&[json!(true), json!(false)]), ["on", "off"]);
        assert_eq!(
            keys(&[json!("blue"), json!(""), json!("x".repeat(50))]),
            ["blue", "v2", "v3"]
        );
        assert_eq!(
            keys(&[json!(1), json!("1"), json!({"a": 1})]),
            ["1", "v2", "v3"]
        );
    }

    #[test]
    fn a_flag_has_one_type() {
        assert_eq!(type_of(&[json!(1), json!(2.5)]), Ok(FlagType::Number));
        let mixed = type_of(&[json!(1), json!("1")])
            .expect_err("there are two")
            .0;
        assert_eq!(
            mixed,
            "its values have several types (number, string); a flag must have one type"
        );
        assert!(type_of(&[json!([1])]).is_err());
    }

    #[test]
    fn a_split_with_one_share_is_not_a_split() {
        let weights = |a: f64, b: f64| [("a".to_owned(), a), ("b".to_owned(), b)];
        assert_eq!(
            serve("x", None, &weights(0.0, 3.0)),
            Ok(Serve::Variation("b".to_owned()))
        );
        assert!(matches!(
            serve("x", None, &weights(1.0, 3.0)),
            Ok(Serve::Split(_))
        ));
        assert!(serve("x", None, &weights(0.0, 0.0)).is_err());
    }
}
