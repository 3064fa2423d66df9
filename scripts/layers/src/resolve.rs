//! From a path in code to the file that defines what it names.

use std::collections::{HashMap, HashSet};

use crate::mention::Mention;
use crate::tree::{FileId, ModuleId, Tree};

/// What names mean in each module of a tree.
pub(crate) struct Resolver<'a> {
    tree: &'a Tree,
    scopes: HashMap<ModuleId, Scope<'a>>,
}

/// The names of one module.
#[derive(Default)]
struct Scope<'a> {
    names: HashMap<&'a str, Vec<Meaning<'a>>>,
    /// Modules of which every name is here, by their paths.
    globs: Vec<&'a [String]>,
}

impl<'a> Scope<'a> {
    fn define(&mut self, name: &'a str, meaning: Meaning<'a>) {
        self.names.entry(name).or_default().push(meaning);
    }
}

#[derive(Clone, Copy)]
enum Meaning<'a> {
    /// An item that this file defines.
    Item(FileId),
    Module(ModuleId),
    /// Whatever this path means.
    Import(&'a [String]),
}

/// What a path names. A name can be an item and a module at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Named {
    /// The file that defines the item.
    item: Option<FileId>,
    module: Option<ModuleId>,
    /// Whether it is something of another crate.
    is_foreign: bool,
}

impl Named {
    fn item(file: FileId) -> Self {
        Self {
            item: Some(file),
            ..Self::default()
        }
    }

    fn module(module: Option<ModuleId>) -> Self {
        Self {
            module,
            ..Self::default()
        }
    }

    fn is_known(self) -> bool {
        self.item.is_some() || self.module.is_some() || self.is_foreign
    }

    fn or(self, other: Self) -> Self {
        Self {
            item: self.item.or(other.item),
            module: self.module.or(other.module),
            is_foreign: self.is_foreign || other.is_foreign,
        }
    }
}

/// Names that are being looked up, so that imports in a circle end.
type Pending<'p> = HashSet<(ModuleId, &'p str)>;

impl<'a> Resolver<'a> {
    pub(crate) fn new(tree: &'a Tree) -> Self {
        let mut scopes: HashMap<ModuleId, Scope<'a>> = HashMap::new();
        for (id, module) in tree.modules() {
            let source = &module.source;
            let exported = source.macros.iter().filter(|it| it.is_exported);
            for exported in exported {
                let root = scopes.entry(Tree::ROOT).or_default();
                root.define(&exported.name, Meaning::Item(module.file));
            }
            let scope = scopes.entry(id).or_default();
            for name in &source.definitions {
                scope.define(name, Meaning::Item(module.file));
            }
            for (name, child) in &module.children {
                scope.define(name, Meaning::Module(*child));
            }
            for one in &source.uses {
                let path = one.mention.path.as_slice();
                match &one.name {
                    Some(name) => scope.define(name, Meaning::Import(path)),
                    None => scope.globs.push(path),
                }
            }
        }
        Self { tree, scopes }
    }

    /// The file that defines what a module mentions; none where that is a module or of another crate.
    pub(crate) fn file_of(&self, module: ModuleId, mention: &Mention) -> Option<FileId> {
        let named = self.follow(module, &mention.path, &mut HashSet::new());
        named.item.or_else(|| match mention.path.as_slice() {
            [name] if mention.is_macro => self.textual_macro(module, name),
            _ => None,
        })
    }

    /// What a path means in a module.
    fn follow<'p>(
        &'p self,
        module: ModuleId,
        path: &'p [String],
        pending: &mut Pending<'p>,
    ) -> Named {
        let Some((first, mut rest)) = path.split_first() else {
            return Named::default();
        };
        let mut named = match first.as_str() {
            "crate" => Named::module(Some(Tree::ROOT)),
            "self" => Named::module(Some(module)),
            "super" => {
                let mut parent = self.tree.module(module).parent;
                while let [first, others @ ..] = rest
                    && first == "super"
                {
                    parent = parent.and_then(|id| self.tree.module(id).parent);
                    rest = others;
                }
                Named::module(parent)
            }
            name => {
                let named = self.look_up(module, name, pending);
                if named.is_known() {
                    named
                } else {
                    Named {
                        is_foreign: true,
                        ..named
                    }
                }
            }
        };
        for name in rest {
            // Beyond an item are its variants and associated items.
            let Some(module) = named.module else { break };
            let next = self.look_up(module, name, pending);
            named = if next.is_known() {
                next
            } else {
                // A macro defines it, most likely in this module.
                Named::item(self.tree.module(module).file)
            };
        }
        named
    }

    /// What a name means in a module, without the prelude.
    fn look_up<'p>(&'p self, module: ModuleId, name: &'p str, pending: &mut Pending<'p>) -> Named {
        let Some(scope) = self.scopes.get(&module) else {
            return Named::default();
        };
        if !pending.insert((module, name)) {
            return Named::default();
        }
        let meanings = scope.names.get(name).into_iter().flatten();
        let mut named = meanings.fold(Named::default(), |named, meaning| {
            named.or(match meaning {
                Meaning::Item(file) => Named::item(*file),
                Meaning::Module(id) => Named::module(Some(*id)),
                Meaning::Import(path) => self.follow(module, path, pending),
            })
        });
        for glob in &scope.globs {
            if named.is_known() {
                break;
            }
            if let Some(all_of) = self.follow(module, glob, pending).module {
                named = self.look_up(all_of, name, pending);
            }
        }
        pending.remove(&(module, name));
        named
    }

    /// The file of a `macro_rules!` that is in scope because it stands in a module around this one.
    fn textual_macro(&self, module: ModuleId, name: &str) -> Option<FileId> {
        let mut next = Some(module);
        while let Some(id) = next {
            let around = self.tree.module(id);
            if around.source.macros.iter().any(|it| it.name == name) {
                return Some(around.file);
            }
            next = around.parent;
        }
        None
    }
}
