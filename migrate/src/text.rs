//! Text as files hold it.

/// Some editors write it before the text.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file's text, without the byte order mark that some editors write before it.
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}
