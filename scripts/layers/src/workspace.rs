//! The crates of the workspace, as Cargo describes them.

use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, TargetKind};

use crate::Error;

/// The crates to check.
#[derive(Debug)]
pub struct Workspace {
    /// Every member, by folder.
    pub packages: Vec<Package>,
}

/// One crate.
#[derive(Debug)]
pub struct Package {
    /// Where it is, relative to the workspace: `sdk/flags`.
    pub folder: String,
    /// The root files of its library and binaries, relative to the current directory.
    pub roots: Vec<PathBuf>,
    /// The folders of members that it is built with; those that only tests use are left out.
    pub dependencies: Vec<String>,
}

impl Workspace {
    /// Asks Cargo for the workspace in a folder.
    ///
    /// # Errors
    ///
    /// When Cargo cannot read its manifests.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let metadata = MetadataCommand::new()
            .manifest_path(folder.join("Cargo.toml"))
            .no_deps()
            .exec()?;
        let root = &metadata.workspace_root;
        let relative = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_owned();
        let packages = metadata.workspace_packages().into_iter().map(|package| {
            let targets = package.targets.iter().filter(|target| {
                let built = |kind: &TargetKind| matches!(kind, TargetKind::Lib | TargetKind::Bin);
                target.kind.iter().any(built)
            });
            let dependencies = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .filter_map(|dependency| dependency.path.as_ref());
            Package {
                folder: package
                    .manifest_path
                    .parent()
                    .map_or_else(String::new, |it| {
                        relative(it.as_std_path()).display().to_string()
                    }),
                roots: targets
                    .map(|target| folder.join(relative(target.src_path.as_std_path())))
                    .collect(),
                dependencies: dependencies
                    .map(|path| relative(path.as_std_path()).display().to_string())
                    .collect(),
            }
        });
        let mut packages: Vec<Package> = packages.collect();
        packages.sort_by(|a, b| a.folder.cmp(&b.folder));
        Ok(Self { packages })
    }
}
