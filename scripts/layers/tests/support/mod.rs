//! Crates that tests write into a folder of their own.

use std::fs;
use std::path::PathBuf;

use peekaboo_layers::{Declaration, Package, Workspace, check};
use tempfile::TempDir;

/// A workspace with one crate in the folder `shop`.
pub(crate) struct Shop(TempDir);

impl Shop {
    /// Writes source files, whose names are relative to `shop/src`.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let shop = Self(folder);
        for (name, text) in files {
            shop.write(&format!("shop/src/{name}"), text);
        }
        shop
    }

    /// Writes a file anywhere in the workspace.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder is made");
        fs::write(path, text).expect("a file is written");
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// Checks the library with these layers of modules, as TOML.
    pub(crate) fn check(&self, modules: &str) -> Vec<String> {
        let declaration = format!("crates = [[\"shop\"]]\nmodules.shop = {modules}");
        let workspace = Workspace {
            packages: vec![Package {
                folder: "shop".to_owned(),
                roots: vec![self.path().join("shop/src/lib.rs")],
                dependencies: Vec::new(),
            }],
        };
        self.check_workspace(&workspace, &declaration)
    }

    /// Checks a workspace; its findings have paths relative to it.
    pub(crate) fn check_workspace(&self, workspace: &Workspace, declaration: &str) -> Vec<String> {
        let declaration = Declaration::parse(declaration).expect("a declaration");
        let findings = check(workspace, &declaration).expect("sources that can be read");
        let here = format!("{}/", self.path().display());
        findings
            .iter()
            .map(|finding| finding.to_string().replace(&here, ""))
            .collect()
    }
}
