//! The modules of one library or binary, read from its root file downwards.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::source::Source;

/// The number of a file in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileId(usize);

/// The number of a module in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ModuleId(usize);

/// All modules, and the files that they stand in.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: Vec<File>,
    modules: Vec<Module>,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    module: ModuleId,
}

/// A file, or a `mod name { … }` within one.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) parent: Option<ModuleId>,
    pub(crate) file: FileId,
    /// Its child modules by name.
    pub(crate) children: Vec<(String, ModuleId)>,
    pub(crate) source: Source,
    name: String,
}

impl Tree {
    /// The crate root.
    pub(crate) const ROOT: ModuleId = ModuleId(0);

    /// Reads a root file, and all files whose modules it declares.
    pub(crate) fn read(root: &Path) -> Result<Self, Error> {
        let mut tree = Self::default();
        tree.add_file(root, None, String::new(), &folder_of(root))?;
        Ok(tree)
    }

    pub(crate) fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0]
    }

    pub(crate) fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        let numbered = self.modules.iter().enumerate();
        numbered.map(|(nth, module)| (ModuleId(nth), module))
    }

    pub(crate) fn path(&self, file: FileId) -> &Path {
        &self.files[file.0].path
    }

    /// The modules below the root that are files, with these files.
    pub(crate) fn top_level(&self) -> impl Iterator<Item = (&str, &Path)> {
        let files = self.files.iter();
        files
            .filter(|file| self.module(file.module).parent == Some(Self::ROOT))
            .map(|file| (self.module(file.module).name.as_str(), file.path.as_path()))
    }

    /// The top-level module that a file belongs to; none for the root file.
    pub(crate) fn top_of(&self, file: FileId) -> Option<&str> {
        let mut module = self.module(self.files[file.0].module);
        loop {
            match module.parent {
                None => return None,
                Some(Self::ROOT) => return Some(&module.name),
                Some(parent) => module = self.module(parent),
            }
        }
    }

    /// Whether a file's module is this one or within it.
    pub(crate) fn is_within(&self, file: FileId, module: ModuleId) -> bool {
        let mut next = Some(self.files[file.0].module);
        while let Some(id) = next {
            if id == module {
                return true;
            }
            next = self.module(id).parent;
        }
        false
    }

    /// Adds the module of a file. Its children's files are in `folder`.
    fn add_file(
        &mut self,
        path: &Path,
        parent: Option<ModuleId>,
        name: String,
        folder: &Path,
    ) -> Result<ModuleId, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        let parsed = syn::parse_file(&text).map_err(|source| Error::Parse {
            path: path.to_owned(),
            source,
        })?;
        let file = FileId(self.files.len());
        self.files.push(File {
            path: path.to_owned(),
            module: ModuleId(self.modules.len()),
        });
        self.add_module(Source::of(&parsed.items), file, parent, name, folder)
    }

    fn add_module(
        &mut self,
        mut source: Source,
        file: FileId,
        parent: Option<ModuleId>,
        name: String,
        folder: &Path,
    ) -> Result<ModuleId, Error> {
        let declared = std::mem::take(&mut source.children);
        let id = ModuleId(self.modules.len());
        self.modules.push(Module {
            parent,
            file,
            children: Vec::new(),
            source,
            name,
        });
        for child in declared {
            let own_folder = folder.join(&child.name);
            let name = child.name.clone();
            let added = if let Some(inline) = child.inline {
                self.add_module(inline, file, Some(id), name, &own_folder)?
            } else if let Some(path) = child.path {
                let path = folder_of(self.path(file)).join(path);
                self.add_file(&path, Some(id), name, &folder_of(&path))?
            } else {
                let path = self.file_of(file, &name, folder)?;
                self.add_file(&path, Some(id), name, &own_folder)?
            };
            self.modules[id.0].children.push((child.name, added));
        }
        Ok(id)
    }

    /// Where the file of `mod name;` is, as the compiler looks for it.
    fn file_of(&self, declared_in: FileId, name: &str, folder: &Path) -> Result<PathBuf, Error> {
        let beside = folder.join(format!("{name}.rs"));
        let within = folder.join(name).join("mod.rs");
        if beside.is_file() {
            Ok(beside)
        } else if within.is_file() {
            Ok(within)
        } else {
            Err(Error::MissingModule {
                declared_in: self.path(declared_in).to_owned(),
                module: name.to_owned(),
                expected: beside,
            })
        }
    }
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().map(Path::to_owned).unwrap_or_default()
}
