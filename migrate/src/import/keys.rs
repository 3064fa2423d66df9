//! What the source's flags and segments are called here.
//!
//! A name that is a key stays as it is, case and all. Another one becomes a key that looks like it, always the same one
//! whatever else the export has. Earlier releases had keys in lower case only: what they renamed is found again on the
//! hub, so that importing once more changes those flags instead of adding others.

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::{Kind, MAX_KEY_BYTES, is_key};

use super::report::Renaming;
use crate::document::Document;
use crate::hash::hash;
use crate::subject::Subject;

/// The longest key of earlier releases.
const FORMER_MAX_KEY: usize = 100;

/// Room for what tells two renamed keys apart.
const SUFFIX: usize = 9;

/// Keys by what the source calls it.
#[derive(Debug, Default)]
pub(super) struct Keys(BTreeMap<Subject, String>);

impl Keys {
    /// Gives each name a key, no two the same one. `present` is what the hub has, where one is asked.
    pub(super) fn give<'a>(
        subjects: impl IntoIterator<Item = (Kind, &'a str)>,
        present: Option<&Document>,
    ) -> Self {
        let subjects: Vec<Subject> = subjects
            .into_iter()
            .map(|(kind, name)| subject(kind, name))
            .collect();
        // What is called by a key keeps it, whatever comes before it.
        let mut taken: BTreeSet<Subject> = subjects
            .iter()
            .filter(|subject| is_key(&subject.key))
            .cloned()
            .collect();
        let mut keys = Keys::default();
        for source in subjects {
            if keys.0.contains_key(&source) {
                continue;
            }
            let own = key_like(&source.key);
            let former = subject(source.kind, &former(&source.key));
            let has = |key: &str| present.is_some_and(|present| has(present, source.kind, key));
            let key = if has(&former.key) && !has(&own) && taken.insert(former.clone()) {
                former.key
            } else if is_key(&source.key) {
                source.key.clone()
            } else {
                free(source.kind, own, &source.key, &mut taken)
            };
            keys.0.insert(source, key);
        }
        keys
    }

    /// The key of a flag or segment of the source, if it has one.
    pub(super) fn of(&self, kind: Kind, name: &str) -> Option<&str> {
        self.0.get(&subject(kind, name)).map(String::as_str)
    }

    /// What the source calls the flag or segment of this key.
    pub(super) fn source(&self, own: &Subject) -> Option<&Subject> {
        let mut keys = self.0.iter();
        keys.find_map(|(source, key)| {
            (source.kind == own.kind && *key == own.key).then_some(source)
        })
    }

    /// What is called something else here than at the source.
    pub(super) fn renamed(&self) -> impl Iterator<Item = Renaming> {
        let renamed = self.0.iter().filter(|(source, key)| source.key != **key);
        renamed.map(|(source, key)| Renaming {
            subject: source.clone(),
            to: key.clone(),
            earlier: is_key(&source.key),
        })
    }
}

fn subject(kind: Kind, key: &str) -> Subject {
    Subject {
        kind,
        key: key.to_owned(),
    }
}

fn has(present: &Document, kind: Kind, key: &str) -> bool {
    match kind {
        Kind::Flag => present.flag(key).is_some(),
        Kind::Segment => present.segments.contains_key(key),
    }
}

/// A key that nothing else has; it depends on the name alone whether it gets a suffix, and which.
fn free(kind: Kind, key: String, name: &str, taken: &mut BTreeSet<Subject>) -> String {
    if taken.insert(subject(kind, &key)) {
        return key;
    }
    let begin = key.get(..MAX_KEY_BYTES - SUFFIX).unwrap_or(&key);
    let mut suffix = hash(name);
    loop {
        let key = format!("{begin}-{suffix:08x}");
        if taken.insert(subject(kind, &key)) {
            return key;
        }
        suffix = suffix.wrapping_add(1);
    }
}

