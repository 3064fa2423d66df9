//! What a setting's type can do: be read from text and written back.
//!
//! Flags and variables are text, and a TOML scalar is turned into text before it is read, so that
//! one parser serves all three.

/// Something a setting can hold.
pub(crate) trait Value: Sized {
    /// What a reader may write, as the reference names it.
    const KIND: &'static str;

    /// Whether TOML writes it without quotes.
    const BARE: bool = false;

    /// Reads it, or says what should have been there.
    fn read(text: &str) -> Result<Self, String>;

    /// Writes it so that [`Value::read`] gives it back; empty where nothing is set.
    fn write(&self) -> String;

    /// How much of `text` may be shown: all of it, unless it holds a secret.
    fn redact(text: &str) -> String {
        text.to_owned()
    }
}

/// A setting that may be left out: written as nothing.
impl<T: Value> Value for Option<T> {
    const KIND: &'static str = T::KIND;
    const BARE: bool = T::BARE;

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(None);
        }
        T::read(text).map(Some)
    }

    fn write(&self) -> String {
        self.as_ref().map(T::write).unwrap_or_default()
    }

    fn redact(text: &str) -> String {
        T::redact(text)
    }
}
