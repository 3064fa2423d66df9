//! What one module's source says, before any name is resolved: what it defines, imports and mentions.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, Meta, UseTree, Visibility};

use crate::mention::{Mention, name_of};
use crate::tokens;

/// What stands in a module.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// Names of its items.
    pub(crate) definitions: Vec<String>,
    /// Names of its `macro_rules!`, which are among the definitions too.
    pub(crate) macros: Vec<Macro>,
    /// What `use` brings into it, those within its functions included.
    pub(crate) uses: Vec<Use>,
    /// Paths in its code.
    pub(crate) mentions: Vec<Mention>,
    /// The modules that it declares.
    pub(crate) children: Vec<Child>,
}

/// A `macro_rules!`.
#[derive(Debug)]
pub(crate) struct Macro {
    pub(crate) name: String,
    /// Whether `#[macro_export]` makes it an item of the crate root.
    pub(crate) is_exported: bool,
}

/// One name, or all names of a module, that a `use` brings into scope.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) mention: Mention,
    /// What it is called here; none for `*`.
    pub(crate) name: Option<String>,
    /// Whether others see it: `pub use`, `pub(crate) use` and the like.
    pub(crate) is_reexport: bool,
}

/// A `mod` item.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) name: String,
    /// What stands between its braces, or none where it is a file.
    pub(crate) inline: Option<Source>,
    /// The value of `#[path]`.
    pub(crate) path: Option<String>,
}

impl Source {
    /// Reads the items of a module.
    pub(crate) fn of(items: &[Item]) -> Self {
        let mut source = Self::default();
        for item in items {
            source.definitions.extend(defined_name(item));
            source.visit_item(item);
        }
        source
    }

    fn mention(&mut self, path: &syn::Path, is_macro: bool) {
        let leading = path.leading_colon.as_ref().map(|_| String::new());
        let segments = path.segments.iter().map(|it| name_of(&it.ident));
        self.mentions.push(Mention {
            path: leading.into_iter().chain(segments).collect(),
            line: path.span().start().line,
            is_macro,
        });
    }

    fn scan(&mut self, tokens: &TokenStream) {
        self.mentions.extend(tokens::paths(tokens));
    }
}

/// Visits code, but for what is compiled into tests only.
macro_rules! unless_test {
    ($($visit:ident: $node:ident,)*) => {
        $(fn $visit(&mut self, node: &'ast syn::$node) {
            if !is_test(&node.attrs) {
                visit::$visit(self, node);
            }
        })*
    };
}

