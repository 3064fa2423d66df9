//! `peekaboo openapi`

use anyhow::Context as _;

use super::{failure::Failure, output::print};

pub(crate) fn run() -> Result<(), Failure> {
    let document = peekaboo_dashboard_api::openapi();
    let document = serde_json::to_string_pretty(&document).context("cannot write the document")?;
    Ok(print(&format!("{document}\n"))?)
}
