//! Which file of a crate imports which.

use std::collections::BTreeMap;

use crate::finding::ImportLine;
use crate::mention::Mention;
use crate::resolve::Resolver;
use crate::tree::{FileId, ModuleId, Tree};

/// The imports between the files of a crate, the first of each two files.
#[derive(Debug, Default)]
pub(crate) struct Imports(BTreeMap<(FileId, FileId), Import>);

/// One file's import of another.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) from: FileId,
    pub(crate) to: FileId,
    line: usize,
    path: String,
}

impl Imports {
    /// Resolves everything that the modules of a tree mention.
    pub(crate) fn of(tree: &Tree) -> Self {
        let resolver = Resolver::new(tree);
        let mut imports = Self::default();
        for (id, module) in tree.modules() {
            for one in &module.source.uses {
                let Some(to) = resolver.file_of(id, &one.mention) else {
                    continue;
                };
                // A module shows its children's names as its own, which needs nothing of them.
                if !(one.is_reexport && tree.is_within(to, id)) {
                    imports.add(tree, id, to, &one.mention);
                }
            }
            for mention in &module.source.mentions {
                if let Some(to) = resolver.file_of(id, mention) {
                    imports.add(tree, id, to, mention);
                }
            }
        }
        imports
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Import> {
        self.0.values()
    }

    /// What one file imports.
    pub(crate) fn of_file(&self, file: FileId) -> impl Iterator<Item = &Import> {
        self.all().filter(move |import| import.from == file)
    }

    fn add(&mut self, tree: &Tree, module: ModuleId, to: FileId, mention: &Mention) {
        let from = tree.module(module).file;
        if from == to {
            return;
        }
        let line = mention.line;
        let first = self.0.entry((from, to)).or_insert_with(|| Import {
            from,
            to,
            line,
            path: mention.path.join("::"),
        });
        if line < first.line {
            first.line = line;
            first.path = mention.path.join("::");
        }
    }
}

impl Import {
    /// The import as a finding shows it.
    pub(crate) fn line(&self, tree: &Tree) -> ImportLine {
        ImportLine {
            from: tree.path(self.from).to_owned(),
            line: self.line,
            path: self.path.clone(),
            to: tree.path(self.to).to_owned(),
        }
    }
}
