//! Files that people bring: documents, and other systems' exports.

use peekaboo_flags::Value;
use peekaboo_migrate::{Document, Source};

const SOURCES: [Source; 4] = [
    Source::Unleash,
    Source::LaunchDarkly,
    Source::Flagd,
    Source::GrowthBook,
];

/// A file is read or refused. What was read, or made of an export, can be checked, and reads back from its own text.
///
/// # Panics
/// Where it cannot.
pub fn check(data: &[u8]) {
    if let Ok(document) = Document::read(data) {
        check_document(&document);
    }
    let Ok(export) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    for source in SOURCES {
        if let Ok(import) = source.import(std::slice::from_ref(&export), None, None) {
            check_document(&import.document);
        }
    }
}

fn check_document(document: &Document) {
    let _ = document.validate();
    let _ = document.ruleset();
    let text = document.to_text();
    match Document::read(text.as_bytes()) {
        Ok(read) => assert_eq!(&read, document),
        Err(error) => panic!("{error} in its own text: {text}"),
    }
}
