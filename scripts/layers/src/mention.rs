//! A path as it stands in code.

/// A path, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Its segments; the first is empty where the path begins with `::`.
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
    /// Whether a macro is called by it.
    pub(crate) is_macro: bool,
}

/// An identifier without the `r#` of a raw one.
pub(crate) fn name_of(ident: &proc_macro2::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}
