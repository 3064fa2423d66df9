//! What the check found, in words that say how to fix it.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// Something that does not follow the declared layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A module imports a module of a higher layer, or of its own.
    Upward {
        /// The import.
        import: ImportLine,
        /// The top-level modules of both ends; none is the crate root, which is above all layers.
        modules: (String, Option<String>),
        /// Whether both are in the same layer.
        same_layer: bool,
    },
    /// Files that import each other, directly or through others.
    Cycle {
        /// A shortest cycle: each import leads to the next, the last to the first.
        imports: Vec<ImportLine>,
        /// How many files are in this cycle and in those that share files with it.
        files: usize,
    },
    /// A crate depends on one of a higher layer, or of its own.
    CrateUpward {
        /// The folder of the crate that depends.
        from: String,
        /// The folder of the crate that it depends on.
        to: String,
    },
    /// A module or crate that no layer names.
    Undeclared {
        /// Where it is.
        place: PathBuf,
        /// Its name.
        name: String,
        /// The list in `layers.toml` that should name it.
        list: String,
    },
    /// A name in `layers.toml` that nothing has.
    Unknown {
        /// The name.
        name: String,
        /// The list in `layers.toml` that names it.
        list: String,
    },
    /// A name that stands in `layers.toml` twice.
    Repeated {
        /// The name.
        name: String,
        /// The list in `layers.toml` that names it.
        list: String,
    },
}

/// One file's import of another, with the line that makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportLine {
    /// The file that imports.
    pub from: PathBuf,
    /// The line in it.
    pub line: usize,
    /// What it imports, as it is written there.
    pub path: String,
    /// The file that defines what is imported.
    pub to: PathBuf,
}

impl Display for ImportLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: imports `{}` from {}",
            self.from.display(),
            self.line,
            self.path,
            self.to.display()
        )
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upward {
                import,
                modules: (from, Some(to)),
                same_layer: true,
            } => write!(
                f,
                "{import}; `{from}` and `{to}` are in the same layer, whose modules must not import each other"
            ),
            Self::Upward {
                import,
                modules: (from, Some(to)),
                ..
            } => write!(f, "{import}; `{to}` is in a higher layer than `{from}`"),
            Self::Upward {
                import,
                modules: (from, None),
                ..
            } => write!(
                f,
                "{import}; the crate root is above every layer: move what `{from}` needs into a module below it"
            ),
            Self::Cycle { imports, files } => {
                let first = imports.first().map_or(PathBuf::new(), |it| it.from.clone());
                write!(
                    f,
                    "{}: cycle among {files} files; move what they share into a file below them:",
                    first.display()
                )?;
                imports
                    .iter()
                    .try_for_each(|import| write!(f, "\n    {import}"))
            }
            Self::CrateUpward { from, to } => write!(
                f,
                "{from}/Cargo.toml: depends on `{to}`, which is not in a lower layer of `crates` in layers.toml"
            ),
            Self::Undeclared { place, name, list } => write!(
                f,
                "{}: `{name}` has no layer; add it to `{list}` in layers.toml",
                place.display()
            ),
            Self::Unknown { name, list } => write!(
                f,
                "layers.toml: `{list}` names `{name}`, which does not exist"
            ),
            Self::Repeated { name, list } => {
                write!(f, "layers.toml: `{list}` names `{name}` more than once")
            }
        }
    }
}
