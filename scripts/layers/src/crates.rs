//! The direction between crates: each depends only on those in lower layers.

use std::path::Path;

use crate::declaration::Declaration;
use crate::finding::Finding;
use crate::workspace::Workspace;

/// The list of `layers.toml` that is checked here.
const LIST: &str = "crates";

/// Compares the crates' dependencies with the declared layers.
pub(crate) fn check(workspace: &Workspace, declaration: &Declaration) -> Vec<Finding> {
    let layers = &declaration.crates;
    let mut findings = Vec::new();
    for package in &workspace.packages {
        let folder = &package.folder;
        let Some(layer) = layers.of(folder) else {
            findings.push(Finding::Undeclared {
                place: Path::new(folder).join("Cargo.toml"),
                name: folder.clone(),
                list: LIST.to_owned(),
            });
            continue;
        };
        for dependency in &package.dependencies {
            // One without a layer is reported itself.
            if layers.of(dependency).is_some_and(|below| below >= layer) {
                findings.push(Finding::CrateUpward {
                    from: folder.clone(),
                    to: dependency.clone(),
                });
            }
        }
    }
    let exists = |name: &str| workspace.packages.iter().any(|it| it.folder == name);
    let named = layers.names().map(|name| (name, LIST));
    let lists = declaration
        .modules
        .keys()
        .map(|name| (name.as_str(), "modules"));
    for (name, list) in named.chain(lists) {
        if !exists(name) {
            findings.push(Finding::Unknown {
                name: name.to_owned(),
                list: list.to_owned(),
            });
        }
    }
    findings.extend(layers.repeated().map(|name| Finding::Repeated {
        name: name.to_owned(),
        list: LIST.to_owned(),
    }));
    findings
}
