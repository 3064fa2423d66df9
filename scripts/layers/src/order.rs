//! The order of a crate's modules: each imports only those in lower layers.
//!
//! What counts is the top-level module: `tenant/state.rs` has the layer of `tenant`. Within a folder there are no layers,
//! only no cycles.

use std::collections::BTreeSet;

use crate::declaration::Declaration;
use crate::finding::Finding;
use crate::imports::Imports;
use crate::tree::Tree;
use crate::workspace::Package;

/// Compares the modules that exist with those that have a layer.
pub(crate) fn check_declared(
    package: &Package,
    trees: &[Tree],
    declaration: &Declaration,
    findings: &mut Vec<Finding>,
) {
    let layers = declaration.modules.get(&package.folder);
    let list = format!("modules.\"{}\"", package.folder);
    let mut existing = BTreeSet::new();
    for (name, file) in trees.iter().flat_map(Tree::top_level) {
        if existing.insert(name) && layers.and_then(|it| it.of(name)).is_none() {
            findings.push(Finding::Undeclared {
                place: file.to_owned(),
                name: name.to_owned(),
                list: list.clone(),
            });
        }
    }
    let Some(layers) = layers else { return };
    for name in layers.names().filter(|name| !existing.contains(name)) {
        findings.push(Finding::Unknown {
            name: name.to_owned(),
            list: list.clone(),
        });
    }
    findings.extend(layers.repeated().map(|name| Finding::Repeated {
        name: name.to_owned(),
        list: list.clone(),
    }));
}

/// Compares the imports of a library or a binary with the layers of its modules.
pub(crate) fn check(
    package: &Package,
    tree: &Tree,
    imports: &Imports,
    declaration: &Declaration,
    findings: &mut Vec<Finding>,
) {
    let layers = declaration.modules.get(&package.folder);
    let layer_of = |name: &str| layers.and_then(|it| it.of(name));
    for import in imports.all() {
        let Some(from) = tree.top_of(import.from) else {
            continue;
        };
        let to = tree.top_of(import.to);
        if to == Some(from) {
            continue;
        }
        // A module without a layer is reported itself.
        let (Some(own), target) = (layer_of(from), to.map(layer_of)) else {
            continue;
        };
        let is_upward = match target {
            None => true,
            Some(None) => false,
            Some(Some(target)) => target >= own,
        };
        if is_upward {
            findings.push(Finding::Upward {
                import: import.line(tree),
                modules: (from.to_owned(), to.map(str::to_owned)),
                same_layer: target == Some(Some(own)),
            });
        }
    }
}
