//! Text as it is searched by.

/// A name or a description as it is sorted and searched by.
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Text to look for. The one character that Postgres cannot even be asked for becomes one that nothing is named with.
pub(crate) fn askable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}