/// The name where it is a key, otherwise a key that looks like it: `a b//c` → `a-b-c`.
fn key_like(name: &str) -> String {
    if is_key(name) {
        return name.to_owned();
    }
    let mut key = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() || "._:|~-".contains(character) {
            key.push(character);
        } else if !key.ends_with('-') {
            key.push('-');
        }
    }
    let key = key.trim_start_matches(['.', ':', '|', '~', '-']);
    let key = key
        .get(..MAX_KEY_BYTES)
        .unwrap_or(key)
        .trim_end_matches('-');
    if key.is_empty() {
        "unnamed".to_owned()
    } else {
        key.to_owned()
    }
}

/// What releases before 0.2 made of a name: `newCheckout` → `new-checkout`.
fn former(name: &str) -> String {
    let mut key = String::new();
    let mut after_small = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && after_small {
            key.push('-');
        }
        after_small = character.is_ascii_lowercase() || character.is_ascii_digit();
        if character.is_ascii_alphanumeric() || "._-".contains(character) {
            key.push(character.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    let key = key.trim_start_matches(['.', '_', '-']);
    let key = key.get(..FORMER_MAX_KEY).unwrap_or(key);
    if key.is_empty() {
        "flag".to_owned()
    } else {
        key.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn give(names: &[&str], present: Option<&Document>) -> Vec<String> {
        let keys = Keys::give(names.iter().map(|name| (Kind::Flag, *name)), present);
        let of = |name: &&str| keys.of(Kind::Flag, name).expect("a key").to_owned();
        names.iter().map(of).collect()
    }

    fn hub(flags: &[&str]) -> Document {
        let flag = json!({"type": "boolean", "variations": {"on": true}, "fallthrough": {"variation": "on"}});
        let flags: serde_json::Map<_, _> = flags
            .iter()
            .map(|key| ((*key).to_owned(), flag.clone()))
            .collect();
        serde_json::from_value(json!({"flags": flags})).expect("a document")
    }

    #[test]
    fn a_name_that_is_a_key_stays_as_it_is() {
        let names = [
            "newCheckout",
            "new-checkout",
            "sample",
            "Sample",
            "team:a|b~c",
        ];
        assert_eq!(give(&names, None), names);
    }

    #[test]
    fn another_name_becomes_a_key_that_looks_like_it() {
        for (name, key) in [
            ("a b//c", "a-b-c"),
            ("-x", "x"),
            ("ünïcode", "n-code"),
            ("✓", "unnamed"),
            ("Paying customers!", "Paying-customers"),
        ] {
            assert_eq!(give(&[name], None), [key]);
            assert!(is_key(key), "{key}");
        }
        assert_eq!(give(&[&"é".repeat(400)], None), ["unnamed"]);
        assert_eq!(give(&[&"x".repeat(400)], None)[0].len(), MAX_KEY_BYTES);
    }

    #[test]
    fn of_names_that_look_alike_each_gets_a_key_and_none_takes_that_of_another() {
        let given = give(&["a b", "a-b", "a/b"], None);
        assert_eq!(given[1], "a-b", "it is a key");
        assert!(given[0].starts_with("a-b-") && given[2].starts_with("a-b-"));
        assert_ne!(given[0], given[2]);
        assert_eq!(
            give(&["a/b", "a-b"], None)[0],
            given[2],
            "whatever else there is"
        );
    }

    #[test]
    fn what_an_earlier_import_renamed_is_found_again() {
        let earlier = hub(&["new-checkout", "sample"]);
        assert_eq!(give(&["newCheckout"], Some(&earlier)), ["new-checkout"]);
        assert_eq!(
            give(&["Sample", "sample"], Some(&earlier)),
            ["Sample", "sample"]
        );
        assert_eq!(
            give(&["newCheckout", "new-checkout"], Some(&earlier))[0],
            "newCheckout"
        );
        let both = hub(&["new-checkout", "newCheckout"]);
        assert_eq!(give(&["newCheckout"], Some(&both)), ["newCheckout"]);
    }
}
