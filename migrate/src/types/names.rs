//! Names for Rust: keys and values as identifiers.

use std::collections::BTreeMap;

use crate::hash::hash;

/// Words that are not identifiers, not even as raw identifiers.
const NEVER: [&str; 5] = ["crate", "self", "super", "Self", "_"];

/// Words that are identifiers after `r#`.
const KEYWORDS: [&str; 47] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while",
];

/// What each of some keys is to be called, where its own name is also that of another: with a suffix that depends on the
/// key alone.
///
/// None of them keeps the plain name. A number would do to tell them apart, but a key that is added later would get the
/// name of another one, and code would read the wrong flag without a word.
pub(super) fn apart<'a>(keys: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut by_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for key in keys {
        by_name.entry(words(key).join("_")).or_default().push(key);
    }
    let alike = by_name.into_values().filter(|keys| keys.len() > 1);
    alike
        .flatten()
        .map(|key| (key, format!("{key}-{:06x}", hash(key) & 0x00ff_ffff)))
        .collect()
}

/// Identifiers that are given out once each.
#[derive(Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// `new-checkout` → `new_checkout`
    pub(super) fn snake(&mut self, text: &str) -> String {
        let words = words(text);
        let name = words.join("_");
        let name = if KEYWORDS.contains(&name.as_str()) {
            format!("r#{name}")
        } else {
            name
        };
        self.unique(begun(name, "flag_"))
    }

    /// `hero-theme` → `HeroTheme`
    pub(super) fn pascal(&mut self, text: &str) -> String {
        let words = words(text).into_iter().map(|word| {
            let mut characters = word.chars();
            let first = characters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(characters).collect::<String>()
        });
        self.unique(begun(words.collect(), "V"))
    }

    fn unique(&mut self, name: String) -> String {
        let name = if NEVER.contains(&name.as_str()) {
            format!("{name}_")
        } else {
            name
        };
        let mut unique = name.clone();
        let mut number = 1;
        while self.0.contains(&unique) {
            number += 1;
            unique = format!("{name}_{number}");
        }
        self.0.push(unique.clone());
        unique
    }
}

/// An identifier begins with a letter.
fn begun(name: String, prefix: &str) -> String {
    let begins = name
        .chars()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic());
    if begins {
        name
    } else {
        format!("{prefix}{name}")
    }
}

/// The words of a name, in small letters: `newCheckout V2` has three.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    let mut after_small = false;
    for character in text.chars() {
        if !character.is_ascii_alphanumeric() {
            inside = false;
            continue;
        }
        let begins = !inside || (after_small && character.is_ascii_uppercase());
        inside = true;
        after_small = !character.is_ascii_uppercase();
        let small = character.to_ascii_lowercase();
        match words.last_mut() {
            Some(word) if !begins => word.push(small),
            _ => words.push(small.to_string()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_identifiers() {
        for (key, snake, pascal) in [
            ("new-checkout", "new_checkout", "NewCheckout"),
            ("newCheckout.v2", "new_checkout_v2", "NewCheckoutV2"),
            ("2fa", "flag_2fa", "V2fa"),
            ("type", "r#type", "Type"),
            ("self", "self_", "Self_"),
            ("-", "flag_", "V"),
        ] {
            assert_eq!(Names::default().snake(key), snake);
            assert_eq!(Names::default().pascal(key), pascal);
        }
    }

    #[test]
    fn keys_with_the_same_identifier_get_different_names() {
        let apart = |keys: &[&'static str]| apart(keys.iter().copied());
        assert!(apart(&["sample", "other"]).is_empty());
        let two = apart(&["sample", "Sample", "other"]);
        assert_eq!(two.len(), 2);
        assert_ne!(two["sample"], two["Sample"]);
        let three = apart(&["sample", "Sample", "SAMPLE"]);
        assert_eq!(three["Sample"], two["Sample"]);
        let name = Names::default().snake(&two["Sample"]);
        assert!(name.starts_with("sample_"), "{name}");
    }

    #[test]
    fn each_is_given_once() {
        let mut names = Names::default();
        assert_eq!(names.snake("a-b"), "a_b");
        assert_eq!(names.snake("a.b"), "a_b_2");
        assert_eq!(names.snake("a_b"), "a_b_3");
    }
}