impl<'ast> Visit<'ast> for Source {
    unless_test! {
        visit_arm: Arm,
        visit_field: Field,
        visit_field_value: FieldValue,
        visit_impl_item_const: ImplItemConst,
        visit_impl_item_fn: ImplItemFn,
        visit_impl_item_type: ImplItemType,
        visit_item_const: ItemConst,
        visit_item_enum: ItemEnum,
        visit_item_fn: ItemFn,
        visit_item_impl: ItemImpl,
        visit_item_static: ItemStatic,
        visit_item_struct: ItemStruct,
        visit_item_trait: ItemTrait,
        visit_item_type: ItemType,
        visit_item_union: ItemUnion,
        visit_local: Local,
        visit_trait_item_fn: TraitItemFn,
        visit_variant: Variant,
    }

    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        if is_test(&node.attrs) {
            return;
        }
        self.children.push(Child {
            name: name_of(&node.ident),
            inline: node.content.as_ref().map(|(_, items)| Self::of(items)),
            path: node.attrs.iter().find_map(path_attribute),
        });
    }

    fn visit_item_use(&mut self, node: &'ast syn::ItemUse) {
        if is_test(&node.attrs) {
            return;
        }
        let leading = node.leading_colon.as_ref().map(|_| String::new());
        let prefix: Vec<String> = leading.into_iter().collect();
        let is_reexport = !matches!(node.vis, Visibility::Inherited);
        let leaves = leaves(&node.tree, &prefix);
        self.uses
            .extend(leaves.into_iter().map(|(mention, name)| Use {
                mention,
                name,
                is_reexport,
            }));
    }

    fn visit_item_macro(&mut self, node: &'ast syn::ItemMacro) {
        if is_test(&node.attrs) {
            return;
        }
        match &node.ident {
            Some(ident) => self.macros.push(Macro {
                name: name_of(ident),
                is_exported: node
                    .attrs
                    .iter()
                    .any(|it| it.path().is_ident("macro_export")),
            }),
            None => self.mention(&node.mac.path, true),
        }
        self.scan(&node.mac.tokens);
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        self.mention(&node.path, true);
        self.scan(&node.tokens);
    }

    fn visit_attribute(&mut self, node: &'ast Attribute) {
        if node.path().is_ident("doc") {
            return;
        }
        match &node.meta {
            Meta::Path(path) => self.mention(path, false),
            Meta::NameValue(pair) => visit::visit_expr(self, &pair.value),
            Meta::List(list) => {
                self.mention(&list.path, false);
                self.scan(&list.tokens);
                if list.path.is_ident("serde") {
                    // Such as `with = "crate::time::rfc3339"`.
                    self.mentions.extend(tokens::quoted_paths(&list.tokens));
                }
            }
        }
    }

    fn visit_path(&mut self, node: &'ast syn::Path) {
        self.mention(node, false);
        visit::visit_path(self, node);
    }

    /// `pub(in crate::shard)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// The paths of a `use`, each with the name that it gets; none for `*`.
fn leaves(tree: &UseTree, prefix: &[String]) -> Vec<(Mention, Option<String>)> {
    let with = |ident: &syn::Ident| -> Vec<String> {
        // `self` at the end of `a::{self}` is `a`.
        let own = (ident != "self" || prefix.is_empty()).then(|| name_of(ident));
        prefix.iter().cloned().chain(own).collect()
    };
    let leaf = |path: Vec<String>| Mention {
        path,
        line: tree.span().start().line,
        is_macro: false,
    };
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(&path.ident)),
        UseTree::Name(name) => {
            let mention = leaf(with(&name.ident));
            let name = mention.path.last().cloned();
            vec![(mention, name)]
        }
        UseTree::Rename(rename) => {
            let name = name_of(&rename.rename);
            vec![(leaf(with(&rename.ident)), Some(name))]
        }
        UseTree::Glob(_) => vec![(leaf(prefix.to_vec()), None)],
        UseTree::Group(group) => {
            let trees = group.items.iter();
            trees.flat_map(|tree| leaves(tree, prefix)).collect()
        }
    }
}

/// The name that an item gives its module. Modules and imports are not among these.
fn defined_name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(it) => &it.ident,
        Item::Enum(it) => &it.ident,
        Item::Fn(it) => &it.sig.ident,
        Item::Macro(it) => it.ident.as_ref()?,
        Item::Static(it) => &it.ident,
        Item::Struct(it) => &it.ident,
        Item::Trait(it) => &it.ident,
        Item::TraitAlias(it) => &it.ident,
        Item::Type(it) => &it.ident,
        Item::Union(it) => &it.ident,
        _ => return None,
    };
    Some(name_of(ident))
}

fn path_attribute(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(path),
            ..
        }) if pair.path.is_ident("path") => Some(path.value()),
        _ => None,
    }
}

/// Whether something is compiled into tests only: `#[test]`, `#[cfg(test)]`, or `#[cfg(all(test, …))]`.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => requires_test(list.tokens.clone()),
        _ => false,
    })
}

fn requires_test(condition: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = condition.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name)] => name == "test",
        [TokenTree::Ident(name), TokenTree::Group(all)] if name == "all" => {
            let all: Vec<TokenTree> = all.stream().into_iter().collect();
            all.split(|it| matches!(it, TokenTree::Punct(comma) if comma.as_char() == ','))
                .any(|part| requires_test(part.iter().cloned().collect()))
        }
        _ => false,
    }
}
