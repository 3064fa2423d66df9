//! What every language declares of flags.

use std::collections::BTreeMap;

use crate::document::FlagDocument;

/// By key.
pub(super) type Flags<'a> = BTreeMap<&'a str, &'a FlagDocument>;

/// What people say of a flag, in lines.
pub(super) fn description(key: &str, flag: &FlagDocument) -> Vec<String> {
    let name = flag.name.as_deref().filter(|name| !name.is_empty());
    let mut lines = vec![sentence(name.unwrap_or(key))];
    let description = flag.description.as_deref().unwrap_or_default().trim();
    if !description.is_empty() {
        lines.push(String::new());
        lines.extend(description.lines().map(|line| line.trim_end().to_owned()));
    }
    lines
}

fn sentence(text: &str) -> String {
    let ended = text.ends_with(['.', '!', '?', ':']);
    format!("{text}{}", if ended { "" } else { "." })
}

/// The words of a string flag, if that is what its values are.
pub(super) fn words(flag: &FlagDocument) -> Option<Vec<&str>> {
    const LONGEST: usize = 40;
    let is_word = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain)
    };
    let mut words: Vec<&str> = Vec::new();
    for variation in &flag.variations {
        let word = variation.value.as_str().filter(|text| is_word(text))?;
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Some(words)
}
