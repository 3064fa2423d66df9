//! Makes the crate build before the dashboard does, and again after the dashboard did.

use std::{env, fs, path::Path};

/// What `npm run build` writes and the binary carries, from this crate's directory.
const BUILT: [&str; 3] = [
    "../ui/dist",
    "../examples/storefront/dist",
    "../sdk/js/dist",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let embeds = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    for folder in BUILT {
        // The files are looked for under the folder's real path, which must exist to be known.
        if let Err(error) = fs::create_dir_all(Path::new(folder)) {
            println!("cargo::error=cannot make {folder}: {error}");
        }
        // Debug builds read the files from disk while running and need no rebuilding for them.
        if embeds {
            println!("cargo::rerun-if-changed={folder}");
        }
    }
}
