//! Checks the structure that `layers.toml` declares: crates and modules import only what lies below them, and no two
//! files of a crate import each other, directly or through others.
//!
//! It reads the source of every library and binary of the workspace, resolves each path in it to the file that defines
//! the name, and compares these imports with the declared layers. Names are followed through re-exports, so
//! `use crate::Attribution` imports the file that defines `Attribution`, not `lib.rs`. A module that only re-exports its
//! children does not import them. Code under `#[cfg(test)]` is exempt, as are `tests`, `benches` and `examples`.
//!
//! It does not know types: a call of a method imports nothing, while the path that names its type does.

mod crates;
mod cycles;
mod declaration;
mod error;
mod finding;
mod imports;
mod mention;
mod order;
mod resolve;
mod source;
mod tokens;
mod tree;
mod workspace;

pub use declaration::Declaration;
pub use error::Error;
pub use finding::Finding;
pub use workspace::{Package, Workspace};

use crate::imports::Imports;
use crate::tree::Tree;

/// Returns everything in the workspace that does not follow the declaration.
///
/// # Errors
///
/// When a source file cannot be read or parsed.
pub fn check(workspace: &Workspace, declaration: &Declaration) -> Result<Vec<Finding>, Error> {
    let mut findings = crates::check(workspace, declaration);
    for package in &workspace.packages {
        let mut trees = Vec::new();
        for root in &package.roots {
            trees.push(Tree::read(root)?);
        }
        order::check_declared(package, &trees, declaration, &mut findings);
        for tree in &trees {
            let imports = Imports::of(tree);
            order::check(package, tree, &imports, declaration, &mut findings);
            cycles::check(tree, &imports, &mut findings);
        }
    }
    Ok(findings)
}
