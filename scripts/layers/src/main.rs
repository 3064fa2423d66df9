//! Checks the workspace in the current directory against its `layers.toml`. Called by `make check`.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use peekaboo_layers::{Declaration, Error, Finding, Workspace, check};

fn main() -> ExitCode {
    match findings() {
        Ok(findings) if findings.is_empty() => ExitCode::SUCCESS,
        Ok(findings) => {
            for finding in &findings {
                say(finding);
            }
            say(
                "`Layers` in docs/architecture.md says what the layers are for and how to change them",
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            say(error);
            ExitCode::FAILURE
        }
    }
}

fn findings() -> Result<Vec<Finding>, Error> {
    let workspace = Workspace::read(Path::new(""))?;
    let declaration = Declaration::read(Path::new("layers.toml"))?;
    check(&workspace, &declaration)
}

#[allow(clippy::print_stdout, reason = "findings are what it is run for")]
fn say(line: impl Display) {
    println!("{line}");
}
